"""Several processes with Redis show the same as one; they catch up after Redis was down."""

import asyncio
from pathlib import Path

import pytest
import redis

from tests.crash.conftest import Start
from tests.journeys.people import Owner, Station, Watcher, end, until

pytestmark = [pytest.mark.crash, pytest.mark.sockets, pytest.mark.redis]


async def test_every_process_shows_every_reading_also_when_redis_forgets(
    data: Path, start: Start, redis_url: str
) -> None:
    platform = start(data, "--workers", "2", given={"REDIS_URL": redis_url})
    owner = Owner.register(platform.url)
    station, watchers = Station(owner), [Watcher(owner) for _ in range(8)]
    running = [asyncio.create_task(watcher.watch()) for watcher in watchers]
    sending = asyncio.create_task(station.send())

    await until(lambda: len(station.acknowledged) >= 100)
    for _ in range(5):  # messages in Redis are lost
        await asyncio.to_thread(cut_off_everybody, redis_url)
        await asyncio.sleep(0.2)
    await until(lambda: len(station.acknowledged) >= 400)
    station.stop()
    await sending
    stored = await asyncio.to_thread(owner.stored)

    everything = list(range(1, len(stored) + 1))
    await until(lambda: all(watcher.last_seq == everything[-1] for watcher in watchers))
    await end(*running)
    assert [reading["seq"] for reading in stored] == everything
    for watcher in watchers:
        assert [reading["seq"] for reading in watcher.received] == everything


def cut_off_everybody(redis_url: str) -> None:
    with redis.Redis.from_url(redis_url) as client:
        client.client_kill_filter(_type="pubsub")
        client.client_kill_filter(_type="normal", skipme=True)
