"""Hostile input at every door: it is answered with a reason, never stored, and handled in bounded memory.

The doors are taken from the application's routes, so that a new one is tested from its first day.
"""

import asyncio
import gzip
import json
import math
import tracemalloc
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import quote

import pytest
from django.db import connections
from django.urls import URLPattern
from hypothesis import given, settings
from hypothesis import strategies as st

from sensorfusion.accounts.tries import unknown_credentials
from sensorfusion.clock import utc_now
from sensorfusion.domain.consoles.networks import FIELDS
from sensorfusion.domain.quantities import CATALOGUE
from sensorfusion.ingest.senders import unclaimed_consoles
from sensorfusion.server.asgi import build
from sensorfusion.server.process import Process
from tests.conftest import Cast
from tests.ingest.conftest import change, read, until
from tests.patience import PATIENCE_S
from tests.security.test_hostile_doors import WICKED, bodies

pytestmark = [
    pytest.mark.django_db(transaction=True),
    # Hypothesis sees that `random` is used while it draws, and writes the strategies to say so: threads of the process
    # that runs beside it use it, such as those of a pool that opens a connection.
    pytest.mark.filterwarnings("ignore:Do not use the `random` module inside strategies"),
    pytest.mark.filterwarnings("ignore:Generating overly large repr"),
]
DJANGOS = (r"^(?:api|clients|data)/", r"^[sp]/[^/]{1,80}/(?:latest|series)/", r"")
NOT_DOORS = (r"^healthz/?$", r"^readyz/?$", r"^metrics/?$", *DJANGOS)


def doors_of(process: Process) -> list[URLPattern]:
    routes = build(process).application_mapping["http"].routes
    return [route for route in routes if route.pattern.regex.pattern not in NOT_DOORS]


DOORS = [route.pattern.regex.pattern for route in doors_of(Process())]
KEY = "{key}"  # placeholder for the sensor's key
texts = st.text(max_size=12) | st.sampled_from(
    ["\0", "%", "%zz", "+", "=", "&", "é", "\ud800", "1e999", "NaN", "-9999"]
)
numerals = st.floats().map(str) | st.integers(-(10**9), 10**9).map(str)
fields = (
    st.sampled_from([*FIELDS["common"], *FIELDS["ambient"], "dateutc", "stationtype", "temp", "u", "p", "ts"]) | texts
)
credentials = st.sampled_from(["PASSWORD", "PASSKEY", "siteAuthenticationKey", "api_key", "appid", "p", "key", "ID"])


def encoded(pairs: list[tuple[str, str]]) -> str:
    return "&".join(
        f"{quote(name, errors='replace')}={quote(value, safe='{}', errors='replace')}" for name, value in pairs
    )


forms = st.lists(st.tuples(fields, numerals | texts) | st.tuples(credentials, st.just(KEY) | texts), max_size=8).map(
    encoded
)
lines = st.tuples(texts, texts, numerals).map(
    lambda part: f"{part[0]},{part[1]} temperature={part[2]} 1763618888".encode(errors="replace")
)
payloads = (
    bodies
    | forms.map(str.encode)
    | lines
    | st.tuples(bodies, st.integers(0, 40)).map(lambda cut: gzip.compress(cut[0])[: cut[1]])
)
requests = st.fixed_dictionaries(
    {
        "method": st.sampled_from(["GET", "POST", "POST", "PUT", "HEAD", "\u2603"]),
        "query": forms | st.text(alphabet="abc=&%+;?/\\0é", max_size=20),
        "tail": st.sampled_from(["", "/", "?", f"/{KEY}/", "&&", "%"]) | forms,
        "body": payloads,
        "authorization": st.sampled_from([None, f"Bearer {KEY}", f"Token {KEY}", "Basic !!!", "Bearer", "\0"]),
        "kind": st.sampled_from([None, "application/json", "application/x-www-form-urlencoded", "é;=", ""]),
        "encoding": st.sampled_from([None, None, "gzip", "deflate", "br"]),
        "length": st.sampled_from([None, "-1", "9" * 30, "x"]),
        "part": st.just(KEY) | texts,
    }
)  # fmt: skip


quantities = st.sampled_from(["temperature", "humidity", "pressure", "wind_speed", "wind_direction", "rain_day"])
numbers = st.floats(-1e6, 1e6) | st.sampled_from([-273.16, 101.0, 1e5, -1.0, 400.0])
measured = st.dictionaries(quantities, numbers, min_size=1, max_size=4)
imperial = st.sampled_from(["tempf", "humidity", "baromin", "windspeedmph", "winddir", "dailyrainin", "UV"])
lies = st.one_of(
    measured.map(lambda values: json.dumps(values).encode()),
    measured.map(lambda values: json.dumps([{"values": values, "ts": 1763618888000}]).encode()),
    measured.map(lambda values: ("weather " + ",".join(f"{name}={value}" for name, value in values.items())).encode()),
    st.dictionaries(imperial, numbers.map(str), min_size=1).map(lambda given: encoded(list(given.items())).encode()),
)
# Input of a well-behaved client with broken sensors: only the checks of values stop it.
well_meant = st.tuples(requests, lies).map(
    lambda pair: {
        **pair[0],
        "method": "POST",
        "query": "",
        "tail": "",
        "body": pair[1],
        "authorization": f"Bearer {KEY}",
        "kind": None,
        "encoding": None,
        "length": None,
        "part": KEY,
    }
)


@asynccontextmanager
async def running() -> AsyncIterator[tuple[Process, dict[str, Any]]]:
    """Run one whole process, and yield its doors by their patterns."""
    process = Process()
    doors = {route.pattern.regex.pattern: route for route in doors_of(process)}
    await process.started()
    await until(lambda: process.listener.is_hearing)
    try:
        yield process, doors
    finally:
        await process.stop()
        await asyncio.to_thread(connections.close_all)


@contextmanager
def door_of(pattern: str) -> Iterator[tuple[asyncio.Runner, URLPattern]]:
    """Run one process for all requests of a synchronous test."""
    with asyncio.Runner() as runner:
        process_running = running()
        _, doors = runner.run(process_running.__aenter__())
        try:
            yield runner, doors[pattern]
        finally:
            runner.run(process_running.__aexit__(None, None, None))


async def ask(route: URLPattern, sent: dict[str, Any], key: str) -> int:
    """Send a request to one door, like a server without any checks, and return the status."""

    def filled(text: str) -> str:
        return text.replace(KEY, key)

    path = f"/{quote(filled(sent['tail']), safe='/?&=%', errors='replace')}"
    headers = {
        "authorization": sent["authorization"],
        "content-type": sent["kind"],
        "content-encoding": sent["encoding"],
        "content-length": sent["length"],
    }
    scope = {
        "type": "http",
        "method": sent["method"],
        "path": filled(sent["tail"]),
        "raw_path": path.encode(),
        "query_string": filled(sent["query"]).encode("utf-8", "replace"),
        "headers": [
            (name.encode(), filled(value).encode("utf-8", "replace"))
            for name, value in headers.items()
            if value is not None
        ],
        "client": ("192.0.2.1", 1),
        "url_route": {"kwargs": {name: filled(sent["part"]) for name in route.pattern.regex.groupindex}},
    }
    answers: list[dict[str, Any]] = []

    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": sent["body"].replace(KEY.encode(), key.encode()), "more_body": False}

    async def send(message: dict[str, Any]) -> None:
        answers.append(message)

    await asyncio.wait_for(route.callback(scope, receive, send), PATIENCE_S)
    assert [message["type"] for message in answers] == ["http.response.start", "http.response.body"]
    return int(answers[0]["status"])


def check_what_is_stored() -> None:
    """Check that no impossible value is stored."""
    latest = utc_now() + timedelta(days=32)
    for values, at in read('SELECT "values", observed_at FROM reading'):
        assert datetime(1850, 1, 1, tzinfo=UTC) <= at <= latest
        for name, value in values.items():
            known = CATALOGUE.get(name)
            if known is not None and known.kind == "number":
                assert isinstance(value, int | float)
                assert math.isfinite(value)
                assert known.impossible_below is None or value >= known.impossible_below
                assert known.impossible_above is None or value <= known.impossible_above
            assert not isinstance(value, str) or (len(value) <= 255 and "sf_" not in value)


@pytest.mark.parametrize("pattern", DOORS)
def test_no_request_makes_a_door_fail_or_store_a_lie(cast: Cast, key: str, pattern: str) -> None:
    with door_of(pattern) as (runner, route):

        @settings(max_examples=40, deadline=None, database=None)
        @given(sent=requests | well_meant)
        def throw(sent: dict[str, Any]) -> None:
            assert runner.run(ask(route, sent, key)) < 500

        throw()
    check_what_is_stored()


@pytest.mark.parametrize("pattern", DOORS)
def test_wicked_bodies_are_answered_in_little_memory(cast: Cast, key: str, pattern: str) -> None:
    good = {"method": "POST", "query": "", "tail": "", "authorization": f"Bearer {key}", "kind": None, "encoding": None}
    good |= {"length": None, "part": key}
    wicked = {
        **WICKED,
        "many fields": b"&".join(b"f%d=1" % n for n in range(200_000)),
        "a long field": b"tempf=" + b"9" * 3_000_000,
        "a long name of a field": b"n" * 3_000_000 + b"=1",
        "percents": b"%" * 1_000_000,
        "one field many times": b"tempf=50&" * 100_000,
        "a long line": b"weather temperature=" + b"1" * 3_000_000,
        "commas": b"," * 1_000_000,
    }

    with door_of(pattern) as (runner, route):
        for name, body in wicked.items():
            tracemalloc.start()
            status = runner.run(ask(route, {**good, "body": body}, key))
            _, peak = tracemalloc.get_traced_memory()
            tracemalloc.stop()

            assert status < 500, name
            assert peak < 150_000_000, name  # a request may have 8 MB, and several times that when decoded


@pytest.mark.parametrize("pattern", DOORS)
async def test_body_that_never_ends_is_refused_before_it_does(cast: Cast, key: str, pattern: str) -> None:
    async with running() as (_, doors):
        answers: list[int] = []
        given = 0

        async def receive() -> dict[str, Any]:
            nonlocal given
            given += 1
            return {"type": "http.request", "body": b"x" * 1_000_000, "more_body": True}

        async def send(message: dict[str, Any]) -> None:
            answers.append(message.get("status", 0))

        scope = {
            "type": "http",
            "method": "POST",
            "path": "/",
            "query_string": b"",
            "headers": [(b"authorization", f"Bearer {key}".encode())],
            "client": ("192.0.2.1", 1),
            "url_route": {"kwargs": dict.fromkeys(doors[pattern].pattern.regex.groupindex, key)},
        }
        await asyncio.wait_for(doors[pattern].callback(scope, receive, send), PATIENCE_S)

    assert answers[0] in (200, 204, 400, 405, 413, 426)  # 426: a socket's address
    assert given <= 12  # megabytes


async def test_flood_of_strangers_leaves_memory_and_tables_bounded(
    cast: Cast, key: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(unknown_credentials, "MOST_ADDRESSES", 50)
    monkeypatch.setattr(unclaimed_consoles, "REMEMBERED", 50)
    monkeypatch.setattr(unclaimed_consoles, "MOST_IN_ALL", 20)
    [pattern] = [each for each in DOORS if "data/report" in each]
    async with running() as (process, doors):
        for number in range(300):
            scope = {
                "type": "http",
                "method": "GET",
                "path": "/data/report/",
                "raw_path": b"/data/report/",
                "query_string": f"PASSKEY={number:032X}&tempf=50".encode(),
                "headers": [],
                "client": (f"198.51.{number // 250}.{number % 250}", 1),
                "url_route": {"kwargs": {"key": None, "glued": ""}},
            }

            async def receive() -> dict[str, Any]:
                return {"type": "http.request", "body": b"", "more_body": False}

            async def send(message: dict[str, Any]) -> None:
                assert message.get("status", 401) == 401

            await doors[pattern].callback(scope, receive, send)
        await process.ingest.unclaimed_consoles.stop()

        assert len(process.ingest.pipeline._unknown_credentials._buckets) <= 50
        assert len(process.ingest.unclaimed_consoles._noted) <= 50
        assert len(process.ingest.consoles._remembered) == 0
    [count] = read("SELECT count(*) FROM sensors_unclaimedconsole")
    assert 0 < count <= 20 + unclaimed_consoles.AT_ONCE
    change("TRUNCATE sensors_unclaimedconsole")
