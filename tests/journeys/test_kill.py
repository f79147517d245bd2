"""Acknowledged means committed: kill -9 at any moment loses no acknowledged reading."""

import asyncio
import socket
from datetime import datetime
from pathlib import Path

import pytest

from tests.crash.conftest import Start
from tests.crash.platform import postmaster
from tests.journeys.people import FIRST, Owner, Station, Watcher, end, until

pytestmark = [pytest.mark.crash, pytest.mark.sockets]


def free_port() -> str:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return str(probe.getsockname()[1])


async def test_no_acknowledged_reading_is_lost_by_kill_9(data: Path, start: Start) -> None:
    port = free_port()
    platform = start(data, "--port", port)
    owner = Owner.register(platform.url)
    station, watcher = Station(owner), Watcher(owner)
    sending, watching = asyncio.create_task(station.send()), asyncio.create_task(watcher.watch())

    for enough, victim in ((300, "platform"), (600, "database")):  # in the middle of a stream of posts
        await until(lambda enough=enough: len(station.acknowledged) >= enough)  # type: ignore[misc]
        if victim == "database":  # without the chance to write anything more to the disk
            postmaster(data).kill()
        platform.process.kill()
        platform.process.wait()
        platform = await asyncio.to_thread(start, data, "--port", port)
    await until(lambda: len(station.acknowledged) >= 900)
    station.stop()
    await sending
    stored = await asyncio.to_thread(owner.stored)

    by_number = {number_of(reading["observed_at"]): reading["values"] for reading in stored}
    lost = {number: values for number, values in station.acknowledged.items() if by_number.get(number) != values}
    assert not lost
    assert station.failures, "the kills were not noticed, so nothing was tested"
    assert [reading["seq"] for reading in stored] == list(range(1, len(stored) + 1))

    await until(lambda: watcher.last_seq >= stored[-1]["seq"])
    await end(watching)
    assert [reading["seq"] for reading in watcher.received] == list(range(1, len(stored) + 1))
    assert watcher.breaks >= 2


def number_of(observed_at: str) -> int:
    return int(datetime.fromisoformat(observed_at).timestamp()) - FIRST
