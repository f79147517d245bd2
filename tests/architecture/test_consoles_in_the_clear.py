"""Weather consoles cannot use TLS: both proxies serve every console door on port 80, and nothing else."""

import re
from pathlib import Path

import pytest

from sensorfusion.ingest.doors.consoles.catalogue import CONSOLES
from sensorfusion.ingest.doors.platforms import PROTOCOLS, TOKEN
from tests.security.test_sight import everywhere

ROOT = Path(__file__).parents[2] / "deploy"
ADDRESSES = [f"/{console.marker}" for console in CONSOLES] + ["/in/sf_x/data/report/", "/api/v1/submitwx"]


def let_in(proxy: str) -> re.Pattern[str]:
    [pattern] = re.findall(r"(\^/\(in/\S+)", (ROOT / proxy).read_text())
    return re.compile(pattern)


@pytest.mark.parametrize("proxy", ["nginx.conf", "Caddyfile"])
def test_every_consoles_address_is_answered_without_tls(proxy: str) -> None:
    assert [address for address in ADDRESSES if not let_in(proxy).match(address)] == []


@pytest.mark.parametrize("proxy", ["nginx.conf", "Caddyfile"])
def test_no_page_and_no_other_door_is(proxy: str) -> None:
    """Other doors carry an operator's token or a key in a header, and their devices know TLS."""
    pages = [f"/{route}" for route, _, _ in everywhere()]
    doors = [f"/{plain(pattern)}" for pattern, _ in PROTOCOLS]
    others = ["/", "/sign-in/", "/api/v1/readings", "/index", "/database", "/admin/", "/data/3.0/stations"]

    assert [address for address in (*pages, *doors, *others) if let_in(proxy).match(address)] == []


def plain(pattern: str) -> str:
    """Return a path that the pattern of a door matches."""
    keyed = pattern.replace(TOKEN, "T1").replace(r"(?:(?P<key>sf_[\w-]+)/)?", "")
    return re.sub(r"\^|\$|/\?|\([^)]*\)\??|\[[^]]*\]\+?|\\", lambda found: "/" if found[0] == "/?" else "", keyed)
