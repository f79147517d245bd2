"""The fast path answers as the ordinary path does, for any request and however its bytes are split."""

import asyncio
import json
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

import pytest
import uvicorn
from hypothesis import example, given, settings
from hypothesis import strategies as st
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from sensorfusion.ingest.doors.http import Headers, Response, address_of, answer, headers_of
from sensorfusion.server.fast_path import DOORS
from sensorfusion.server.uvicorn.http import SHORT_BYTES, DoorProtocol
from sensorfusion.server.uvicorn.websocket import FrameProtocol
from tests.patience import PATIENCE_S

pytestmark = pytest.mark.sockets
Ask = Callable[[Sequence[bytes]], tuple[bytes, bytes, list[bytes]]]

HEAD = b"Host: localhost\r\nAuthorization: Bearer k\r\n"
SHORT = b"POST /door HTTP/1.1\r\n" + HEAD + b"Content-Length: 5\r\n\r\nhello"
REFUSED = b"POST /door HTTP/1.1\r\n" + HEAD + b"Content-Length: 3\r\n\r\nbad"
LAST = b"POST /door HTTP/1.1\r\nConnection: close\r\n" + HEAD + b"Content-Length: 4\r\n\r\nlast"
LARGE = b"POST /door HTTP/1.1\r\n%bContent-Length: %d\r\n\r\n%b" % (HEAD, SHORT_BYTES + 1, b"x" * (SHORT_BYTES + 1))
SHORT_WAYS = {
    "a small body": SHORT,
    "an empty body": b"POST /door HTTP/1.1\r\n" + HEAD + b"Content-Length: 0\r\n\r\n",
    "the largest short body": b"POST /door HTTP/1.1\r\n%bContent-Length: %d\r\n\r\n%b"
    % (HEAD, SHORT_BYTES, b"x" * SHORT_BYTES),
    "a refusal with headers of its own": REFUSED,
    "a door that fails": b"POST /door HTTP/1.1\r\n" + HEAD + b"Content-Length: 4\r\n\r\nfail",
    "a client that says it is the last": LAST,
    "several requests, one after the other": SHORT + REFUSED + SHORT,
    "a proxy that is believed": b"POST /door HTTP/1.1\r\nX-Forwarded-For: 192.0.2.7, 192.0.2.8\r\n"
    + HEAD
    + b"X-Forwarded-For: 127.0.0.1\r\nX-Forwarded-Proto: https\r\nContent-Length: 2\r\n\r\nhi",
    "headers written in any case, and twice": b"POST /door HTTP/1.1\r\nCONTENT-LENGTH: 2\r\nx-a: 1\r\nX-A: 2\r\n\r\nhi",
}
ORDINARY_WAYS = {
    "a body without a length": b"POST /door HTTP/1.1\r\n"
    + HEAD
    + b"Transfer-Encoding: chunked\r\n\r\n2\r\nhi\r\n3\r\n th\r\n0\r\n\r\n",
    "a large body": LARGE,
    "another method": b"GET /door HTTP/1.1\r\n" + HEAD + b"\r\n",
    "only the head": b"HEAD /door HTTP/1.1\r\n" + HEAD + b"\r\n",
    "a query": b"POST /door?x=1 HTTP/1.1\r\n" + HEAD + b"Content-Length: 2\r\n\r\nhi",
    "another address": b"POST /doors HTTP/1.1\r\n" + HEAD + b"Content-Length: 2\r\n\r\nhi",
    "an old client": b"POST /door HTTP/1.0\r\n" + HEAD + b"Content-Length: 2\r\n\r\nhi",
    "a client that asks before it sends": b"POST /door HTTP/1.1\r\n"
    + HEAD
    + b"Expect: 100-continue\r\nContent-Length: 2\r\n\r\nhi",
}
MALFORMED = {
    "a length beside a body without one": b"Transfer-Encoding: chunked\r\nContent-Length: 5\r\n\r\n0\r\n\r\n",
    "two lengths": b"Content-Length: 5\r\nContent-Length: 5\r\n\r\nhello",
    "a length with a sign": b"Content-Length: +5\r\n\r\nhello",
    "no length after its name": b"Content-Length: \r\n\r\nhello",
    "a length beyond all": b"Content-Length: 99999999999999999999999999\r\n\r\nhello",
}
# After these the server closes the connection; after all others it answers the next request on it.
ENDING = [SHORT_WAYS["a door that fails"], LAST, ORDINARY_WAYS["an old client"]]
FAILING = [SHORT_WAYS["a door that fails"]]
GOING_ON = [asked for asked in (*SHORT_WAYS.values(), *ORDINARY_WAYS.values()) if asked not in ENDING]


@dataclass
class Mirror:
    """An application, and its door, that echo the request they received."""

    directly: list[bytes] = field(default_factory=list)
    hold: asyncio.Event = field(default_factory=asyncio.Event)
    held: asyncio.Event = field(default_factory=asyncio.Event)
    finished: asyncio.Event = field(default_factory=asyncio.Event)
    waiting: asyncio.Event = field(default_factory=asyncio.Event)

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] == "lifespan":
            await receive()
            scope["state"][DOORS] = {b"/door": self.door}
            await send({"type": "lifespan.startup.complete"})
            await receive()
            await send({"type": "lifespan.shutdown.complete"})
        else:
            body, more = b"", True
            while more:
                self.waiting.set()
                message = await receive()
                if message["type"] == "http.disconnect":
                    return
                body, more = body + message["body"], message["more_body"]
            await answer(send, await self.respond(headers_of(scope), body, address_of(scope)))

    async def door(self, headers: Headers, body: bytes, address: str) -> Response:
        self.directly.append(body)
        return await self.respond(headers, body, address)

    async def respond(self, headers: Headers, body: bytes, address: str) -> Response:
        if body == b"fail":
            raise RuntimeError("a door that fails")
        if body == b"hold":
            self.held.set()
            await self.hold.wait()
        seen: dict[str, Any] = {name.decode(): value.decode() for name, value in headers.items()}
        seen |= {"from": address, "body": len(body) if len(body) > 99 else body.decode()}
        self.finished.set()
        if body == b"bad":
            return Response(503, json.dumps(seen).encode(), [(b"retry-after", b"5")])
        return Response(200, json.dumps(seen).encode())


@dataclass
class Served:
    """A server of the mirror."""

    mirror: Mirror
    server: uvicorn.Server

    async def open(self) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        port = self.server.servers[0].sockets[0].getsockname()[1]
        return await asyncio.open_connection("127.0.0.1", port)

    async def answers(self, pieces: Sequence[bytes]) -> bytes:
        """Send the pieces and return all bytes received until the server closes the connection."""
        reader, writer = await self.open()
        for piece in pieces:
            writer.write(piece)
            await asyncio.sleep(0)
        said = await asyncio.wait_for(reader.read(), PATIENCE_S)
        writer.close()
        return said


@asynccontextmanager
async def serving(
    protocol: type[HttpToolsProtocol], *, proxies: str = "127.0.0.1", mirror: Mirror | None = None
) -> AsyncIterator[Served]:
    mirror = mirror or Mirror()
    server = uvicorn.Server(
        uvicorn.Config(
            mirror,
            port=0,
            http=protocol,
            ws=FrameProtocol,
            log_config=None,
            lifespan="on",
            date_header=False,
            forwarded_allow_ips=proxies,
            timeout_keep_alive=1,
            timeout_graceful_shutdown=5,
        )
    )
    running = asyncio.create_task(server.serve())
    while not server.started:  # noqa: ASYNC110 - uvicorn has no event for it
        await asyncio.sleep(0.005)
    try:
        yield Served(mirror, server)
    finally:
        server.should_exit = True
        await running


@dataclass
class Pair:
    """A server with our protocol beside one with uvicorn's own."""

    ours: Served
    own: Served

    async def answers(self, pieces: Sequence[bytes]) -> tuple[bytes, bytes]:
        """Return both answers: our server gets the request in pieces, the other one at once."""
        return await self.ours.answers(pieces), await self.own.answers([b"".join(pieces)])


@asynccontextmanager
async def both() -> AsyncIterator[Pair]:
    async with serving(DoorProtocol) as ours, serving(HttpToolsProtocol) as own:
        yield Pair(ours, own)


@pytest.fixture(scope="module")
def pair() -> Iterator[Ask]:
    """Yield a function that asks both servers and returns their answers and the bodies that took the fast path."""
    with asyncio.Runner() as runner:
        stack = AsyncExitStack()
        served = runner.run(stack.enter_async_context(both()))

        def ask(pieces: Sequence[bytes]) -> tuple[bytes, bytes, list[bytes]]:
            served.ours.mirror.directly.clear()
            return *runner.run(served.answers(pieces)), served.ours.mirror.directly

        yield ask
        runner.run(stack.aclose())


def ended(request: bytes) -> list[bytes]:
    """A conversation that ends by closing the connection."""
    return [request] if request in ENDING else [request, LAST]


@pytest.mark.parametrize("request_", SHORT_WAYS.values(), ids=SHORT_WAYS.keys())
def test_a_small_post_goes_the_short_way(request_: bytes, pair: Ask) -> None:
    ours, own, directly = pair(ended(request_))

    if request_ in FAILING:  # here the server answers in place of the application, which would add the header
        ours = ours.replace(b"x-content-type-options: nosniff\r\n", b"")
    assert ours == own
    assert directly


@pytest.mark.parametrize("request_", ORDINARY_WAYS.values(), ids=ORDINARY_WAYS.keys())
def test_everything_else_goes_the_ordinary_way(request_: bytes, pair: Ask) -> None:
    ours, own, directly = pair(ended(request_))

    assert ours == own
    assert b"HTTP/1.1 200 OK" in ours
    assert set(directly) <= {b"last"}


@pytest.mark.parametrize("head", MALFORMED.values(), ids=MALFORMED.keys())
def test_what_is_no_http_reaches_no_door(head: bytes, pair: Ask) -> None:
    ours, own, directly = pair([b"POST /door HTTP/1.1\r\n" + head])

    assert ours == own
    assert ours.startswith(b"HTTP/1.1 400 ")
    assert not directly


@settings(max_examples=100, deadline=None)
@given(
    asked=st.lists(st.sampled_from(GOING_ON), min_size=1, max_size=4),
    cuts=st.lists(st.floats(0, 1), max_size=12),
)
@example(asked=[SHORT, LARGE, SHORT], cuts=[])
def test_requests_get_their_answers_in_order_however_their_bytes_arrive(
    asked: list[bytes], cuts: list[float], pair: Ask
) -> None:
    whole = b"".join(asked)
    places = sorted({0, *(int(cut * len(whole)) for cut in cuts), len(whole)})
    pieces = [whole[start:end] for start, end in pairwise(places)]

    ours, own, _ = pair([*pieces, LAST])

    assert ours == own


async def test_nobody_but_a_proxy_speaks_for_others() -> None:
    async with serving(DoorProtocol, proxies="192.0.2.1") as served:
        said = await served.answers([SHORT_WAYS["a proxy that is believed"], LAST])

    assert b'"from": "127.0.0.1"' in said
    assert b'"from": "192.0.2' not in said


async def test_a_request_that_waits_lets_no_later_one_overtake_it() -> None:
    async with serving(DoorProtocol) as served:
        reader, writer = await served.open()
        writer.write(SHORT.replace(b"hello", b" hold").replace(b": 5\r\n\r\n ", b": 4\r\n\r\n") + SHORT)
        await asyncio.wait_for(served.mirror.held.wait(), PATIENCE_S)
        await asyncio.sleep(0.05)
        assert served.mirror.directly == [b"hold"]
        served.mirror.hold.set()
        said = await asyncio.wait_for(reader.readuntil(b'"body": "hello"}'), PATIENCE_S)
        writer.close()

    assert said.index(b'"body": "hold"') < said.index(b'"body": "hello"')


async def test_who_goes_away_leaves_the_door_to_finish() -> None:
    async with serving(DoorProtocol) as served:
        _, writer = await served.open()
        writer.write(SHORT.replace(b"hello", b"hold").replace(b"h: 5", b"h: 4"))
        await asyncio.wait_for(served.mirror.held.wait(), PATIENCE_S)
        writer.transport.abort()
        await asyncio.sleep(0.05)
        served.mirror.hold.set()
        await asyncio.wait_for(served.mirror.finished.wait(), PATIENCE_S)

    assert served.server.server_state.total_requests == 0


async def test_a_server_that_stops_answers_first_and_says_that_it_was_the_last() -> None:
    async with serving(DoorProtocol) as served:
        reader, writer = await served.open()
        writer.write(SHORT.replace(b"hello", b"hold").replace(b"h: 5", b"h: 4"))
        await asyncio.wait_for(served.mirror.held.wait(), PATIENCE_S)
        served.server.should_exit = True
        await asyncio.sleep(0.3)
        served.mirror.hold.set()
        said = await asyncio.wait_for(reader.read(), PATIENCE_S)
        writer.close()

    assert b"HTTP/1.1 200 OK" in said
    assert b"connection: close" in said
    assert b'"body": "hold"' in said
