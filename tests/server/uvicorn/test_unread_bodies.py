"""An answer that comes before the end of a body reaches its client, which sends on without listening."""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest
import uvicorn

from sensorfusion.server.uvicorn import http
from sensorfusion.server.uvicorn.http import DoorProtocol
from tests.patience import PATIENCE_S

pytestmark = pytest.mark.sockets

SIZE = 20_000_000  # more than all buffers of a connection on this machine hold
PART = b"x" * 65_536
ANSWER = b"HTTP/1.1 413"


async def refusing(scope: Any, receive: Any, send: Any) -> None:
    """Answers 413 from the head, as a door does, or after the first part of the body; other requests with 200."""
    if scope["path"] == "/late":
        await receive()
    status = 200 if scope["method"] == "GET" else 413
    headers = [(b"content-length", b"2"), *([(b"connection", b"close")] if scope["path"] == "/closing" else [])]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": b"no"})


@asynccontextmanager
async def connection() -> AsyncIterator[tuple[asyncio.StreamReader, asyncio.StreamWriter]]:
    config = uvicorn.Config(refusing, port=0, http=DoorProtocol, lifespan="off", log_config=None)
    config.load()
    server = uvicorn.Server(config)
    server.lifespan = config.lifespan_class(config)
    await server.startup()
    reader, writer = await asyncio.open_connection(*server.servers[0].sockets[0].getsockname())
    try:
        yield reader, writer
    finally:
        writer.close()
        with contextlib.suppress(ConnectionError):
            await writer.wait_closed()
        await server.shutdown()


async def send_all(writer: asyncio.StreamWriter, size: int, *, chunked: bool) -> None:
    """Send a body of this size without looking for an answer."""
    for _ in range(size // len(PART)):
        writer.write(b"%x\r\n%b\r\n" % (len(PART), PART) if chunked else PART)
        await writer.drain()
    writer.write(b"0\r\n\r\n" if chunked else PART[: size % len(PART)])
    await writer.drain()


def head(path: str, *headers: bytes, chunked: bool) -> bytes:
    length = b"Transfer-Encoding: chunked" if chunked else b"Content-Length: %d" % SIZE
    return b"\r\n".join([f"POST {path} HTTP/1.1".encode(), b"Host: localhost", length, *headers, b"", b""])


@pytest.mark.parametrize("chunked", [False, True], ids=["length", "chunked"])
@pytest.mark.parametrize("path", ["/early", "/late", "/closing"])
@pytest.mark.parametrize("ending", [(), (b"Connection: close",)], ids=["kept", "ending"])
async def test_answer_reaches_a_client_that_sends_everything_first(
    path: str, ending: tuple[bytes, ...], chunked: bool
) -> None:
    async with asyncio.timeout(PATIENCE_S), connection() as (reader, writer):
        writer.write(head(path, *ending, chunked=chunked))
        await send_all(writer, SIZE, chunked=chunked)

        assert (await reader.readuntil(b"\r\n\r\n")).startswith(ANSWER)
        assert await reader.readexactly(2) == b"no"
        if ending or path == "/closing":
            assert await reader.read() == b""
        else:
            writer.write(b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n")
            assert (await reader.readuntil(b"\r\n\r\n")).startswith(b"HTTP/1.1 200")


@pytest.mark.parametrize("ending", [(), (b"Connection: close",)], ids=["kept", "ending"])
async def test_rest_is_bounded_by_its_size(ending: tuple[bytes, ...], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(http, "MOST_DROPPED_BYTES", 1_000_000)
    async with asyncio.timeout(PATIENCE_S), connection() as (_, writer):
        writer.write(head("/early", *ending, chunked=True))
        with pytest.raises(ConnectionError):
            await send_all(writer, SIZE * 10, chunked=True)


@pytest.mark.parametrize("ending", [(), (b"Connection: close",)], ids=["kept", "ending"])
async def test_rest_is_bounded_by_its_time(ending: tuple[bytes, ...], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(http, "DROP_WITHIN_S", 0.1)
    async with asyncio.timeout(PATIENCE_S), connection() as (reader, writer):
        writer.write(head("/early", *ending, chunked=False) + PART)

        assert (await reader.readuntil(b"\r\n\r\n")).startswith(ANSWER)
        assert await reader.read() == b"no"


async def test_client_that_asks_first_is_answered_and_sends_nothing() -> None:
    async with asyncio.timeout(PATIENCE_S), connection() as (reader, writer):
        writer.write(head("/early", b"Expect: 100-continue", chunked=False))

        assert (await reader.readuntil(b"\r\n\r\n")).startswith(ANSWER)
        assert await reader.read() == b"no"


async def test_several_bodies_of_a_connection_are_each_dropped(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(http, "MOST_DROPPED_BYTES", SIZE)
    async with asyncio.timeout(PATIENCE_S), connection() as (reader, writer):
        for _ in range(3):
            writer.write(head("/early", chunked=False))
            await send_all(writer, SIZE, chunked=False)
            assert (await reader.readuntil(b"\r\n\r\n")).startswith(ANSWER)
            assert await reader.readexactly(2) == b"no"
