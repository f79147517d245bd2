"""Records weather consoles that send but belong to no sensor, so that their owner can claim them.

Their readings are never stored. Anyone can send such requests, so everything is bounded: each console is written at
most once a minute, few writes run at a time, and only the most recently seen consoles are kept, per network and in
all. A console that was not seen for a week is deleted.
"""

import asyncio
import logging
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass

import psycopg
from psycopg_pool import AsyncConnectionPool, PoolTimeout

from sensorfusion.clock import Clock
from sensorfusion.events.metrics import Counter

AGAIN_AFTER_S = 60.0
REMEMBERED = 1_000
AT_ONCE = 4
MOST_PER_NETWORK = 10
MOST_IN_ALL = 500
FORGOTTEN_AFTER_DAYS = 7

SEEN = Counter("sensorfusion_unclaimed_requests", "Requests of weather consoles that belong to no sensor.", ["door"])

# Writes wait for each other, for each counts the rows of those before it.
# See readings/storage/chores.py for the other keys.
_LOCK = "SELECT pg_advisory_xact_lock(x'5E500013'::int)"
_NOTE = """
INSERT INTO sensors_unclaimedconsole (digest, shows, ending, model, door, network, first_seen_at, last_seen_at)
VALUES (%(digest)s, %(shows)s, %(ending)s, %(model)s, %(door)s, %(network)s, %(now)s, %(now)s)
ON CONFLICT (digest) DO UPDATE SET model = excluded.model, door = excluded.door, network = excluded.network,
    last_seen_at = excluded.last_seen_at
"""
_FORGET = """
DELETE FROM sensors_unclaimedconsole WHERE last_seen_at < %(now)s - make_interval(days => %(days)s)
    OR id IN (SELECT id FROM sensors_unclaimedconsole WHERE network = %(network)s
              ORDER BY last_seen_at DESC OFFSET %(per_network)s)
    OR id IN (SELECT id FROM sensors_unclaimedconsole ORDER BY last_seen_at DESC OFFSET %(in_all)s)
"""

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class ShownConsole:
    """A console as it identified itself; `ending` helps people recognise it and is never the whole secret."""

    digest: bytes
    shows: str
    ending: str
    model: str
    door: str
    network: str


class UnclaimedConsoles:
    """Records consoles in the background, so that requests do not wait for it."""

    def __init__(self, pool: AsyncConnectionPool, *, now: Clock, clock: Callable[[], float] = time.monotonic) -> None:
        self._pool = pool
        self._now = now
        self._clock = clock
        self._noted: OrderedDict[bytes, float] = OrderedDict()
        self._writing: set[asyncio.Task[None]] = set()

    def note(self, shown: ShownConsole) -> None:
        """Record a console, unless it was recorded a moment ago or too many writes are under way."""
        SEEN.add(1, shown.door)
        now = self._clock()
        if now < self._noted.get(shown.digest, 0.0) or len(self._writing) >= AT_ONCE:
            return
        self._noted[shown.digest] = now + AGAIN_AFTER_S
        if len(self._noted) > REMEMBERED:
            self._noted.popitem(last=False)
        task = asyncio.get_running_loop().create_task(self._write(shown), name="note a console")
        self._writing.add(task)
        task.add_done_callback(self._writing.discard)

    async def _write(self, shown: ShownConsole) -> None:
        row = {name: getattr(shown, name) for name in ("digest", "shows", "ending", "model", "door", "network")}
        now = self._now()
        limits = {"days": FORGOTTEN_AFTER_DAYS, "per_network": MOST_PER_NETWORK, "in_all": MOST_IN_ALL}
        try:
            async with self._pool.connection() as connection, connection.transaction():
                await connection.execute(_LOCK)
                await connection.execute(_NOTE, {**row, "now": now})
                await connection.execute(_FORGET, {**limits, "network": shown.network, "now": now})
        except (psycopg.Error, PoolTimeout) as error:
            _log.warning("An unclaimed console was not recorded: %s", type(error).__name__)

    async def stop(self) -> None:
        """Wait for the writes under way."""
        await asyncio.gather(*self._writing, return_exceptions=True)
