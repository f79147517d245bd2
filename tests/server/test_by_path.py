"""The doors of all platforms answer directly as they do behind the router, and only the router's choice is taken."""

import gzip
from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import httpx2
import pytest
from channels.routing import URLRouter
from django.urls import re_path

from sensorfusion.ingest.doors.consoles.catalogue import console_doors
from sensorfusion.ingest.doors.door import Door
from sensorfusion.ingest.doors.platforms import platform_doors
from sensorfusion.server import by_path
from sensorfusion.server.by_path import ByPath
from tests.cases.doors import EXAMPLES, Ask, Reading, Who
from tests.conftest import Cast
from tests.ingest.conftest import MAX_BODY_BYTES, key_for, serve

Doors = list[tuple[str, Any]]
Said = tuple[int, dict[str, str], bytes]
ADDRESS = "203.0.113.7"
SENT = [Reading(datetime.now(UTC).replace(microsecond=0) - timedelta(hours=1), {"temperature": 21.5, "humidity": 60})]
HTTP = [each for each in EXAMPLES if each.way == "http" and not each.name.startswith("readings")]
WRONG = "sf_aaaaaaaa-" + "x" * 32


@pytest.fixture
def key(cast: Cast) -> str:
    return key_for(cast.sensor)


@pytest.fixture
async def doors(key: str) -> AsyncIterator[tuple[Doors, str]]:
    async for server in serve(key):
        found = (console_doors, platform_doors)
        yield [each for doors in found for each in doors(server.ingest, max_body_bytes=MAX_BODY_BYTES)], key
        await server.ingest.unclaimed_consoles.stop()


async def behind_the_router(doors: Doors, ask: Ask) -> Said:
    routes: list[Any] = [re_path(pattern, door) for pattern, door in doors]
    transport = httpx2.ASGITransport(app=URLRouter(routes), client=(ADDRESS, 1))
    async with httpx2.AsyncClient(transport=transport, base_url="http://sensors.test") as client:
        said = await client.request(ask.method, ask.path, headers=dict(ask.headers), content=ask.body)
    return said.status_code, dict(said.headers), said.content


async def directly(doors: Doors, ask: Ask) -> Said | None:
    """Return the answer of the door that is found by the path, None if none is."""
    method: Any = ask.method
    headers = {name.lower().encode(): value.encode() for name, value in ask.headers.items()}
    if ask.body:
        headers[b"content-length"] = str(len(ask.body)).encode()
    door = ByPath(doors, method=method).get(ask.path.encode())
    if door is None:
        return None
    said = await door(headers, ask.body, ADDRESS)
    return said.status, {name.decode(): value.decode() for name, value in said.head()}, said.body


def variants(ask: Ask, key: str) -> Iterator[Ask]:
    yield ask
    wrong = {name: value.replace(key, WRONG) for name, value in ask.headers.items()}
    yield Ask(ask.path.replace(key, WRONG), ask.body.replace(key.encode(), WRONG.encode()), ask.method, wrong)
    yield Ask(ask.path.replace(key, ""), ask.body.replace(key.encode(), b""), ask.method)
    yield Ask(ask.path, b"\x00{[=&,\xff ", ask.method, ask.headers)
    yield Ask(ask.path, b"", ask.method, ask.headers)
    yield Ask(ask.path, b"a" * (MAX_BODY_BYTES + 1), ask.method, ask.headers)
    packed = {**ask.headers, "content-encoding": "gzip"}
    yield Ask(ask.path, gzip.compress(ask.body, mtime=0), ask.method, packed)
    yield Ask(ask.path, ask.body, ask.method, packed)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("example", HTTP, ids=lambda each: each.name)
async def test_a_door_answers_directly_as_behind_the_router(example: Any, doors: tuple[Doors, str]) -> None:
    served, key = doors
    asked = example.encode(SENT, Who(key, "u", "s", ZoneInfo("UTC")))
    first = await directly(served, asked)
    assert first
    assert first[0] < 300, first

    for each in variants(asked, key):
        said = await directly(served, each)
        assert said is None or said == await behind_the_router(served, each), each


@pytest.mark.django_db(transaction=True)
async def test_a_console_is_answered_by_get_as_well(doors: tuple[Doors, str]) -> None:
    served, key = doors
    for query in (f"ID=X&PASSWORD={key}&dateutc=now&tempf=50&a=b?c", "ID=X&PASSWORD=no&tempf=50", "", "tempf"):
        ask = Ask(f"/weatherstation/updateweatherstation.php?{query}", method="GET")

        assert await directly(served, ask) == await behind_the_router(served, ask), query


class _Named(Door):
    methods = ("POST",)

    def __init__(self) -> None: ...


@pytest.mark.parametrize(
    "url",
    [
        *(b"/a%2Fb", b"//a/b", b"/a/b#c", b"/a/b?x#c", b"a/b", b"http://h/a/b", "/a/é".encode(), b"/a/" + b"x" * 300),
        *(b"/c", b"", b"/other/x"),
    ],
)
def test_unusual_addresses_are_left_to_the_router(url: bytes) -> None:
    doors = ByPath([(r"^other/x$", object()), (r"^(?:a|other)/(?P<name>[^/]+)$", _Named())], method="POST")

    assert doors.get(url) is None


def test_the_first_door_of_the_router_is_taken_below_the_public_path_too() -> None:
    called: list[Any] = []

    def call(*given: Any) -> None:
        called.append(given)

    doors = ByPath([(r"^a/(?P<name>\w+)$", _Named())], method="POST", public_path="/sf", call=call)
    for url in (b"/a/x?q=1", b"/sf/a/x?q=1", b"/a/x"):
        doors.get(url)()

    assert [(it[1].path, it[1].named, it[2]) for it in called] == [
        ("/a/x", {"name": "x"}, b"q=1"),
        ("/a/x", {"name": "x"}, b"q=1"),
        ("/a/x", {"name": "x"}, b""),
    ]
    assert ByPath([(r"^a/(?P<name>\w+)$", _Named())], method="GET").get(b"/a/x") is None


def test_what_is_remembered_of_paths_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(by_path, "MOST_REMEMBERED", 10)
    doors = ByPath([(r"^a/(?P<name>\w+)$", _Named())], method="POST")
    for number in range(25):
        assert doors.get(b"/a/%d" % number)
        assert doors.get(b"/b/%d" % number) is None

    assert len(doors._found) <= 10
