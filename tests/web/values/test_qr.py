"""QR codes of links: another implementation reads what was written."""

import pytest

from sensorfusion.sharing.tokens import token_of
from sensorfusion.web.values.qr import QUIET, code_of
from tests.web.values.qr_reader import read

HOSTS = ["http://a.de", "http://127.0.0.1:8000", "https://sensors.example.org", "https://example.org/" + "deep/" * 20]


@pytest.mark.parametrize("host", HOSTS)
@pytest.mark.parametrize("seed", [b"", b"\xff" * 16, b"another seed"])
def test_a_code_is_read_back_as_its_link(host: str, seed: bytes) -> None:
    link = f"{host}/s/{token_of(seed)}/"

    assert read(code_of(link)) == link


def test_a_code_has_the_white_around_it_that_cameras_need() -> None:
    code = code_of("https://sensors.example.org/")

    assert code.side == 29 + 2 * QUIET  # version 3 with four modules on each side
    assert code.path.startswith(f"M{QUIET} {QUIET}h7v1h-7z")  # the first line of the upper left finder
