"""Sockets are bounded: messages before the client is known, pings, fragments, and what is no WebSocket at all."""

import asyncio
import logging
from contextlib import suppress
from typing import Any

import pytest
import websockets.asyncio.client as client
from websockets.exceptions import ConnectionClosed
from websockets.frames import Frame, Opcode

from sensorfusion.server.uvicorn import limits
from sensorfusion.server.uvicorn import websocket as bounded
from sensorfusion.server.uvicorn.http import DoorProtocol
from sensorfusion.web.sockets.handshakes import ADMIT, MOST_BYTES_BEFORE
from tests.patience import PATIENCE_S
from tests.server.uvicorn.test_http import serving as serving_doors
from tests.server.uvicorn.test_websocket import Application, accepted, serving

pytestmark = pytest.mark.sockets


def telling(*, most_bytes: int = 0) -> Application:
    """An application that answers each message with its length; it admits the client if `most_bytes` is given."""

    async def application(scope: dict[str, Any], receive: Any, send: Any) -> None:
        await accepted(receive, send)
        if most_bytes:
            scope["extensions"][ADMIT](most_bytes)
        while (message := await receive())["type"] == "websocket.receive":
            await send({"type": "websocket.send", "text": str(len(message.get("text") or message["bytes"]))})

    return application


async def closed_with(socket: client.ClientConnection) -> int:
    """Return the code with which the server closes a socket, 0 if it does so without one."""
    try:
        while True:
            await asyncio.wait_for(socket.recv(), PATIENCE_S)
    except ConnectionClosed as closed:
        return closed.rcvd.code if closed.rcvd else 0


async def test_messages_of_an_unknown_client_are_small() -> None:
    async with serving(telling()) as url, client.connect(url) as socket:
        await socket.send("x" * MOST_BYTES_BEFORE)
        assert await socket.recv() == str(MOST_BYTES_BEFORE)
        await socket.send("x" * (MOST_BYTES_BEFORE + 1))

        assert await closed_with(socket) == 1009


async def test_parts_of_an_unknown_client_s_message_are_no_way_round() -> None:
    async with serving(telling()) as url, client.connect(url) as socket:
        with suppress(ConnectionClosed):
            await socket.send(["x" * 1_000] * 100)

        assert await closed_with(socket) == 1009


async def test_messages_of_a_known_client_may_be_large() -> None:
    async with serving(telling(most_bytes=500_000)) as url, client.connect(url) as socket:
        await socket.send(["x" * 100_000] * 5)
        assert await socket.recv() == "500000"
        await socket.send("x" * 500_001)

        assert await closed_with(socket) == 1009


async def test_an_unknown_client_is_sent_away_after_a_while(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bounded, "WITHIN_S", -limits.HEAD_WITHIN_S + 0.2)
    async with serving(telling()) as url:
        unknown = await client.connect(url)

        assert await closed_with(unknown) == 0


async def test_pings_are_answered_within_a_rate(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bounded, "MOST_CONTROL_FRAMES", 20)
    async with serving(telling(most_bytes=9)) as url, client.connect(url) as socket:
        for _ in range(10):
            await asyncio.wait_for(await socket.ping(), PATIENCE_S)
        with suppress(ConnectionClosed):
            for _ in range(20):
                await socket.ping()

        assert await closed_with(socket) == bounded.POLICY_VIOLATION


async def test_a_client_that_does_not_read_gets_no_answers_to_its_pings() -> None:
    protocols: list[bounded.FrameProtocol] = []

    class Kept(bounded.FrameProtocol):
        def handle_ping(self) -> None:
            protocols.append(self)
            self.pause_writing()  # as the transport says when its buffer is full
            super().handle_ping()
            self.resume_writing()

    async with serving(telling(most_bytes=9), Kept) as url, client.connect(url) as socket:
        answered = await socket.ping()
        await socket.send("later")

        assert await socket.recv() == "5"
        assert protocols
        assert not asyncio.isfuture(answered) or not answered.done()


async def test_empty_fragments_are_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bounded, "MOST_FRAGMENTS", 100)
    async with serving(telling(most_bytes=9)) as url, client.connect(url) as socket:
        socket.transport.write(Frame(Opcode.TEXT, b"", fin=False).serialize(mask=True))
        socket.transport.write(Frame(Opcode.CONT, b"", fin=False).serialize(mask=True) * 300)

        assert await closed_with(socket) == 1009


async def test_what_is_no_utf_8_is_no_error_of_ours(caplog: pytest.LogCaptureFixture) -> None:
    async with serving(telling(most_bytes=9)) as url, client.connect(url) as socket:
        socket.transport.write(Frame(Opcode.TEXT, b"\xff").serialize(mask=True))

        assert await closed_with(socket) == bounded.NOT_UTF8
    assert not [record for record in caplog.records if record.levelno >= logging.ERROR]


@pytest.mark.parametrize(
    "head",
    [
        b"POST / HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nContent-Length: 0\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nContent-Length: 5\r\n\r\nhello",
    ],
)
async def test_a_handshake_that_is_none_is_answered_and_closed(head: bytes) -> None:
    async with serving_doors(DoorProtocol) as served:
        reader, writer = await served.open()
        writer.write(head)
        said = await asyncio.wait_for(reader.readuntil(b"\r\n\r\n"), PATIENCE_S)
        writer.close()

    assert said.startswith(b"HTTP/1.1 ")


async def test_a_closed_socket_keeps_nothing_of_a_message() -> None:
    protocols: list[bounded.FrameProtocol] = []

    class Kept(bounded.FrameProtocol):
        def connection_made(self, transport: Any) -> None:
            super().connection_made(transport)
            protocols.append(self)

    async with serving(telling(most_bytes=10**7), Kept) as url:
        socket = await client.connect(url)
        begun = Frame(Opcode.TEXT, b"x" * 60_000, fin=False).serialize(mask=True)
        socket.transport.write(begun + begun[: len(begun) // 2].replace(begun[:1], b"\x00", 1))
        [protocol] = protocols
        async with asyncio.timeout(PATIENCE_S):
            while not (protocol.frames and protocol.conn.reader.buffer):  # noqa: ASYNC110 - until it has arrived
                await asyncio.sleep(0.01)
            socket.transport.abort()
            while not protocol.disconnected:  # noqa: ASYNC110 - until the server knows
                await asyncio.sleep(0.01)

        assert not protocol.frames
        assert not protocol.conn.reader.buffer
