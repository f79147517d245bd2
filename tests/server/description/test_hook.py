"""Doors and probes are in the document, and answer as it says: requests of every client, valid and not, are sent."""

import re
from collections.abc import AsyncIterator, Mapping
from datetime import timedelta
from functools import cache
from pathlib import Path
from typing import Any

import httpx2
import pytest
import yaml
from channels.routing import URLRouter
from django.urls import re_path
from jsonschema import Draft202012Validator  # type: ignore[import-untyped]

from sensorfusion.clock import utc_now
from sensorfusion.ingest.doors.consoles.catalogue import console_doors
from sensorfusion.ingest.doors.platforms import platform_doors
from sensorfusion.ingest.doors.readings import ReadingsDoor
from sensorfusion.server.health import Health
from tests.cases.doors import EXAMPLES, Ask, Example, Reading, Who
from tests.ingest.conftest import MAX_BODY_BYTES, Server, key, server

__all__ = ["key", "server"]  # fixtures
pytestmark = pytest.mark.django_db(transaction=True)
ROOT = Path(__file__).parents[3]
HTTP = [each for each in EXAMPLES if each.way == "http"]
WRONG = "sf_zzzzzzzz-" + "x" * 32


@cache
def document() -> Any:
    return yaml.safe_load((ROOT / "docs" / "openapi.yaml").read_text(encoding="utf-8"))


def assert_described(method: str, path: str, answer: httpx2.Response) -> None:
    """Fail unless a status, its content type, its headers and its body are as they are described."""
    operation = operation_of(method, path.partition("?")[0])
    assert str(answer.status_code) in operation["responses"], (method, path, answer.status_code, answer.text)
    said = operation["responses"][str(answer.status_code)]
    content = said.get("content", {})
    if answer.content:
        kind = answer.headers["content-type"]
        assert kind in content, (method, path, answer.status_code, kind)
        if kind == "application/json":
            check(content[kind]["schema"], answer.json())
    named = {name for name in ("retry-after", "www-authenticate", "x-reason") if name in answer.headers}
    assert named <= set(said.get("headers", {})), (method, path, answer.status_code)


def check(schema: Mapping[str, Any], body: Any) -> None:
    whole = {**schema, "components": document()["components"]}
    assert [error.message for error in Draft202012Validator(whole).iter_errors(body)] == [], body


def operation_of(method: str, path: str) -> Any:
    """Return the operation of the first address that a path fits, the ones without variables first."""
    paths = sorted(document()["paths"], key=lambda each: each.count("{"))
    pattern = next(each for each in paths if re.fullmatch(re.sub(r"\{\w+\}", "[^/]+", each).rstrip("/") + "/?", path))
    return document()["paths"][pattern][method.lower()]


@pytest.fixture
async def client(server: Server) -> AsyncIterator[httpx2.AsyncClient]:
    found = [
        (r"^api/v1/readings/?$", ReadingsDoor(server.pipeline, max_body_bytes=MAX_BODY_BYTES)),
        *console_doors(server.ingest, max_body_bytes=MAX_BODY_BYTES),
        *platform_doors(server.ingest, max_body_bytes=MAX_BODY_BYTES),
    ]
    routes: list[Any] = [re_path(pattern, door) for pattern, door in found]
    transport = httpx2.ASGITransport(app=URLRouter(routes))
    async with httpx2.AsyncClient(transport=transport, base_url="http://sensors.test") as client:
        yield client
    await server.ingest.unclaimed_consoles.stop()


def asks(example: Example, server: Server) -> list[Ask]:
    """Return requests that are stored, partly stored, refused for their values, and refused for their key or form."""
    at = utc_now().replace(microsecond=0) - timedelta(minutes=5)
    good, bad = {"temperature": 20.0}, {"temperature": 4_000.0}
    readings = [[Reading(at, good)], [Reading(at, {**good, "humidity": 4_000.0})], [Reading(at, bad)]]
    if example.most > 1:
        readings.append([Reading(at - timedelta(minutes=1), good), Reading(at - timedelta(minutes=2), bad)])
    right, wrong = (Who(key, "u", "s", zone()) for key in (server.key, WRONG))
    sent = [example.encode(each, right) for each in readings]
    unreadable = Ask(sent[0].path, b"\xff{", headers=sent[0].headers)
    broken = Ask(sent[0].path, sent[0].body, headers={**sent[0].headers, "content-encoding": "gzip"})
    large = Ask(sent[0].path, b"x" * (MAX_BODY_BYTES + 1), headers=sent[0].headers)
    return [*sent, example.encode(readings[0], wrong), unreadable, broken, large]


def zone() -> Any:
    from zoneinfo import ZoneInfo

    return ZoneInfo("UTC")


@pytest.mark.parametrize("example", HTTP, ids=[each.name for each in HTTP])
async def test_doors_answer_as_they_are_described(example: Example, client: httpx2.AsyncClient, server: Server) -> None:
    statuses = set()
    for ask in asks(example, server):
        answer = await client.request(ask.method, ask.path, content=ask.body, headers=dict(ask.headers))
        assert_described(ask.method, ask.path, answer)
        statuses.add(answer.status_code // 100)

    assert statuses >= {2, 4}


async def test_addresses_without_readings_answer_as_they_are_described(
    client: httpx2.AsyncClient, server: Server
) -> None:
    attributes = f"/api/v1/{server.key}/attributes"
    asked = [
        *(("GET", path) for path in (attributes, f"/api/v1/{WRONG}/attributes", "/ping", "/health")),
        *(("GET", path) for path in ("/query?q=SHOW DATABASES", "/query?q=SELECT", "/query")),
    ]
    for method, path in asked:
        assert_described(method, path, await client.request(method, path))
    for content in (b'{"firmware": "1"}', b"[]", b"{", b"x" * 20_000):
        assert_described("POST", attributes, await client.post(attributes, content=content))
        assert_described("POST", "/query", await client.post("/query", content=content))


@pytest.mark.parametrize("path", ["/healthz", "/readyz", "/metrics"])
async def test_probes_answer_as_they_are_described(server: Server, path: str) -> None:
    from sensorfusion.server.metrics import Metrics
    from sensorfusion.server.readiness import Readiness

    readiness = Readiness(server.ingest.pool, server.listener, server.ingest.writer)
    health = Health(readiness=readiness, metrics=Metrics(), metrics_token="x" * 20)
    for address in ("127.0.0.1", "192.0.2.1"):
        for shown in ("", "Bearer wrong", "Bearer " + "x" * 20):
            transport = httpx2.ASGITransport(app=health, client=(address, 1))
            async with httpx2.AsyncClient(transport=transport, base_url="http://localhost") as client:
                answer = await client.get(path, headers={"authorization": shown} if shown else {})
            assert_described("GET", path, answer)


def test_every_operation_of_a_door_has_a_summary_a_security_and_several_answers() -> None:
    operations = [
        operation
        for methods in document()["paths"].values()
        for operation in methods.values()
        if {"doors", "probes"}.intersection(operation["tags"])
    ]

    assert len(operations) > 50
    for operation in operations:
        assert operation["summary"]
        assert operation["security"]
        assert operation["responses"]
    assert len({operation["operationId"] for operation in operations}) == len(operations)
