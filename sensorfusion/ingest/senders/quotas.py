"""Counts what each site stores, and refuses the requests of sites that have used up a quota.

A request costs one look-up in a set and one addition. In the background the counts of this process are added to the
table `site_usage`, which all processes share, and the sites at their limits are read from it: every few seconds while
this process stores readings, or some site is at a limit, else not at all. So a site may go over its limit by what it
stores within these seconds.
"""

import asyncio
import logging
from typing import Any, Final, NamedTuple

import psycopg
from django.conf import settings
from psycopg_pool import AsyncConnectionPool

from sensorfusion.clock import Clock
from sensorfusion.domain.quotas.usage import LONGEST_WAIT, MEGABYTE, seconds_to_next_day
from sensorfusion.events.tasks import end
from sensorfusion.ingest.steps.refused import RequestRefused

EVERY_S: Final = 3.0

# Sites that were deleted meanwhile are left out; all processes lock rows in the same order.
_ADD = """
INSERT INTO site_usage AS known (site_id, day, readings)
SELECT site.id, (%(now)s::timestamptz AT TIME ZONE site.time_zone)::date, given.readings
FROM unnest(%(sites)s::bigint[], %(readings)s::bigint[]) AS given (site, readings)
JOIN sensors_site site ON site.id = given.site
ORDER BY site.id
ON CONFLICT (site_id, day) DO UPDATE SET readings = known.readings + excluded.readings
"""
# The bytes are measured now and then: the newest figure of today or yesterday counts.
_USED_UP = """
SELECT site.id, site.time_zone, today.readings, stored.bytes
FROM sensors_site site
LEFT JOIN site_usage today
    ON today.site_id = site.id AND today.day = (%(now)s::timestamptz AT TIME ZONE site.time_zone)::date
LEFT JOIN LATERAL (
    SELECT bytes FROM site_usage measured WHERE measured.site_id = site.id AND measured.bytes IS NOT NULL
    AND measured.day >= (%(now)s::timestamptz AT TIME ZONE site.time_zone)::date - 1 ORDER BY measured.day DESC LIMIT 1
) stored ON true
WHERE (%(readings)s > 0 AND today.readings >= %(readings)s) OR (%(bytes)s > 0 AND stored.bytes >= %(bytes)s)
"""

_log = logging.getLogger(__name__)


class Limits(NamedTuple):
    """The quotas of each site; 0 for none."""

    readings_per_day: int
    stored_bytes: int


def limits() -> Limits:
    """Return the limits of the settings."""
    environment = settings.ENVIRONMENT
    return Limits(environment.site_readings_per_day, environment.site_stored_mb * MEGABYTE)


class _UsedUp(NamedTuple):
    """Why a site is refused, and its time zone if the next day changes that."""

    detail: str
    time_zone: str


class SiteQuotas:
    """The quotas of all sites, as one process knows them; used on the event loop."""

    def __init__(self, pool: AsyncConnectionPool, *, limits: Limits, now: Clock) -> None:
        self._pool = pool
        self._limits = limits
        self._now = now
        self._used_up: dict[int, _UsedUp] = {}
        self._stored: dict[int, int] = {}  # of each site since the last time
        self._touched = asyncio.Event()  # something is to be counted
        self._task: asyncio.Task[None] | None = None

    def check(self, site: int) -> None:
        """Check that a site may store readings.

        :raises RequestRefused: quota.
        """
        if site in self._used_up:
            raise self._refusal(self._used_up[site])

    def stored(self, site: int, readings: int) -> None:
        """Count readings that a site has stored."""
        if site in self._stored:
            self._stored[site] += readings
        elif site:
            self._stored[site] = readings
            self._touched.set()

    def start(self) -> None:
        self._task = asyncio.create_task(self._run(), name="site quotas")

    async def stop(self) -> None:
        """Write the last counts."""
        if self._task:
            await end([self._task])
            self._task = None
            await self._tried()

    async def refresh(self) -> None:
        """Write the counts since the last time, and read which sites have used up a quota.

        :raises psycopg.Error: the counts are written with the next ones.
        """
        if any(self._stored.values()):
            await self._write()
        async with self._pool.connection() as connection:
            rows = await (await connection.execute(_USED_UP, self._asked())).fetchall()
        self._used_up = {site: self._why(*why) for site, *why in rows}

    async def _write(self) -> None:
        counts, self._stored = self._stored, {}
        given = {"sites": list(counts), "readings": list(counts.values()), "now": self._now()}
        try:
            async with self._pool.connection() as connection:
                await connection.execute(_ADD, given)
        except BaseException:  # also when it is cancelled
            for site, readings in counts.items():
                self.stored(site, readings)
            raise

    def _asked(self) -> dict[str, Any]:
        return {"readings": self._limits.readings_per_day, "bytes": self._limits.stored_bytes, "now": self._now()}

    def _why(self, time_zone: str, readings: int | None, stored_bytes: int | None) -> _UsedUp:
        most_bytes, most = self._limits.stored_bytes, self._limits.readings_per_day
        if most_bytes and (stored_bytes or 0) >= most_bytes:
            return _UsedUp(
                f"The site's readings take {most_bytes // MEGABYTE:,} MB, which is as much as they may. Shorten its "
                "retention, delete readings, or ask the server's administrator.",
                "",
            )
        return _UsedUp(
            f"The site has stored {most:,} readings today, which is as many as it may. "
            "It may store more from its next day on.",
            time_zone,
        )

    def _refusal(self, why: _UsedUp) -> RequestRefused:
        longest = int(LONGEST_WAIT.total_seconds())
        wait_s = seconds_to_next_day(self._now(), why.time_zone) if why.time_zone else longest
        return RequestRefused("quota", why.detail, retry_after_s=wait_s)

    async def _run(self) -> None:
        while True:
            self._touched.clear()
            await self._tried()
            await asyncio.sleep(EVERY_S)
            if not self._used_up:  # which the next day, deletions or another limit would change
                await self._touched.wait()

    async def _tried(self) -> None:
        try:
            await self.refresh()
        except psycopg.Error as error:
            self._touched.set()
            _log.warning("The usage of sites was not recorded, trying again: %s", type(error).__name__)
