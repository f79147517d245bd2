"""No text or number that a client sends makes a 500: every operation of the API, every parameter and every property."""

import json
from collections.abc import Iterator
from functools import cache
from typing import Any

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from sensorfusion.sensors.models import Sensor
from tests.clients import NOW, client_of
from tests.conftest import Cast
from tests.operations import is_view
from tests.storing import store

pytestmark = pytest.mark.django_db

TEXTS = [
    "\0",
    "a\0b",
    "\ud800",
    "\u202e",
    "\n",
    "x" * 100_000,
    "1e308",
    "-1e308",
    "1e400",
    "9" * 400,
    "NaN",
    "-inf",
    "",
]
VALUES: list[Any] = [*TEXTS, 1e308, -1e308, 2**31, 2**63, 2**64, 10**300, -1, 0, None, True, [], {}, ["\0"], {"\0": 1}]
# Python writes these as JSON has them not; clients do too.
RAW = [b'{"%s": 1e400}', b'{"%s": Infinity}', b'{"%s": "\\ud800"}', b'{"%s": {"\\u0000": 1}}', b'{"%s": "\xff"}']
DEEP = b"[" * 100_000


@cache
def described() -> dict[str, Any]:
    from drf_spectacular.generators import SchemaGenerator

    generator: Any = SchemaGenerator
    return dict(generator().get_schema(request=None, public=True))


def operations() -> Iterator[tuple[str, str, dict[str, Any]]]:
    for path, methods in sorted(described()["paths"].items()):
        for method, operation in methods.items():
            if is_view(operation):
                yield path, method, operation


def address(path: str, cast: Cast) -> str:
    site = path.startswith("/api/v1/sites/")
    path = path.replace("{id}", str(cast.site.uuid if site else cast.sensor.uuid), 1)
    for name in ("{prefix}", "{id}", "{operator}", "{source}", "{member}"):
        path = path.replace(name, str(cast.member.uuid))
    return path


def properties(operation: dict[str, Any]) -> list[str]:
    content = operation.get("requestBody", {}).get("content", {}).get("application/json", {})
    name = content.get("schema", {}).get("$ref", "").rpartition("/")[2]
    return list(described()["components"]["schemas"].get(name, {}).get("properties", {}))


OPERATIONS = list(operations())
IDS = [f"{method} {path}" for path, method, _ in OPERATIONS]


@pytest.fixture
def program(cast: Cast) -> Client:
    store(Sensor.objects.get(pk=cast.sensor.pk), [(NOW, {"temperature": 20.0})])
    program: Any = client_of(cast.owner)
    program.raise_request_exception = False
    return program  # type: ignore[no-any-return]  # a client of Django's


def failed(answers: Iterator[tuple[object, Any]]) -> list[object]:
    return [what for what, answer in answers if answer.status_code >= 500]


@pytest.mark.parametrize(("path", "method", "operation"), OPERATIONS, ids=IDS)
def test_query_parameters(cast: Cast, program: Client, path: str, method: str, operation: dict[str, Any]) -> None:
    names = [each["name"] for each in operation.get("parameters", []) if each["in"] == "query"]

    def ask() -> Iterator[tuple[object, Any]]:
        for name in names or ["any"]:
            for text in TEXTS:
                query = {name: text.encode("utf-8", "surrogatepass")}
                yield (name, text[:20]), program.generic(method.upper(), address(path, cast), query_params=query)

    if method in ("get", "head"):
        assert failed(ask()) == []
        refused = program.get(address(path, cast), {"any": "\0"})
        assert (refused.status_code, refused.json()["code"]) == (400, "not_storable")


@pytest.mark.parametrize(("path", "method", "operation"), OPERATIONS, ids=IDS)
def test_bodies(cast: Cast, program: Client, path: str, method: str, operation: dict[str, Any]) -> None:
    def send(body: bytes) -> Any:
        return program.generic(method.upper(), address(path, cast), body, content_type="application/json")

    def ask() -> Iterator[tuple[object, Any]]:
        for name in properties(operation):
            for value in VALUES:
                yield (name, str(value)[:20]), send(json.dumps({name: value}).encode())
            for raw in RAW:
                yield (name, raw), send(raw % name.encode())
        for body in (b"", b"\0", b"null", b"[]", b'"\\u0000"', b"\xff", DEEP):
            yield body[:20], send(body)

    if method not in ("get", "head") and "requestBody" in operation:
        assert failed(ask()) == []


def routes(resolver: URLResolver | None = None, before: str = "/") -> Iterator[str]:
    for each in (resolver or get_resolver()).url_patterns:
        path = before + str(each.pattern).lstrip("^").rstrip("$")
        if isinstance(each, URLPattern):
            yield path
        else:
            yield from routes(each, path)


BAD_IDS = [
    "%00",
    "a%00b",
    "%ED%A0%80",
    "%FF",
    "x" * 5000,
    "0",
    "-1",
    "..%2F..",
    "{}",
    "ſ",
    "6F1C0B1E7B0A4F7E9A531F0F6A0F2A11",
]


def test_ids_in_paths_of_all_routes(cast: Cast, program: Client) -> None:
    page = Client(raise_request_exception=False)
    page.force_login(cast.owner)
    asked = 0
    for route in sorted(set(routes())):
        parts = route.split("/")
        for place in (number for number, part in enumerate(parts) if "<" in part or "(" in part):
            for bad in BAD_IDS:
                path = "/".join([*parts[:place], bad, *parts[place + 1 :]]).replace("\\Z", "")
                for client in (program, page):
                    asked += 1
                    assert client.get(path).status_code < 500, path
    assert asked > 500


@pytest.mark.parametrize("name", ["a\tb", "a\nb", "\u202eb", "a\u200bb"])
@pytest.mark.parametrize("what", ["sites", "sensors"])
def test_names_are_plain(cast: Cast, program: Client, what: str, name: str) -> None:
    uuid = cast.site.uuid if what == "sites" else cast.sensor.uuid
    made = program.post(f"/api/v1/{what}/", {"name": name}, content_type="application/json")
    changed = program.patch(f"/api/v1/{what}/{uuid}/", {"name": name}, content_type="application/json")

    assert (made.status_code, changed.status_code) == (400, 400)
    assert list(changed.json()["fields"]) == ["name"]
