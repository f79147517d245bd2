"""Records names that gateways sent and no sensor has, so that operators see them on the sensors page.

Some gateways do not show the server's answer to their user. A name is written at most once a minute, a hundred names
are kept per operator, and names that were not sent for a month are deleted.
"""

import asyncio
import logging
import time
from collections.abc import Callable, Iterable

import psycopg
from psycopg_pool import AsyncConnectionPool, PoolTimeout

from sensorfusion.clock import Clock
from sensorfusion.domain.texts.folding import fold
from sensorfusion.ingest.steps.batch import Gateway

NOTED_EVERY_S = 60.0
MOST_OF_ONE = 100
MOST_NOTED = 10_000  # recently written names held in memory; when full, the record is cleared
AT_ONCE = 4

# Writes of one operator wait for each other, for each counts the rows of those before it.
_LOCK = "SELECT FROM accounts_operator WHERE id = %(operator)s FOR NO KEY UPDATE"
_FORGET = "DELETE FROM sensors_unknownname WHERE operator_id = %(operator)s AND last_at < %(now)s - interval '30 days'"
_NOTE = """
INSERT INTO sensors_unknownname (operator_id, name, name_folded, last_at)
SELECT %(operator)s, name, folded, %(now)s FROM unnest(%(names)s::text[], %(folded)s::text[]) AS named (name, folded)
WHERE EXISTS (SELECT FROM sensors_unknownname known WHERE known.operator_id = %(operator)s AND known.name = named.name)
OR (SELECT count(*) FROM sensors_unknownname known WHERE known.operator_id = %(operator)s) < %(most)s
ORDER BY name LIMIT %(most)s ON CONFLICT (operator_id, name) DO UPDATE SET last_at = excluded.last_at
"""

_log = logging.getLogger(__name__)


class UnknownNames:
    """Records names in the background, so that requests do not wait for it."""

    def __init__(self, pool: AsyncConnectionPool, *, now: Clock, clock: Callable[[], float] = time.monotonic) -> None:
        self._pool = pool
        self._now = now
        self._clock = clock
        self._noted: dict[tuple[int, str], float] = {}
        self._writing: set[asyncio.Task[None]] = set()

    def note(self, gateway: Gateway, names: Iterable[str]) -> None:
        """Record the names that were not recorded within the last minute."""
        now = self._clock()
        fresh = sorted(name for name in set(names) if self._noted.get((gateway.operator, name), 0.0) <= now)
        if not fresh or len(self._writing) >= AT_ONCE:
            return
        if len(self._noted) + len(fresh) > MOST_NOTED:
            self._noted.clear()
        self._noted |= {(gateway.operator, name): now + NOTED_EVERY_S for name in fresh[:MOST_OF_ONE]}
        task = asyncio.get_running_loop().create_task(self._write(gateway.operator, fresh[:MOST_OF_ONE]))
        self._writing.add(task)
        task.add_done_callback(self._writing.discard)

    async def _write(self, operator: int, names: list[str]) -> None:
        folded = [fold(name) for name in names]
        given = {"operator": operator, "names": names, "folded": folded, "most": MOST_OF_ONE, "now": self._now()}
        try:
            async with self._pool.connection() as connection, connection.transaction():
                await connection.execute(_LOCK, given)
                await connection.execute(_FORGET, given)
                await connection.execute(_NOTE, given)
        except (psycopg.Error, PoolTimeout) as error:
            _log.warning("Unknown sensor names of a gateway were not recorded: %s", error)

    async def stop(self) -> None:
        """Wait for the writes under way."""
        await asyncio.gather(*self._writing, return_exceptions=True)
