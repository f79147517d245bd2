"""The addresses of other platforms and our own do not shadow one another."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.urls import URLPattern, URLResolver, get_resolver

from sensorfusion.ingest.doors.platforms import PROTOCOLS, TOKEN
from sensorfusion.sensors.keys.secrets import make_key
from sensorfusion.server.asgi import build
from sensorfusion.server.process import Process


def test_no_address_of_ours_can_be_taken_for_an_access_token() -> None:
    first_words = {
        re.match(r"[\w-]*", route.removeprefix("api/v1/"))[0]  # type: ignore[index]  # it matches nothing at least
        for route in routes(get_resolver().url_patterns)
        if route.startswith("api/v1/")
    }

    assert len(first_words) > 3
    for word in {*first_words, "readings", "senml"} - {""}:
        assert not re.fullmatch(rf"{TOKEN}/telemetry", f"{word}/telemetry"), word


def test_a_key_is_always_taken_for_one() -> None:
    assert re.fullmatch(rf"{TOKEN}/telemetry", f"{make_key()[1]}/telemetry")


@pytest.mark.parametrize(
    "address",
    [
        "api/v1/sensors/telemetry",
        "api/v1/x/rpc",
        "api/v1/telemetry",
        "api/v2/",
        "in/ttn2",
        "updates",
        "data/3.0/x",
        "write/x",
    ],
)
def test_what_is_nobodys_address_stays_unknown(address: str) -> None:
    found = [route for route in build(Process()).application_mapping["http"].routes if route.pattern.match(address)]

    # Django, in front of which sites of other origins may be let in, see `server.cross_origin`.
    assert [
        route.pattern.regex.pattern for route in found if route.pattern.regex.pattern != "^(?:api|clients|data)/"
    ] == [""]


def test_every_address_has_one_door() -> None:
    assert len({pattern for pattern, _ in PROTOCOLS}) == len(PROTOCOLS)


def routes(patterns: Any, before: str = "") -> Iterator[str]:
    for pattern in patterns:
        if isinstance(pattern, URLResolver):
            yield from routes(pattern.url_patterns, before + str(pattern.pattern))
        elif isinstance(pattern, URLPattern):
            yield before + str(pattern.pattern)
