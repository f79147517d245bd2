"""Prebuilt frames, through a real server to a real client."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import replace
from typing import Any

import pytest
import uvicorn
import websockets.asyncio.client as client
from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol
from websockets.exceptions import ConnectionClosed

from sensorfusion.events.messages import StoredReading
from sensorfusion.live.mailbox import EXTENSION, LINE, Limits
from sensorfusion.live.protocol import Frame
from sensorfusion.live.routing import LiveSocket
from sensorfusion.server.uvicorn.websocket import FrameProtocol
from tests.conftest import Cast
from tests.live.conftest import Platform, django, token_of
from tests.live.world import NOON
from tests.patience import PATIENCE_S

pytestmark = pytest.mark.sockets
Application = Callable[[dict[str, Any], Any, Any], Awaitable[None]]


@asynccontextmanager
async def serving(
    application: Application, protocol: type[WebSocketsSansIOProtocol] = FrameProtocol
) -> AsyncIterator[str]:
    config = uvicorn.Config(
        application,
        port=0,
        ws=protocol,
        ws_per_message_deflate=False,
        log_config=None,
        lifespan="off",
    )
    server = uvicorn.Server(config)
    running = asyncio.create_task(server.serve())
    while not server.started:  # noqa: ASYNC110 - uvicorn has no event for it
        await asyncio.sleep(0.005)
    port = server.servers[0].sockets[0].getsockname()[1]
    yield f"ws://127.0.0.1:{port}/"
    server.should_exit = True
    await running


async def accepted(receive: Any, send: Any) -> None:
    await receive()
    await send({"type": "websocket.accept"})


async def test_prebuilt_frames_and_messages_arrive_in_order() -> None:
    texts = ["", "ł", "x" * 125, "x" * 126, "x" * 65_535, "x" * 65_536]

    async def application(scope: dict[str, Any], receive: Any, send: Any) -> None:
        write = scope["extensions"][EXTENSION]
        assert not write(Frame(b"too early").octets)
        await accepted(receive, send)
        for text in texts:
            frame = Frame(text.encode())
            while not write(frame.octets):  # noqa: ASYNC110 - only `send` waits for room
                await asyncio.sleep(0.001)
            await send(frame.event)
        await receive()

    async with serving(application) as url, client.connect(url) as socket:
        assert [await socket.recv() for _ in range(2 * len(texts))] == [text for text in texts for _ in range(2)]


async def test_an_open_socket_does_not_keep_the_headers_of_its_handshake() -> None:
    kept: asyncio.Future[tuple[bool, bool]] = asyncio.get_running_loop().create_future()

    async def application(scope: dict[str, Any], receive: Any, send: Any) -> None:
        protocol = scope["extensions"][EXTENSION].__self__
        before = hasattr(protocol, "response")
        await accepted(receive, send)
        kept.set_result((before, hasattr(protocol, "response")))
        await send({"type": "websocket.send", "text": "after"})
        await receive()

    async with serving(application) as url, client.connect(url) as socket:
        assert await socket.recv() == "after"
        assert kept.result() == (True, False)


async def test_a_full_transport_takes_nothing_more() -> None:
    written: asyncio.Future[int] = asyncio.get_running_loop().create_future()

    async def application(scope: dict[str, Any], receive: Any, send: Any) -> None:
        await accepted(receive, send)
        octets, count = Frame(b"x" * 10_000).octets, 0
        while scope["extensions"][EXTENSION](octets):
            count += 1
            await asyncio.sleep(0)
        written.set_result(count)
        await receive()

    async with serving(application) as url, client.connect(url, max_queue=1) as socket:
        count = await asyncio.wait_for(written, PATIENCE_S)

        assert [len(await socket.recv()) for _ in range(count)] == [10_000] * count


async def test_the_line_is_there_while_an_open_socket_has_room() -> None:
    lines: list[bool] = []
    is_full, is_read = asyncio.Event(), asyncio.Event()

    async def application(scope: dict[str, Any], receive: Any, send: Any) -> None:
        scope["extensions"][LINE](lambda line: lines.append(bool(line)))
        before = lines.copy()
        await accepted(receive, send)
        opened = lines.copy()
        while scope["extensions"][EXTENSION](Frame(b"x" * 10_000).octets):  # noqa: ASYNC110 - until it is full
            await asyncio.sleep(0)
        filled = lines.copy()
        is_full.set()
        await asyncio.wait_for(send({"type": "websocket.send", "text": "end"}), PATIENCE_S)
        emptied = lines.copy()
        is_read.set()
        await receive()
        assert [before[-1], opened[-1], filled[-1], emptied[-1]] == [False, True, False, True]

    async with serving(application) as url, client.connect(url, max_queue=1) as socket:
        await asyncio.wait_for(is_full.wait(), PATIENCE_S)
        while await asyncio.wait_for(socket.recv(), PATIENCE_S) != "end":
            pass
        await asyncio.wait_for(is_read.wait(), PATIENCE_S)
        assert lines[-1]

    assert not lines[-1]


@pytest.mark.parametrize("end", ["by the application", "by the client", "by the server", "by losing it"])
async def test_the_line_is_taken_away_before_a_socket_closes(end: str) -> None:
    lines: list[Callable[[bytes], None] | None] = []
    is_open, may_end = asyncio.Event(), asyncio.Event()

    async def application(scope: dict[str, Any], receive: Any, send: Any) -> None:
        scope["extensions"][LINE](lines.append)
        await accepted(receive, send)
        is_open.set()
        if end == "by the application":
            await may_end.wait()
            await send({"type": "websocket.close", "code": 4410})
            assert lines[-1] is None
        while (await receive())["type"] != "websocket.disconnect":
            pass
        assert lines[-1] is None
        may_end.set()

    async with serving(application) as url:
        socket = await client.connect(url)
        await asyncio.wait_for(is_open.wait(), PATIENCE_S)
        assert lines[-1] is not None
        if end == "by the application":
            may_end.set()
        elif end == "by the client":
            await socket.close()
        elif end == "by losing it":
            socket.transport.abort()
        if end != "by the server":
            await asyncio.wait_for(may_end.wait(), PATIENCE_S)
    await asyncio.wait_for(may_end.wait(), PATIENCE_S)

    assert lines[-1] is None


async def test_nothing_is_written_after_the_close_message() -> None:
    answers: asyncio.Future[list[bool]] = asyncio.get_running_loop().create_future()

    async def application(scope: dict[str, Any], receive: Any, send: Any) -> None:
        await accepted(receive, send)
        write = scope["extensions"][EXTENSION]
        before = write(Frame(b"last").octets)
        await send({"type": "websocket.close", "code": 4410})
        answers.set_result([before, write(Frame(b"too late").octets)])

    async with serving(application) as url, client.connect(url) as socket:
        assert await socket.recv() == "last"
        with pytest.raises(ConnectionClosed) as closed:
            await socket.recv()

    assert closed.value.rcvd is not None
    assert closed.value.rcvd.code == 4410
    assert await answers == [True, False]


async def test_a_client_that_does_not_read_can_be_closed() -> None:
    done: asyncio.Future[float] = asyncio.get_running_loop().create_future()

    async def application(scope: dict[str, Any], receive: Any, send: Any) -> None:
        await accepted(receive, send)
        while scope["extensions"][EXTENSION](Frame(b"x" * 60_000).octets):  # noqa: ASYNC110 - until it is full
            await asyncio.sleep(0)
        await asyncio.wait_for(send({"type": "websocket.close", "code": 4429}), PATIENCE_S)
        message = await asyncio.wait_for(receive(), PATIENCE_S)
        done.set_result(message["code"])

    async with serving(application) as url:
        socket = await client.connect(url, max_queue=1)
        assert await asyncio.wait_for(done, PATIENCE_S) == 4429
        socket.transport.abort()


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("protocol", [FrameProtocol, WebSocketsSansIOProtocol])
async def test_a_client_that_reads_nothing_is_cut_off_and_leaves_nothing_behind(
    protocol: type[WebSocketsSansIOProtocol], cast: Cast, platform: Platform
) -> None:
    hub, limits = platform.live.hub, Limits(blocked_s=0.3, goodbye_s=0.3)
    application = LiveSocket(replace(platform.live.around, limits=limits))
    token = await django(lambda: token_of(cast.owner))
    headers = {"Authorization": f"Bearer {token}"}
    async with serving(application, protocol) as url:
        async with client.connect(url, additional_headers=headers) as good:
            await good.send('{"action":"request.data"}')
            await good.recv()
            bad = await client.connect(url, additional_headers=headers, max_queue=1)
            await bad.send('{"action":"request.data"}')
            await bad.recv()

            seq = 0
            async with asyncio.timeout(PATIENCE_S):
                while hub.counts.sockets == 2:
                    seq += 1
                    hub.publish([StoredReading(cast.sensor.pk, seq, b'"%b"' % (b"x" * 100_000), NOON, NOON)])
                    await good.recv()

            assert hub.counts.too_slow == 1
            assert len(hub.topics[cast.sensor.pk].mailboxes) == 1
        bad.transport.abort()
