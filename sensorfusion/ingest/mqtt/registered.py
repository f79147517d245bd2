"""Finds the sensor of a message: by the sensor's own id, or by a site and the device's name there.

Results are cached, and invalidated when a sensor changes (`events.control`), as in `senders.keys`.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass
from uuid import UUID

from psycopg_pool import AsyncConnectionPool

from sensorfusion.domain.texts.folding import fold
from sensorfusion.events.control import Listener
from sensorfusion.events.messages import KeyChanged, Resumed, SensorChanged
from sensorfusion.ingest.senders.cache import Cache
from sensorfusion.ingest.senders.database_lookups import ANSWER_WITHIN_S, DatabaseLookups
from sensorfusion.ingest.senders.gateways import is_storable
from sensorfusion.ingest.senders.sources import COLUMNS, Found
from sensorfusion.ingest.steps.batch import Source
from sensorfusion.ingest.steps.refused import RequestRefused

_BY_ID = f"SELECT {COLUMNS} FROM sensors_sensor s WHERE s.uuid = %(device)s"
_BY_NAME = f"""
SELECT {COLUMNS} FROM sensors_sensor s JOIN sensors_site t ON t.id = s.site_id
WHERE t.uuid = %(site)s AND (s.external_id = %(device)s OR s.external_id_folded = %(folded)s
    OR s.name = %(device)s OR s.name_folded = %(folded)s)
ORDER BY s.external_id = %(device)s DESC, s.external_id_folded = %(folded)s DESC, s.name = %(device)s DESC LIMIT 1
"""


@dataclass(frozen=True, slots=True)
class Name:
    """A sensor as named by a message: a site and a device's external id or name, or only the sensor's own id."""

    device: str
    site: str = ""

    def __str__(self) -> str:
        return f"{self.device} of site {self.site}" if self.site else self.device


class Registered:
    """Finds sensors by name; runs on the event loop."""

    def __init__(
        self, pool: AsyncConnectionPool, listener: Listener, *, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._pool = pool
        self._lookups: DatabaseLookups[Name, Found | None] = DatabaseLookups(self._find, clock=clock)
        self._remembered: Cache[Name, Source] = Cache(self._lookups, listener, clock=clock)
        for kind in (KeyChanged, SensorChanged, Resumed):
            listener.on(kind, lambda _: self._remembered.forget_all())

    async def source(self, name: Name) -> Source:
        """Return the sensor of this name.

        :raises RequestRefused: unknown_sensor, sensor_paused, overloaded or database_away.
        """
        if known := self._remembered.known(name):
            return known
        generation = self._lookups.generation
        found = await self._lookups.of(name)
        if found is None:
            raise RequestRefused("unknown_sensor", _unknown(name))
        if found.status == "paused":
            raise RequestRefused("sensor_paused", sensor=found.sensor)
        source = found.source()
        self._remembered.remember(name, source, since=generation)
        return source

    async def _find(self, name: Name) -> Found | None:
        if not _is_uuid(name.site or name.device) or not is_storable(name.device):
            return None
        query, given = (
            _BY_NAME if name.site else _BY_ID,
            {"device": name.device, "folded": fold(name.device), "site": name.site},
        )
        async with self._pool.connection(timeout=ANSWER_WITHIN_S) as connection:
            row = await (await connection.execute(query.encode(), given, prepare=True)).fetchone()
        return Found.of(row) if row else None


def _is_uuid(text: str) -> bool:
    try:
        return str(UUID(text)) == text.lower()
    except ValueError:
        return False


def _unknown(name: Name) -> str:
    if name.site:
        return f"No sensor of the site is known elsewhere as {name.device[:128]!r}. Register one, and say so there."
    return f"There is no sensor {name.device[:64]!r}. The id is the one in the address of the sensor's page."
