"""Weather consoles cannot use TLS: both proxies serve every console door on port 80, and nothing else."""

import re
from pathlib import Path

import pytest

from sensorfusion.ingest.doors.consoles.catalogue import CONSOLES

ROOT = Path(__file__).parents[2] / "deploy"
ADDRESSES = [f"/{console.marker}" for console in CONSOLES] + ["/in/sf_x/data/report/", "/api/v1/submitwx"]


def let_in(proxy: str) -> re.Pattern[str]:
    [pattern] = re.findall(r"(\^/\(in\|\S+)", (ROOT / proxy).read_text())
    return re.compile(pattern)


@pytest.mark.parametrize("proxy", ["nginx.conf", "Caddyfile"])
def test_every_consoles_address_is_answered_without_tls(proxy: str) -> None:
    assert [address for address in ADDRESSES if not let_in(proxy).match(address)] == []


@pytest.mark.parametrize("proxy", ["nginx.conf", "Caddyfile"])
@pytest.mark.parametrize("address", ["/", "/sign-in/", "/api/v1/readings", "/index", "/database", "/admin/"])
def test_nothing_else_is(proxy: str, address: str) -> None:
    assert not let_in(proxy).match(address)
