"""Keeps the offset of a device's local times, and reads what is stored of its sensor to decide by.

An offset is committed before a reading that was placed by it, so that the message has the same instant if it comes
again after a crash. All processes are told, because it is a part of the sources that they cache.
"""

from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from datetime import datetime
from typing import Any, NamedTuple

import psycopg
from psycopg_pool import AsyncConnectionPool

from sensorfusion.events.control import CHANNEL, payload
from sensorfusion.events.messages import KeyChanged
from sensorfusion.ingest.senders.database_lookups import ANSWER_WITHIN_S
from sensorfusion.ingest.steps.refused import RequestRefused
from sensorfusion.readings.stored.selection import select

_NEWEST = "SELECT observed_at, received_at FROM sensor_state WHERE sensor_id = %s AND observed_at IS NOT NULL"
_KEEP = "UPDATE sensors_sensor SET utc_offset_s = %s WHERE id = %s"
_ANNOUNCE = "SELECT pg_notify(%s, %s)"
_STORED = select('r.observed_at, r."values"', sensor="%s", at="ANY(%s)")


class Newest(NamedTuple):
    """The instant of a sensor's newest reading, and its arrival."""

    observed_at: datetime
    received_at: datetime


class UtcOffsets:
    """The offsets of all sensors. Every method raises `RequestRefused` (database_away) if the database is away."""

    def __init__(self, pool: AsyncConnectionPool) -> None:
        self._pool = pool

    async def keep(self, sensor: int, utc_offset_s: int | None) -> None:
        async with self._connection() as connection, connection.transaction():
            await connection.execute(_KEEP, [utc_offset_s, sensor])
            await connection.execute(_ANNOUNCE, [CHANNEL, payload(KeyChanged(sensor))])

    async def newest(self, sensor: int) -> Newest | None:
        async with self._connection() as connection:
            row = await (await connection.execute(_NEWEST, [sensor])).fetchone()
        return Newest(*row) if row else None

    async def stored(self, sensor: int, instants: Sequence[datetime]) -> Mapping[datetime, Mapping[str, Any]]:
        """Return the values that are stored at some instants."""
        async with self._connection() as connection:
            rows = await (await connection.execute(_STORED, [sensor, list(instants)])).fetchall()
        return dict(rows)

    @asynccontextmanager
    async def _connection(self) -> AsyncIterator[psycopg.AsyncConnection[Any]]:
        try:
            async with self._pool.connection(timeout=ANSWER_WITHIN_S) as connection:
                yield connection
        except psycopg.Error:
            raise RequestRefused("database_away") from None
