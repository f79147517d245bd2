"""For any input the doors answer with a reason, and the database has what the receipts say."""

import asyncio
import gzip
import json
import tracemalloc
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import msgspec
import pytest
from channels.testing import ApplicationCommunicator
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from sensorfusion.ingest.doors.readings import ReadingsDoor, decode_body, decode_lines
from sensorfusion.ingest.doors.socket import IngestSocket
from sensorfusion.ingest.steps.refused import RequestRefused
from tests.conftest import Cast
from tests.described import assert_described
from tests.ingest.conftest import MAX_BODY_BYTES, Server, change, serve, stored
from tests.patience import PATIENCE_S

pytestmark = pytest.mark.django_db(transaction=True)

DEEP = 100_000
texts = st.text(max_size=12)
scalars = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.integers(-(2**80), 2**80)
    | st.floats()
    | texts
    | st.sampled_from(["--", "\0", "1e400", "-9999", "NaN", "١٢", "2026-11-20T12:00:00Z", "0001-01-01T00:00:00+23:59"])
)
names = (
    st.sampled_from(["temperature", "temp", "humidity", "wind_speed", "observed_at", "values", "id", "note"]) | texts
)
anything = st.recursive(
    scalars, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(names, inner, max_size=5), max_leaves=12
)
readings = st.fixed_dictionaries(
    {"values": st.dictionaries(names, scalars, max_size=6)}, optional={"observed_at": scalars, "id": anything}
)
bodies = (
    st.binary(max_size=200)
    | (anything | readings | st.lists(readings, max_size=5)).map(lambda given: json.dumps(given).encode())
    | st.lists(readings, max_size=4).map(lambda given: "\n".join(map(json.dumps, given)).encode())
)

WICKED = {
    "open lists": b"[" * DEEP,
    "lists in lists": b"[" * DEEP + b"]" * DEEP,
    "objects in objects": b'{"values":' * DEEP,
    "a value of lists": b'{"values":{"temperature":' + b"[" * DEEP,
    "a line of lists": b'{"temperature":1}\n' + b"[" * DEEP,
    "half a character": b'{"temperature":"\\ud800"}',
    "half a character as a name": b'{"\\ud800":1}',
    "no UTF-8": b'{"temperature":"\xff"}',
    "NUL": b'{"note":"\\u0000","\\u0000":1}',
    "more than a float": b'{"temperature":1e999}',
    "a long number": b'{"temperature":' + b"9" * 10_000 + b"}",
    "a long instant": b'{"observed_at":' + b"9" * 4_000 + b',"temperature":1}',
    "a long instant as text": b'{"observed_at":"' + b"9" * 100_000 + b'","temperature":1}',
    "no instant": b'{"observed_at":"nan","temperature":1}',
    "NaN": b'{"temperature":NaN}',
    "100,000 quantities": b"{" + b",".join(b'"q%d":1' % number for number in range(100_000)) + b"}",
    "a long name": b'{"' + b"n" * 100_000 + b'":1}',
    "a long name beside values": b'{"values":{"temperature":1},"' + b"n" * 100_000 + b'":1}',
    "a long unit": b'{"temperature":{"value":1,"unit":"' + b"u" * 100_000 + b'"}}',
    "an object for a unit": b'{"temperature":{"value":1,"unit":{"value":[]}}}',
    "zeros": b"\0" * 1000,
    "empty lines": b"\n" * 100_000,
}


@pytest.mark.parametrize("kind", ["application/json", "application/x-ndjson"])
async def test_wicked_bodies_get_a_reason(server: Server, kind: str) -> None:
    accepted = 0
    for name, body in WICKED.items():
        answer = await server.post(content=body, headers={"Content-Type": kind})

        said = answer.json()
        assert answer.status_code in (200, 400, 413, 422), name
        assert answer.status_code == 200 or (said["code"] and said["detail"]), name
        accepted += said.get("accepted", 0)
    assert len(stored()) == accepted


@settings(max_examples=300, deadline=None)
@example(b"[" * DEEP)
@given(bodies)
def test_no_body_makes_the_decoders_raise_anything_but_a_refusal(body: bytes) -> None:
    for decode in (decode_body, decode_lines):
        try:
            sent = decode(body)
        except RequestRefused:
            continue
        assert all(one.problem or one.values is not None for one in sent)


@settings(
    max_examples=50, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)
@given(sent=st.lists(bodies, min_size=1, max_size=4))
def test_what_is_stored_is_what_the_receipts_said(cast: Cast, key: str, sent: list[bytes]) -> None:
    change("TRUNCATE reading, sensor_state CASCADE")

    answers = asyncio.run(post_all(key, sent))

    assert {status for status, _ in answers} <= {200, 400, 413, 422}
    receipts = [body for status, body in answers if status == 200]
    changes = sum(one["accepted"] for one in receipts)
    assert len(stored()) <= changes
    assert [receipt["seq"] for receipt in receipts] == sorted(receipt["seq"] for receipt in receipts)
    if receipts:
        assert stored("seq", "sensor_state") == [receipts[-1]["seq"]]


async def post_all(key: str, sent: list[bytes]) -> list[tuple[int, dict[str, Any]]]:
    async with running(key) as server:
        answers = [await server.post(content=body) for body in sent]
        return [(answer.status_code, answer.json()) for answer in answers]


@asynccontextmanager
async def running(key: str) -> AsyncIterator[Server]:
    """Run ingest for one example; all examples would share a fixture, and its event loop."""
    async for server in serve(key):
        yield server


ODD_HEADERS = [
    {"Content-Length": "9" * 5000},
    {"Content-Length": "²"},
    {"Content-Length": "-1"},
    {"Content-Encoding": "gzip, gzip"},
    {"Content-Encoding": "x" * 10_000},
    {"Content-Encoding": "ÿ"},
    {"Content-Type": "ÿ" * 1000},
    {"Authorization": "Bearer ÿ"},
    {"Authorization": "Bearer sf_aaaaaaaa-" + "x" * 100_000},
    {"Authorization": "Bearer"},
    {"Authorization": "\x01"},
]


async def test_odd_headers_get_an_answer(server: Server) -> None:
    accepted = 0
    for headers in ODD_HEADERS:
        raw = [(name.lower().encode(), value.encode("latin-1")) for name, value in headers.items()]
        raw += [] if "Authorization" in headers else [(b"authorization", f"Bearer {server.key}".encode())]

        status, said = await ask(server, raw, [b'{"temperature":1}'])

        assert status in (200, 400, 401, 413), headers
        accepted += said.get("accepted", 0)
    assert len(stored()) == accepted


async def test_a_body_that_never_ends_is_ended_at_the_limit(server: Server) -> None:
    taken = 0

    async def endless() -> AsyncIterator[bytes]:
        nonlocal taken
        while True:
            taken += 100_000
            yield b" " * 100_000

    answer = await ask(server, [(b"authorization", f"Bearer {server.key}".encode())], endless())

    assert answer[0] == 413
    assert taken <= MAX_BODY_BYTES + 200_000


async def test_every_member_of_a_gzip_body_is_read(server: Server) -> None:
    body = gzip.compress(b'{"temperature":1,"observed_at":1700000000}\n') + gzip.compress(
        b'{"temperature":2,"observed_at":1700000001}\n'
    )

    answer = await server.post(content=body, headers={"Content-Encoding": "gzip"})

    assert answer.json()["accepted"] == 2


async def test_many_small_bombs_in_one_body_are_still_a_bomb(server: Server) -> None:
    body = gzip.compress(b" " * MAX_BODY_BYTES) * 20
    assert len(body) < MAX_BODY_BYTES

    answer = await server.post(content=body, headers={"Content-Encoding": "gzip"})

    assert answer.status_code == 413


async def test_a_bomb_costs_no_more_memory_than_the_limit_allows(server: Server) -> None:
    bomb = gzip.compress(b" " * (MAX_BODY_BYTES * 100))
    tracemalloc.start()
    try:
        answer = await server.post(content=bomb, headers={"Content-Encoding": "gzip"})
        _, most = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()

    assert answer.status_code == 413
    assert most < MAX_BODY_BYTES * 10


FIRSTS = {
    "open lists": "[" * DEEP,
    "objects in objects": '{"action":' * DEEP,
    "NUL": "\0",
    "NUL for a key": '{"action":"authenticate","key":"\\u0000"}',
    "a list for an action": '{"action":["authenticate"]}',
}


async def test_wicked_first_messages_end_the_socket(server: Server) -> None:
    for first in FIRSTS.values():
        station = Station(server)
        await station.say(first)
        if "key" in first:
            assert (await station.hear())["status"] == 401

        assert (await station.next())["type"] == "websocket.close"
        await station.leave()


async def test_binary_first_messages_end_the_socket(server: Server) -> None:
    station = Station(server)
    await station.say(b"\xff\xfe")

    assert (await station.next())["type"] == "websocket.close"
    await station.leave()


async def test_wicked_messages_get_a_reason_and_the_socket_goes_on(server: Server) -> None:
    station = Station(server, server.key)
    for name, body in WICKED.items():
        await station.say(body)
        said = await station.hear()
        assert said["type"] == "receipt" or (said["code"] and said["detail"]), name

    await station.say('{"observed_at":1700000000,"temperature":20}')

    assert (await station.hear())["accepted"] == 1
    await station.leave()


async def test_any_id_comes_back_or_is_refused(server: Server) -> None:
    station = Station(server, server.key)
    identifiers: list[object] = [2**70, -(2**70), 1e308, None, "é", "x" * 10_000, [[[]]], {"id": 1}]
    for identifier in identifiers:
        await station.say(json.dumps({"id": identifier, "values": {"temperature": 1}}))

        said = await station.hear()

        assert said["type"] == "error" or said.get("id") == identifier
    await station.leave()


async def test_a_fault_of_ours_ends_the_socket_and_does_not_hang_it(server: Server, monkeypatch: Any) -> None:
    monkeypatch.setattr(server.pipeline, "receive_by_key", broken)
    station = Station(server, server.key)
    for _ in range(100):  # more than the window holds
        await station.say('{"temperature":1}')

    closing = await station.next()

    assert (closing["type"], closing["code"]) == ("websocket.close", 1011)
    await station.leave()


async def broken(**_: object) -> None:
    raise ZeroDivisionError("this is our fault")


@settings(
    max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)
@given(sent=st.lists(bodies, min_size=1, max_size=40))
def test_a_station_that_babbles_gets_one_answer_per_message(cast: Cast, key: str, sent: list[bytes]) -> None:
    change("TRUNCATE reading, sensor_state CASCADE")

    answers = asyncio.run(babble(key, sent))

    for one in answers:
        assert_described("ingest", one)
    receipts = [one for one in answers if one["type"] == "receipt"]
    assert len(stored()) <= sum(one["accepted"] for one in receipts)
    assert (stored("seq", "sensor_state") or [0]) == [max((one["seq"] for one in receipts), default=0)]


async def babble(key: str, sent: list[bytes]) -> list[dict[str, Any]]:
    async with running(key) as server:
        station = Station(server, key)
        for message in sent:
            await station.say(message)
        answers = [await station.hear() for _ in sent]
        await station.leave()
        return answers


class Station:
    """A client of the ingest socket that may misbehave."""

    def __init__(self, server: Server, key: str = "") -> None:
        headers = [(b"authorization", f"Bearer {key}".encode())] if key else []
        application = IngestSocket(server.pipeline, max_body_bytes=MAX_BODY_BYTES)
        self._end = ApplicationCommunicator(application, {"type": "websocket", "headers": headers})
        self._greeted = False

    async def say(self, message: str | bytes) -> None:
        if not self._greeted:
            self._greeted = True
            await self._end.send_input({"type": "websocket.connect"})
            assert (await self.next())["type"] == "websocket.accept"
        kind = "text" if isinstance(message, str) else "bytes"
        await self._end.send_input({"type": "websocket.receive", kind: message})

    async def next(self) -> dict[str, Any]:
        return dict(await self._end.receive_output(timeout=PATIENCE_S))

    async def hear(self) -> dict[str, Any]:
        return dict(msgspec.json.decode((await self.next())["text"]))

    async def leave(self) -> None:
        await self._end.send_input({"type": "websocket.disconnect", "code": 1000})
        await self._end.wait(timeout=PATIENCE_S)


async def ask(server: Server, headers: list[tuple[bytes, bytes]], body: Any) -> tuple[int, dict[str, Any]]:
    """Call the door itself: an HTTP client would refuse to send this."""
    door = ReadingsDoor(server.pipeline, max_body_bytes=MAX_BODY_BYTES)
    parts = body if hasattr(body, "__anext__") else None
    sent: list[dict[str, Any]] = []

    async def receive() -> dict[str, Any]:
        if parts is not None:
            return {"type": "http.request", "body": await anext(parts), "more_body": True}
        return {"type": "http.request", "body": b"".join(body), "more_body": False}

    async def send(message: Any) -> None:
        sent.append(message)

    await door({"type": "http", "method": "POST", "headers": headers}, receive, send)
    return sent[0]["status"], json.loads(sent[1]["body"])


async def test_a_fault_while_storing_spoils_its_request_and_no_other(server: Server, monkeypatch: Any) -> None:
    await server.post({"temperature": 1})
    with monkeypatch.context() as broken_for_now:
        broken_for_now.setattr("sensorfusion.ingest.storing.statements.advance_and_insert", fail)
        spoilt = await asyncio.wait_for(server.post({"temperature": 2}), PATIENCE_S)

    answer = await asyncio.wait_for(server.post({"temperature": 3}), PATIENCE_S)

    assert (spoilt.status_code, spoilt.json()["code"]) == (503, "not_stored")
    assert answer.json()["accepted"] == 1
    assert stored() == [{"temperature": 1}, {"temperature": 3}]


def fail(*_: object) -> None:
    raise ZeroDivisionError("this is our fault")


async def test_one_request_makes_no_hundreds_of_months(server: Server) -> None:
    months = [{"observed_at": f"{year}-01-01T00:00:00Z", "temperature": 1} for year in range(1850, 2020)]

    answer = await asyncio.wait_for(server.post(months), PATIENCE_S)

    assert (answer.status_code, answer.json()["code"]) == (413, "too_large")
    assert stored() == []
