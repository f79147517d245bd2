"""PUBLIC_URL: which addresses can be served, and which paths are taken by our own."""

import re

import pytest
from django.urls import URLPattern, get_resolver

from sensorfusion.config.env import BadEnvironment, read
from sensorfusion.config.public_url import OUR_FIRST_WORDS, checked, path_of
from sensorfusion.ingest.doors.consoles.catalogue import CONSOLES
from sensorfusion.ingest.doors.platforms import PROTOCOLS


@pytest.mark.parametrize(
    "url",
    [
        "https://sensors.example.org", "https://sensors.example.org/", "http://192.168.1.5:8000/sf", "https://[::1]/sf/",
        "https://example.org/tools/sensor-fusion_2.1~x",
    ],
)  # fmt: skip
def test_address_with_or_without_a_path_can_be_served(url: str) -> None:
    assert checked(url) == url
    assert read({"PUBLIC_URL": url}).public_url == url


@pytest.mark.parametrize(
    ("url", "why"),
    [
        ("https:///sf", "invalid host"),
        ("https://[/sf", ""),
        ("https://example.org/sf?x=1", "more than a host, a port and a path"),
        ("https://example.org//sf", "single slashes"),
        ("https://example.org/a/../sf", "single slashes"),
        ("https://example.org/s f", "single slashes"),
        ("https://example.org/%73f", "single slashes"),
        ("https://example.org/<b>", "single slashes"),
        ("https://example.org/sensors", "begin with /sensors"),
        ("https://example.org/api/sf/", "begin with /api"),
    ],
)
def test_address_that_cannot_be_served_ends_the_start_with_one_line(url: str, why: str) -> None:
    with pytest.raises(BadEnvironment) as refused:
        read({"PUBLIC_URL": url})

    assert why in str(refused.value)
    assert str(refused.value).startswith("PUBLIC_URL ")
    assert "\n" not in str(refused.value)


def test_path_has_no_slash_at_the_end() -> None:
    assert [path_of(f"https://example.org{path}") for path in ("", "/", "/sf", "/sf/")] == ["", "", "/sf", "/sf"]


def test_first_words_of_all_our_addresses_are_known() -> None:
    routes = [str(each.pattern) for each in get_resolver().url_patterns if isinstance(each, URLPattern)]
    routes += [_first_route(each) for each in get_resolver().url_patterns if not isinstance(each, URLPattern)]
    included = {name for each in get_resolver().url_patterns for name in _names(each)}
    doors = [pattern for console in CONSOLES for pattern in console.patterns] + [pattern for pattern, _ in PROTOCOLS]

    firsts = {route.removeprefix("^").partition("/")[0].removesuffix("(?:") for route in (*routes, *included) if route}
    assert firsts <= OUR_FIRST_WORDS
    assert {_first_word(pattern) for pattern in doors} <= OUR_FIRST_WORDS


def _first_route(included: object) -> str:
    return str(getattr(included, "pattern", ""))


def _names(included: object) -> list[str]:
    """The routes of what is included at the root of the site."""
    if str(getattr(included, "pattern", "x")):
        return []
    return [str(each.pattern) for each in getattr(included, "url_patterns", ())]


def _first_word(pattern: str) -> str:
    bare = pattern.replace(r"^(?:in/(?P<key>[^/]+)/)?", "").lstrip("^").replace("(api/v2/)?", "")
    found = re.match(r"[\w-]+", bare)
    assert found, pattern
    return found[0]
