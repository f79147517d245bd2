"""Snapshot, stream and the ranges of gaps together equal a new snapshot, for any sequence of events."""

import asyncio
from collections.abc import Iterable
from typing import Any
from unittest.mock import patch

from hypothesis import given, settings
from hypothesis import strategies as st

from sensorfusion.events.messages import StoredReading
from sensorfusion.live import protocol, topic
from sensorfusion.live.mailbox import Limits
from tests.live.clockwork import run
from tests.live.world import Client, FakeDatabase, hub

SENSORS = (1, 2, 3, 4)  # the last one has no followers at first
CLIENTS = (0, 1, 2)
TINY = Limits(frames=2, octets=600)  # so that a slow client is conflated after a few readings

sensors = st.sampled_from(SENSORS)
clients = st.sampled_from(CLIENTS)
fates = st.sampled_from(["announced", "announced", "announced", "twice", "delayed", "delayed", "lost"])
batches = st.lists(st.tuples(sensors, st.integers(0, 5)), min_size=1, max_size=6)
waits = st.sampled_from([0.0, 0.001, 0.025, 0.06, 0.5])
writing = st.tuples(st.just("write"), batches, fates)
streaming = st.sampled_from(["stream", "meanwhile", "meanwhile"])
stream = st.tuples(streaming, sensors, st.integers(1, 12), st.sampled_from([0.0, 0.001, 0.007, 0.025]))
operations = st.one_of(
    *(writing, writing, writing, stream, stream),
    st.tuples(st.just("arrive"), st.booleans()),
    *(st.tuples(st.just("wait"), waits),) * 3,
    *(st.tuples(st.just("connect"), clients, st.sets(sensors, min_size=1), st.booleans()),) * 2,
    st.tuples(st.just("again"), clients, sensors),
    st.tuples(st.just("leave"), clients, sensors),
    st.tuples(st.just("disconnect"), clients),
    *(st.tuples(st.just("fill"), clients),) * 2,
    st.tuples(st.just("drain"), clients),
    st.tuples(st.just("compare")),
    st.tuples(st.just("slow_database"), st.sampled_from([0.0, 0.002, 0.02, 0.2])),
    st.tuples(st.just("database_fails"), st.integers(1, 2)),
)


class Story:
    """An environment in which each operation is a method, and after which all pending work completes."""

    def __init__(self) -> None:
        self.database = FakeDatabase(SENSORS)
        self.hub = hub(self.database)
        self.clients = {name: Client(self.database, self.hub, TINY) for name in CLIENTS}
        self.follows: dict[int, set[int]] = {name: set() for name in CLIENTS}
        self.streams: list[asyncio.Task[None]] = []
        self.under_way: list[list[StoredReading]] = []
        self.lost: set[int] = set()
        self.value = 0

    async def play(self, name: str, *arguments: Any) -> None:
        await getattr(self, name)(*arguments)

    async def write(self, batch: list[tuple[int, int]], fate: str) -> None:
        stored = []
        for sensor, minute in batch:
            self.value += 1
            stored.append(self.database.store(sensor, minute, self.value))
        if fate == "lost":
            self.lost |= {sensor for sensor, _ in batch}
        if fate in ("announced", "twice"):
            self.hub.publish(stored)
        if fate in ("delayed", "twice"):
            self.under_way.append(stored)

    async def stream(self, sensor: int, count: int, every_s: float) -> None:
        for minute in range(count):
            await self.write([(sensor, minute)], "announced")
            await asyncio.sleep(every_s)

    async def meanwhile(self, sensor: int, count: int, every_s: float) -> None:
        """Stream while the operations run."""
        self.streams.append(asyncio.create_task(self.stream(sensor, count, every_s)))

    async def arrive(self, is_newest: bool) -> None:
        if self.under_way:
            self.hub.publish(self.under_way.pop(-1 if is_newest else 0))

    async def wait(self, seconds: float) -> None:
        await asyncio.sleep(seconds)

    async def connect(self, name: int, wanted: set[int], from_the_start: bool) -> None:
        await self.clients[name].disconnect()
        self.follows[name] |= wanted
        self.clients[name].connect(self.follows[name], from_the_start=from_the_start)

    async def again(self, name: int, sensor: int) -> None:
        if self.clients[name].is_connected:
            self.clients[name].read()
            self.follows[name].add(sensor)
            self.clients[name].subscribe([sensor])

    async def leave(self, name: int, sensor: int) -> None:
        self.clients[name].unsubscribe(sensor)
        await self.again(name, sensor)

    async def disconnect(self, name: int) -> None:
        await self.clients[name].disconnect()

    async def fill(self, name: int) -> None:
        self.clients[name].socket.fill()

    async def drain(self, name: int) -> None:
        self.clients[name].socket.drain()

    async def compare(self) -> None:
        self.database.failures = 0
        await self.hub.compare()

    async def slow_database(self, seconds: float) -> None:
        self.database.delay_s = seconds

    async def database_fails(self, times: int) -> None:
        self.database.failures = times

    async def rest(self) -> None:
        """Wait until all pending messages have arrived."""
        self.database.failures = 0
        await asyncio.gather(*self.streams)
        for name, client in self.clients.items():
            if client.socket.code is not None or not client.is_connected:
                await self.connect(name, set(), False)
            client.socket.drain()
        while self.under_way:
            await self.arrive(False)
        await asyncio.sleep(5)

    async def heal(self, *, by_comparing: bool) -> None:
        """Make up for lost announcements: at the next one, or at the next comparison."""
        if by_comparing:
            await self.compare()
        else:
            await self.write([(sensor, 0) for sensor in SENSORS], "announced")
        await asyncio.sleep(5)

    def check(self, sensors: Iterable[int]) -> None:
        for client in self.clients.values():
            client.read()
            for sensor in client.began.keys() & set(sensors):
                assert client.rows[sensor] == client.expected(sensor)
                assert client.has[sensor] == self.database.seq[sensor]

    async def end(self) -> None:
        for client in self.clients.values():
            await client.disconnect()
        await self.hub.close()


async def play(story: list[tuple[Any, ...]], *, by_comparing: bool) -> None:
    world = Story()
    await world.connect(0, {1, 2, 3}, True)
    await world.connect(1, {1, 2}, False)
    for operation in story:
        await world.play(*operation)
    await world.rest()
    world.check(set(SENSORS) - world.lost)
    await world.heal(by_comparing=by_comparing)
    world.check(SENSORS)
    assert not world.hub._behind
    await world.end()


@settings(max_examples=200, deadline=None)
@given(story=st.lists(operations, min_size=15, max_size=50), by_comparing=st.booleans())
def test_whatever_happens_a_client_ends_with_every_change_exactly_once(
    story: list[tuple[Any, ...]], by_comparing: bool
) -> None:
    with (
        # Small enough for forty operations to exceed them.
        patch.object(protocol, "CATCH_UP_READINGS", 8),
        patch.object(protocol, "FRAME_READINGS", 2),
        patch.object(topic, "KEPT", 4),
        patch.object(topic, "EARLY", 2),
    ):
        run(play(story, by_comparing=by_comparing))
