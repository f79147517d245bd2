"""Origins in one form."""

import pytest

from sensorfusion.domain.origins import normal, origin_of


@pytest.mark.parametrize(
    ("origin", "expected"),
    [
        ("https://dash.example.org", "https://dash.example.org"),
        ("HTTPS://Dash.Example.org:443", "https://dash.example.org"),
        ("http://dash.example.org:80", "http://dash.example.org"),
        ("http://dash.example.org:443", "http://dash.example.org:443"),
        ("http://[2001:DB8::1]:8000", "http://[2001:db8::1]:8000"),
        ("https://dash.example.org/", ""),
        ("https://ada@dash.example.org", ""),
        ("https://dash.example.org:99999", ""),
        ("https://[", ""),
        ("https://", ""),
        ("dash.example.org", ""),
        ("ftp://dash.example.org", ""),
        ("null", ""),
        ("", ""),
    ],
)
def test_origin_has_one_form(origin: str, expected: str) -> None:
    assert normal(origin) == expected


def test_origin_of_an_address_leaves_out_its_path() -> None:
    assert origin_of("https://Example.org:8443/sf") == "https://example.org:8443"
    assert origin_of("") == ""
