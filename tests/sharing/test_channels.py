"""When a channel reads, sends and ends, without a database."""

import asyncio
from contextlib import suppress
from datetime import datetime, timedelta

import pytest
from msgspec.structs import replace

from sensorfusion.clock import Clock
from sensorfusion.live.hub import DatabaseAway
from sensorfusion.live.protocol import CloseCode
from sensorfusion.sharing import channels
from sensorfusion.sharing.channels import Channel, Outlet
from sensorfusion.sharing.latest import Shared
from sensorfusion.sharing.reader import Opened
from tests.live.world import NOON, FakeDatabase, hub, uuid_of
from tests.patience import PATIENCE_S

Found = tuple[Shared, datetime | None] | None
NOTHING = Shared("pending", None, "", {})


def shows(number: str) -> Shared:
    return Shared("live", "2026-11-22T12:00:00+00:00", "12:00", {"temperature": (number, "°C", "")})


class Books:
    """Answers what is set, and says when it was asked."""

    def __init__(self, found: Found) -> None:
        self.found, self.is_away, self.reads = found, False, 0
        self.asked = asyncio.Event()

    async def about(self, token: str) -> Opened | None:
        return None

    async def latest(self, token: str, *, system: str) -> Found:
        self.reads += 1
        self.asked.set()
        if self.is_away:
            raise DatabaseAway
        return self.found

    async def read_again(self, channel: Channel) -> None:
        self.asked.clear()
        channel.stir()
        await asyncio.wait_for(self.asked.wait(), PATIENCE_S)


@pytest.fixture(autouse=True)
def at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(channels, "GAP_S", 0.0)
    monkeypatch.setattr(channels, "RETRY_S", 0.0)


def started(books: Books, *, now: Clock = lambda: NOON) -> tuple[Channel, Outlet, asyncio.Task[None]]:
    database = FakeDatabase([1])
    channel = Channel(Opened(1, {1: uuid_of(1)}, 1), token="t", system="metric", reads=books, now=now)
    outlet = Outlet()
    channel.outlets.add(outlet)
    running = asyncio.create_task(channel.run(hub=hub(database), readings=database))  # type: ignore[arg-type]
    return channel, outlet, running


async def test_a_change_that_shows_nothing_new_sends_nothing() -> None:
    books = Books((shows("12.5"), None))
    channel, outlet, running = started(books)
    await asyncio.wait_for(outlet.changed.wait(), PATIENCE_S)
    outlet.changed.clear()

    await books.read_again(channel)
    await books.read_again(channel)

    assert not outlet.changed.is_set()
    books.found = (shows("13.5"), None)
    await books.read_again(channel)
    await asyncio.wait_for(outlet.changed.wait(), PATIENCE_S)
    assert "13.5" in channel.message
    running.cancel()
    with suppress(asyncio.CancelledError):
        await running


async def test_a_link_that_shows_nothing_any_more_ends_the_channel() -> None:
    books = Books((NOTHING, None))
    channel, outlet, running = started(books)
    await asyncio.wait_for(outlet.changed.wait(), PATIENCE_S)

    books.found = None
    channel.stir()

    await asyncio.wait_for(running, PATIENCE_S)
    assert channel.closing is CloseCode.RIGHTS_GONE


async def test_a_link_expires_also_while_the_database_is_away() -> None:
    books = Books((NOTHING, NOON - timedelta(seconds=1)))
    channel, outlet, running = started(books)
    await asyncio.wait_for(outlet.changed.wait(), PATIENCE_S)

    books.is_away = True
    channel.stir()

    await asyncio.wait_for(running, PATIENCE_S)
    assert channel.closing is CloseCode.RIGHTS_GONE


async def test_a_channel_reads_again_when_the_day_of_the_site_ends(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(channels, "CHECKED_EVERY_S", 1e6)
    clock = [NOON]
    today = replace(shows("4.2 mm"), day_ends_at=(NOON + timedelta(milliseconds=50)).isoformat())
    books = Books((today, None))
    channel, outlet, running = started(books, now=lambda: clock[0])
    await asyncio.wait_for(outlet.changed.wait(), PATIENCE_S)
    outlet.changed.clear()

    books.found = (replace(shows("–"), day_ends_at=(NOON + timedelta(days=1)).isoformat()), None)
    clock[0] = NOON + timedelta(seconds=1)

    await asyncio.wait_for(outlet.changed.wait(), PATIENCE_S)
    assert "–" in channel.message
    running.cancel()
    with suppress(asyncio.CancelledError):
        await running
