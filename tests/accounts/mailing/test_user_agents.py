"""Browsers are named in our own words, whatever the header says."""

import pytest

from sensorfusion.accounts.mailing.user_agents import described, without_versions

FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:145.0) Gecko/20100101 Firefox/145.0"


@pytest.mark.parametrize(
    ("header", "name"),
    [
        (FIREFOX, "Firefox on Linux"),
        (
            "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/142.0 Safari/537.36",
            "Chrome on Windows",
        ),
        ("Mozilla/5.0 (Windows NT 10.0) Chrome/142.0 Safari/537.36 Edg/142.0", "Edge on Windows"),
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 18_6 like Mac OS X) Version/18.6 Safari/604.1", "Safari on an iPhone"),
        ("Mozilla/5.0 (Linux; Android 15) Chrome/142.0 Mobile Safari/537.36", "Chrome on Android"),
        ("curl/8.14.1", "curl"),
        ("", "an unknown browser"),
        ("Your account is locked, call +1 555 0100 or see http://evil.example", "an unknown browser"),
    ],
)
def test_browser_and_system_are_named(header: str, name: str) -> None:
    assert described(header) == name


def test_an_update_of_a_browser_makes_it_no_other_one() -> None:
    assert without_versions(FIREFOX) == without_versions(FIREFOX.replace("145.0", "146.0.1"))
    assert without_versions(FIREFOX) != without_versions(FIREFOX.replace("Firefox", "Chrome"))


def test_only_the_beginning_of_a_header_counts() -> None:
    assert len(without_versions("x" * 100_000)) == 500
