"""Counts refused requests and rejected readings for the metrics, and reports them to the sensor's page.

Some are announced at once to those who have the page open; all kinds of them are kept as notices.
"""

import asyncio
import logging
import time
from collections import Counter as Counted
from collections.abc import Callable, Coroutine, Iterable, Sequence
from typing import Any

import psycopg
from psycopg_pool import AsyncConnectionPool, PoolTimeout

from sensorfusion.clock import Clock
from sensorfusion.events.control import CHANNEL, payload
from sensorfusion.events.messages import ReadingsRefused
from sensorfusion.events.metrics import Counter
from sensorfusion.ingest.steps.batch import Gateway, Note, Source
from sensorfusion.ingest.steps.notices import Notices
from sensorfusion.ingest.steps.receipts import Rejected
from sensorfusion.ingest.steps.refused import RequestRefused
from sensorfusion.ingest.steps.set_ups import SetUps
from sensorfusion.readings.storage.wire import instant

REFUSED = Counter("sensorfusion_refused_requests", "Requests refused as a whole.", ["code"])
REJECTED = Counter("sensorfusion_rejected_readings", "Readings, or quantities of them, that were not stored.", ["code"])

# People read these: a burst and then one a second per sensor is plenty, and a broken fleet must not keep the database
# busy. The newest one of what is left out follows when its second is over.
BURST = 10
PER_SENSOR_S = 1.0
AT_ONCE = 40
MOST_NOTED = 10_000  # rejections of one request; a reading may hold hundreds
# Nothing that the owner of the sensor could change, and the sender tries again.
_OF_THE_SERVER = frozenset({"overloaded", "database_away"})

# One notice for all names, which would otherwise displace the notices of everything else.
_OF_MANY_NAMES = frozenset({"too_many_names"})

# Shown to those who set a sensor up from the network of the request.
_OF_NO_SENSOR = frozenset({"unknown_key", "no_key"})

_log = logging.getLogger(__name__)


class RefusalLog:
    """Counts refusals and announces a limited number of them to every process."""

    def __init__(
        self,
        pool: AsyncConnectionPool,
        notices: Notices,
        *,
        now: Clock,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._pool = pool
        self._notices = notices
        self._now = now
        self._clock = clock
        self._told: dict[int, float] = {}  # sensor: when its burst would be whole again
        self._newest: dict[int, ReadingsRefused] = {}  # left out so far, of those that wait for their second
        self.set_ups = SetUps(clock=clock)
        self._telling: set[asyncio.Task[None]] = set()

    def of_request(
        self, refused: RequestRefused, source: Source | Gateway | None, notes: Sequence[Note] = (), address: str = ""
    ) -> None:
        """Record a request that was refused as a whole; `source` is None if the refusal came before identification."""
        REFUSED.add(1, refused.code)
        if refused.code in _OF_NO_SENSOR and refused.sensor is None:
            for waiting in self.set_ups.at(address):
                self._tell(waiting, refused.status, refused.code, f"From {address}: {refused.detail}")
        sensor = source.sensor if isinstance(source, Source) else refused.sensor
        reasons = refused.receipt.rejected if refused.receipt else ()
        detail = reasons[0].detail if reasons else refused.detail
        code = reasons[0].code if reasons else refused.code
        if sensor is not None and refused.code != "database_away":
            self._tell(sensor, refused.status, code, detail)
        if sensor is not None and refused.code not in _OF_THE_SERVER:
            self._notices.note(sensor, [*notes, *(_notes(reasons[:MOST_NOTED]) or [Note(code, "", detail)])])

    def of_site(self, site: str, notes: Sequence[Note]) -> None:
        """Record what arrived for a site from devices that no sensor has."""
        self._notices.note_site(site, notes)

    def of_readings(self, rejected: Sequence[Rejected], source: Source | None, notes: Sequence[Note] = ()) -> None:
        """Record rejected readings and notes of a request; `source` is None if they belong to no sensor."""
        if not rejected and not notes:
            return
        if source:
            self._notices.note(source.sensor, [*notes, *_notes(rejected[:MOST_NOTED])])
        for code, count in Counted(one.code for one in rejected).items():
            REJECTED.add(count, code)
        if source and rejected:
            self._tell(source.sensor, 200, rejected[0].code, rejected[0].detail)

    def _tell(self, sensor: int, status: int, code: str, detail: str) -> None:
        event = ReadingsRefused(sensor, instant(self._now()), status, code, detail[:500])
        if sensor in self._newest:
            self._newest[sensor] = event
        elif len(self._telling) >= AT_ONCE:
            return
        elif self._has_turn(sensor):
            self._start(self._announce(event))
        else:
            self._newest[sensor] = event
            self._start(self._announce_newest(sensor))

    def _has_turn(self, sensor: int) -> bool:
        if len(self._told) > 10_000:
            self._told.clear()
        now = self._clock()
        whole_at = max(now, self._told.get(sensor, now)) + PER_SENSOR_S
        if whole_at > now + BURST * PER_SENSOR_S:
            return False
        self._told[sensor] = whole_at
        return True

    def _start(self, telling: Coroutine[Any, Any, None]) -> None:
        task = asyncio.get_running_loop().create_task(telling, name="tell a refusal")
        self._telling.add(task)
        task.add_done_callback(self._telling.discard)

    async def _announce_newest(self, sensor: int) -> None:
        try:
            await asyncio.sleep(PER_SENSOR_S)
        finally:
            newest = self._newest.pop(sensor)
        self._told[sensor] = self._clock() + BURST * PER_SENSOR_S
        await self._announce(newest)

    async def _announce(self, event: ReadingsRefused) -> None:
        try:
            async with self._pool.connection() as connection:
                await connection.execute("SELECT pg_notify(%s, %s)", [CHANNEL, payload(event)])
        except (psycopg.Error, PoolTimeout) as error:
            _log.warning("A refusal was not announced to the sensor's page: %s", error)

    async def stop(self) -> None:
        """Wait for the announcements under way."""
        await asyncio.gather(*self._telling, return_exceptions=True)


def _notes(rejected: Iterable[Rejected]) -> list[Note]:
    return [
        Note(each.code, "" if each.code in _OF_MANY_NAMES else each.quantity or "", each.detail) for each in rejected
    ]
