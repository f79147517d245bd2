"""Identifies the sensor and the reading settings of a console, by the sensor's key or by the console's own identity.

Results are cached and invalidated as in `keys`: immediately when the sensor changes, and after a minute.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass, fields
from typing import cast

from psycopg_pool import AsyncConnectionPool

from sensorfusion.domain.consoles.readers import FieldUnits
from sensorfusion.events.control import Listener
from sensorfusion.events.messages import KeyChanged, Resumed
from sensorfusion.ingest.doors.consoles.reading import Settings
from sensorfusion.ingest.senders.cache import Cache
from sensorfusion.ingest.senders.database_lookups import ANSWER_WITHIN_S, DatabaseLookups
from sensorfusion.ingest.senders.keys import Keys
from sensorfusion.ingest.senders.sources import COLUMNS, Found
from sensorfusion.ingest.steps.batch import Source
from sensorfusion.ingest.steps.refused import RequestRefused
from sensorfusion.sensors.keys.secrets import console_digest, public_part

_BY_DIGEST = f"""
SELECT {COLUMNS}, c.field_units, c.rain_gauge
FROM sensors_console c JOIN sensors_sensor s ON s.id = c.sensor_id WHERE c.digest = %s
"""
_BY_SENSOR = f"""
SELECT {COLUMNS}, coalesce(c.field_units, 'as_named'), coalesce(c.rain_gauge, 'auto')
FROM sensors_sensor s LEFT JOIN sensors_console c ON c.sensor_id = s.id WHERE s.id = %s
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Station(Source):
    """The sensor that a console sends for."""

    settings: Settings


class Consoles:
    """Finds the sensor of a console and its reading settings; runs on the event loop."""

    def __init__(
        self,
        pool: AsyncConnectionPool,
        listener: Listener,
        keys: Keys,
        *,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._pool = pool
        self._keys = keys
        self._lookups: DatabaseLookups[bytes | int, tuple[Station, str] | None] = DatabaseLookups(
            self._find, clock=clock
        )
        self._remembered: Cache[bytes | int, Station] = Cache(self._lookups, listener, clock=clock)
        listener.on(KeyChanged, lambda changed: self._remembered.forget(lambda known: known.sensor == changed.sensor))
        listener.on(Resumed, lambda _: self._remembered.forget_all())

    async def identify(self, credential: str) -> Station:
        """Return the station with this key, PASSKEY, or ID and password.

        :raises RequestRefused: no_key, unknown_key, revoked_key, sensor_paused, overloaded or database_away.
        """
        if not credential or public_part(credential):
            return await self._station((await self._keys.identify(credential)).sensor)
        return await self._station(console_digest(credential))

    async def _station(self, asked: bytes | int) -> Station:
        if known := self._remembered.known(asked):
            return known
        generation = self._lookups.generation
        found = await self._lookups.of(asked)
        if found is None:
            raise RequestRefused("unknown_key", "This console belongs to no sensor.")
        station, status = found
        if status == "paused":
            raise RequestRefused("sensor_paused", sensor=station.sensor)
        self._remembered.remember(asked, station, since=generation)
        return station

    async def _find(self, asked: bytes | int) -> tuple[Station, str] | None:
        query = _BY_DIGEST if isinstance(asked, bytes) else _BY_SENSOR
        async with self._pool.connection(timeout=ANSWER_WITHIN_S) as connection:
            row = await (await connection.execute(query, [asked], prepare=True)).fetchone()
        if row is None:
            return None
        found = Found.of(row)
        units, rain_gauge = found.more
        known = {each.name: getattr(found.source(), each.name) for each in fields(Source)}
        return Station(**known, settings=Settings(cast(FieldUnits, units), rain_gauge)), found.status
