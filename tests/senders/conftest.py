"""Fixtures: the platform's own door behind a real HTTP server, and a proxy that records what clients send."""

import asyncio
import socket
from collections.abc import AsyncIterator
from dataclasses import dataclass, field

import pytest
import uvicorn

from sensorfusion.ingest.doors.readings import ReadingsDoor
from tests.ingest.conftest import MAX_BODY_BYTES, Server, key, server

__all__ = ["key", "server"]


@dataclass
class Line:
    """A recording proxy to the server; `requests` holds the bytes of each connection."""

    port: int
    key: str
    requests: list[bytes] = field(default_factory=list)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def recorded(self, number: int = -1) -> str:
        """Return a request as in recordings, with the address and the key of this run replaced."""
        text = self.requests[number].decode()
        return text.replace(f"127.0.0.1:{self.port}", "HOST").replace("127.0.0.1", "HOST").replace(self.key, "KEY")


@dataclass(frozen=True)
class Portal:
    """A captive portal: answers 200 with a page to every request."""

    port: int
    key: str = "sf_key"

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"


@pytest.fixture
async def portal() -> AsyncIterator[Portal]:
    async def welcome(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read(65536)
        writer.write(b"HTTP/1.0 200 OK\r\nContent-Length: 20\r\n\r\n<html>Sign in</html>")
        writer.close()

    async with await asyncio.start_server(welcome, "127.0.0.1", 0) as listening:
        yield Portal(listening.sockets[0].getsockname()[1])


@pytest.fixture
async def line(server: Server) -> AsyncIterator[Line]:
    door = ReadingsDoor(server.pipeline, max_body_bytes=MAX_BODY_BYTES)
    config = uvicorn.Config(door, lifespan="off", ws="none", log_level="error", server_header=False)
    http = uvicorn.Server(config)
    with socket.create_server(("127.0.0.1", 0)) as behind:
        serving = asyncio.create_task(http.serve(sockets=[behind]))
        line = Line(0, server.key)
        tap = await asyncio.start_server(_tapped(line, behind.getsockname()[1]), "127.0.0.1", 0)
        line.port = tap.sockets[0].getsockname()[1]
        yield line
        tap.close()
        http.should_exit = True
        await serving


def _tapped(line: Line, port: int):  # type: ignore[no-untyped-def]  # a callback of asyncio's streams
    async def pass_on(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        there, back = await asyncio.open_connection("127.0.0.1", port)
        line.requests.append(b"")
        number = len(line.requests) - 1

        async def out() -> None:
            while data := await reader.read(65536):
                line.requests[number] += data
                back.write(data)
            back.write_eof()

        going = asyncio.create_task(out())
        while data := await there.read(65536):
            writer.write(data)
        writer.close()
        going.cancel()
        back.close()

    return pass_on
