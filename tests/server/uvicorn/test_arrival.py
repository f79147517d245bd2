"""Requests that do not arrive, heads without end, upgrades to what we do not speak, and heads that are refused."""

import asyncio
from collections.abc import Sequence
from contextlib import suppress
from typing import Any

import pytest

from sensorfusion.ingest.doors.http import Headers, Response
from sensorfusion.server.fast_path import REFUSALS
from sensorfusion.server.uvicorn import limits
from sensorfusion.server.uvicorn.http import DoorProtocol
from tests.patience import PATIENCE_S
from tests.server.uvicorn.test_http import HEAD, LAST, Mirror, Served, serving

pytestmark = pytest.mark.sockets

POST = b"POST /door HTTP/1.1\r\n" + HEAD
# Everything that is no whole request, each with the beginning of the answer that it gets; b"" for none.
UNFINISHED = {
    "nothing": (b"", b""),
    "half a word": (b"POS", b"HTTP/1.1 408 "),
    "half a head": (POST, b"HTTP/1.1 408 "),
    "half a small body": (POST + b"Content-Length: 9\r\n\r\nhalf", b"HTTP/1.1 408 "),
    "half a large body": (POST + b"Content-Length: 99999\r\n\r\nhalf", b"HTTP/1.1 408 "),
    "half a chunk": (POST + b"Transfer-Encoding: chunked\r\n\r\n9\r\nhalf", b"HTTP/1.1 408 "),
    "half a request after another": (LAST.replace(b"Connection: close\r\n", b"") + POST, b"HTTP/1.1 200 "),
}
ENDLESS = {
    "a header": POST + b"X: " + b"x" * 100_000,
    "a path": b"GET /" + b"x" * 100_000,
    "headers": POST + b"X: y\r\n" * 20_000,
    "headers in one piece with a body": POST + b"X: y\r\n" * 20_000 + b"Content-Length: 2\r\n\r\nhi",
}


async def answer_to(served: Served, pieces: Sequence[bytes]) -> bytes:
    """Return the answer of a server that may close the connection before everything is sent."""
    reader, writer = await served.open()
    with suppress(ConnectionError):
        for piece in pieces:
            writer.write(piece)
            await asyncio.wait_for(writer.drain(), PATIENCE_S)
    said = await asyncio.wait_for(_read(reader), PATIENCE_S)
    writer.close()
    return said


@pytest.fixture
def hurried(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let requests arrive within moments."""
    monkeypatch.setattr(limits, "HEAD_WITHIN_S", 0.2)
    monkeypatch.setattr(limits, "BODY_WITHIN_S", 0.2)


@pytest.mark.usefixtures("hurried")
@pytest.mark.parametrize(("sent", "answer"), UNFINISHED.values(), ids=UNFINISHED.keys())
async def test_a_request_that_does_not_arrive_ends_the_connection(sent: bytes, answer: bytes) -> None:
    async with serving(DoorProtocol) as served:
        said = await served.answers([sent])

    assert said.startswith(answer)
    assert bool(said) == bool(answer)


@pytest.mark.usefixtures("hurried")
async def test_a_body_may_take_as_long_as_it_goes_on(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "BODY_BYTES_PER_S", 10)
    async with serving(DoorProtocol) as served:
        reader, writer = await served.open()
        writer.write(POST + b"Content-Length: 8\r\n\r\n")
        for _ in range(8):  # one second, in which head and body together allow several
            writer.write(b"x")
            await asyncio.sleep(0.12)
        said = await asyncio.wait_for(reader.readuntil(b"\r\n"), PATIENCE_S)
        writer.close()

    assert said.startswith(b"HTTP/1.1 200 ")


@pytest.mark.parametrize("sent", ENDLESS.values(), ids=ENDLESS.keys())
@pytest.mark.parametrize("size", [1_000, 60_000, 10**9])
async def test_a_head_has_at_most_64_kb(sent: bytes, size: int) -> None:
    async with serving(DoorProtocol) as served:
        said = await answer_to(served, [sent[at : at + size] for at in range(0, len(sent), size)])

    # The parser has a limit for paths of its own, and a client that goes on sending may lose the answer.
    assert said.startswith((b"HTTP/1.1 431 ", b"HTTP/1.1 400 ")) or not said
    assert not served.mirror.finished.is_set()


@pytest.mark.parametrize(
    "endless", [b"0\r\n" + b"X: y\r\n" * 100_000, b"1;" + b"x" * 500_000], ids=["trailers", "chunk"]
)
async def test_the_framing_of_a_body_is_bounded(endless: bytes) -> None:
    async with serving(DoorProtocol) as served:
        said = await answer_to(served, [POST + b"Transfer-Encoding: chunked\r\n\r\n", endless])

    assert b"200" not in said
    assert not served.mirror.finished.is_set()


async def test_many_small_chunks_are_a_body() -> None:
    async with serving(DoorProtocol) as served:
        chunks = b"1\r\nx\r\n" * 60_000 + b"0\r\n\r\n"
        said = await served.answers([POST + b"Transfer-Encoding: chunked\r\nConnection: close\r\n\r\n", chunks])

    assert said.startswith(b"HTTP/1.1 200 ")


@pytest.mark.parametrize("upgrade", [b"h2c", b"TLS/1.0", b"websocket"])
@pytest.mark.parametrize("size", [5, 100_000])
@pytest.mark.parametrize("piece", [10_000, 10**9])
async def test_an_upgrade_to_what_we_do_not_speak_is_ignored(upgrade: bytes, size: int, piece: int) -> None:
    extra = b"Connection: Upgrade, HTTP2-Settings\r\nUpgrade: " + upgrade + b"\r\nHTTP2-Settings: AAMAAABk\r\n"
    sent = POST + extra + b"Content-Length: %d\r\n\r\n" % size + b"x" * size + LAST
    async with serving(DoorProtocol) as served:
        said = await served.answers([sent[at : at + piece] for at in range(0, len(sent), piece)])

    assert said.count(b"HTTP/1.1 200 ") == 2
    assert (b'"body": %d}' % size if size > 99 else b'"body": "xxxxx"}') in said
    assert b'"body": "last"}' in said


@pytest.mark.parametrize(
    "line", [b"GET /\r\n", b"CONNECT door:80 HTTP/1.1\r\n\r\n", b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"]
)
@pytest.mark.usefixtures("hurried")
async def test_what_is_no_http_1_is_answered_or_closed(line: bytes) -> None:
    async with serving(DoorProtocol) as served:
        said = await served.answers([line])

    assert not said.startswith(b"HTTP/1.1 200")


class Refusing(Mirror):
    """A door that refuses every head but those with a good key."""

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] == "lifespan":
            scope["state"][REFUSALS] = {b"/door": self.refusal}
        await super().__call__(scope, receive, send)

    async def refusal(self, headers: Headers, address: str) -> Response | None:
        return None if headers[b"authorization"] == b"Bearer good" else Response(401, b"no")


async def test_a_head_is_refused_before_its_body_comes() -> None:
    async with serving(DoorProtocol, mirror=Refusing()) as served:
        reader, writer = await served.open()
        writer.write(POST + b"Content-Length: 50\r\n\r\n")
        assert (await asyncio.wait_for(reader.readuntil(b"\r\n\r\nno"), PATIENCE_S)).startswith(b"HTTP/1.1 401 ")
        writer.write(b"x" * 50 + LAST.replace(b"Bearer k", b"Bearer good"))
        said = await asyncio.wait_for(reader.read(), PATIENCE_S)
        writer.close()

    assert said.startswith(b"HTTP/1.1 200 ")
    assert served.mirror.directly == [b"last"]


async def test_a_good_head_is_answered_after_its_body() -> None:
    async with serving(DoorProtocol, mirror=Refusing()) as served:
        head = (POST + b"Content-Length: 5\r\n\r\n").replace(b"Bearer k", b"Bearer good")
        said = await served.answers([head, b"he", b"llo", LAST.replace(b"Bearer k", b"Bearer good")])

    assert said.count(b"HTTP/1.1 200 ") == 2
    assert served.mirror.directly == [b"hello"]  # the other came behind an unanswered request


async def test_idle_connections_make_room_for_new_ones(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "_most", [4])
    async with serving(DoorProtocol) as served:
        idle = [await served.open() for _ in range(12)]
        said = await served.answers([LAST])
        await asyncio.sleep(0.05)

        assert said.startswith(b"HTTP/1.1 200 ")
        assert sum(reader.at_eof() or reader.exception() is not None for reader, _ in idle) >= 8
        for _, writer in idle:
            writer.close()


async def test_a_request_in_progress_is_not_closed_for_others(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "_most", [1])
    async with serving(DoorProtocol) as served:
        reader, writer = await served.open()
        writer.write(LAST.replace(b"last", b"hold"))
        await asyncio.wait_for(served.mirror.held.wait(), PATIENCE_S)
        refused, other = await served.open()

        assert await asyncio.wait_for(_read(refused), PATIENCE_S) == b""
        served.mirror.hold.set()
        assert (await asyncio.wait_for(reader.read(), PATIENCE_S)).startswith(b"HTTP/1.1 200 ")
        writer.close()
        other.close()


async def _read(reader: asyncio.StreamReader) -> bytes:
    try:
        return await reader.read()
    except ConnectionError:
        return b""


async def test_a_closed_connection_keeps_no_body() -> None:
    async with serving(DoorProtocol) as served:
        connections = served.server.server_state.connections
        _, writer = await served.open()
        writer.write(POST.replace(b"/door", b"/hold") + b"Content-Length: 100000\r\n\r\n" + b"x" * 60_000)
        await asyncio.wait_for(served.mirror.waiting.wait(), PATIENCE_S)
        [protocol] = connections
        writer.transport.abort()
        while connections:  # noqa: ASYNC110 - uvicorn has no event for it
            await asyncio.sleep(0.01)

        assert isinstance(protocol, DoorProtocol)
        assert not protocol.cycle.body
