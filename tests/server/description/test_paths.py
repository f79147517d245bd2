"""The addresses that are described are those that are served, in both directions."""

import re
from typing import Any

import pytest
from django.urls import get_resolver

from sensorfusion.server.asgi import build
from sensorfusion.server.description.paths import addresses, described
from sensorfusion.server.process import Process
from tests.security.test_sight import ours

# What need not be described, and why.
ELSEWHERE = {
    r"^ws/(?:live|ingest)/?$": "docs/asyncapi.yaml describes the sockets",
    r"^(?:api|clients|data)/": "Django's, below",
    r"^[sp]/[^/]{1,80}/(?:latest|series)/": "Django's: docs/sharing.md",
    r"^s/(?P<token>[^/]{1,80})/events/?$": "of links: docs/sharing.md",
    r"^p/(?P<token>[^/]{1,80})/events/?$": "of pages of sites: docs/sharing.md",
    r"": "pages, whose forms are for people",
}
OF_DJANGO = {
    "api/schema/": "the description itself",
    "api/docs/": "shows the description",
    "api/docs": "shows the description",
    "api/redoc/": "shows the description",
    "api/redoc": "shows the description",
}
SAMPLES = {"key": "sf_aaaaaaaa-" + "x" * 32, "token": "sf_aaaaaaaa-" + "x" * 32}


def routes() -> list[Any]:
    found: list[Any] = build(Process()).application_mapping["http"].routes
    return [route.pattern.regex for route in found]


def filled(path: str) -> str:
    return re.sub(r"\{(\w+)\}", lambda variable: SAMPLES.get(variable[1], "x"), path).lstrip("/")


def test_every_route_of_the_application_is_described_and_nothing_else() -> None:
    every = routes()
    doors = [path for path, _ in described() if not re.match(r"/api/v1/provision/|/data/3.0/stations/", path)]
    reached = {next(each.pattern for each in every if each.match(filled(path))) for path in doors}

    assert reached == {each.pattern for each in every} - ELSEWHERE.keys()


def test_every_address_of_django_that_programs_use_is_described() -> None:
    from drf_spectacular.generators import SchemaGenerator

    generator: Any = SchemaGenerator
    paths = generator().get_schema(public=True)["paths"]
    shapes = {re.sub(r"\{\w+\}", "{}", path) for path in paths}
    programs = {route for route in ours() if route.startswith(("api/", "data/"))} - OF_DJANGO.keys()

    assert {f"/{route}" for route in programs if re.sub("<[^>]*>", "{}", f"/{route}") not in shapes} == set()


def test_every_described_address_of_django_is_served() -> None:
    uuid = "6f1c0b1e-7b0a-4f7e-9a53-1f0f6a0f2a11"
    for path, _ in described():
        if path.endswith(("provision/", "stations/", "/{uuid}/")):
            assert get_resolver().resolve(re.sub(r"\{\w+\}", uuid, path)).url_name != "not-found"


@pytest.mark.parametrize(
    ("pattern", "expected"),
    [
        (r"^api/v1/readings/?$", ["/api/v1/readings"]),
        (
            r"^(?:in/(?P<key>[^/]+)/)?data/report(?P<glued>.*)$",
            ["/data/report", "/data/report/{key}", "/in/{key}/data/report"],
        ),
        (r"^api/v1/(?!(?:auth|docs)/)(?P<token>[^/]+)/telemetry/?$", ["/api/v1/{token}/telemetry"]),
        (r"^in/(?:(?P<key>sf_[\w-]+)/)?ttn(?:/[\w/-]*)?$", ["/in/ttn", "/in/{key}/ttn"]),
    ],
)
def test_addresses_are_read_from_patterns(pattern: str, expected: list[str]) -> None:
    assert list(addresses(pattern)) == expected


def test_no_pattern_has_alternatives_which_would_hide_addresses() -> None:
    assert all(list(addresses(each.pattern)) for each in routes() if each.pattern not in ELSEWHERE)
    assert list(addresses("^(?:a|b)$")) == ["/"]


def test_methods_are_those_that_are_accepted() -> None:
    by_path = dict(described())

    assert set(by_path["/api/v1/readings"]) == {"POST"}
    assert set(by_path["/api/v1/{token}/attributes"]) == {"GET", "POST"}
    assert set(by_path["/readyz"]) == {"GET", "HEAD"}
    assert set(by_path["/data/3.0/stations/{uuid}/"]) == {"GET", "PUT", "DELETE"}
