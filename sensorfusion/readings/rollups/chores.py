"""The chores that keep rollups up to date."""

import logging
import time
from collections.abc import Callable
from typing import Final

import psycopg

from sensorfusion.clock import Clock
from sensorfusion.readings.rollups.dirty_hours import advance
from sensorfusion.readings.rollups.rollups import Connection, SensorHour, make_anew, recut_days, set_aside

# Hours made at once: as many as take about this long. Readers read marked hours raw, so sooner is not better.
AT_ONCE_S: Final = 0.4
MOST_HOURS: Final = 4096

_log = logging.getLogger(__name__)


class Advance:
    """Moves on how far sensors are rolled up."""

    name = "advance"
    every_s = 30.0

    def __init__(self, now: Clock) -> None:
        self._now = now

    def run(self, connection: Connection) -> bool:
        with connection.transaction(), connection.cursor() as cursor:
            return advance(cursor, now=self._now())


class RollUp:
    """Makes marked hours anew, a batch at a time."""

    name = "roll up"
    every_s = 2.0

    def __init__(self, clock: Callable[[], float] = time.perf_counter) -> None:
        self._clock = clock
        self._hours = 16
        self._told: set[SensorHour] = set()  # hours that could not be made, each worth one line

    def run(self, connection: Connection) -> bool:
        return self.batch(connection) > 0

    def batch(self, connection: Connection) -> int:
        """Make one batch; return how many marks there were."""
        began = self._clock()
        try:
            done = make_anew(connection, hours=self._hours)
        except psycopg.DataError:
            return self._narrow_down(connection)
        took_s = self._clock() - began
        if took_s > 2 * AT_ONCE_S:
            self._hours = max(1, self._hours // 2)
        elif took_s < AT_ONCE_S / 2 and done == self._hours:
            self._hours = min(MOST_HOURS, self._hours * 2)
        return done

    def _narrow_down(self, connection: Connection) -> int:
        """Find the hour that cannot be made by making fewer at once; it then waits behind all others."""
        if self._hours == 1:
            hour = set_aside(connection)
            if hour not in self._told:
                self._told.add(hour)
                _log.exception("An hour cannot be rolled up and is read from its readings: sensor %s, %s", *hour)
            return 0
        self._hours //= 2
        return 1


class RecutDays:
    """Makes days and months anew where the site keeps another calendar now, and months where there are none yet."""

    name = "recut days"
    every_s = 10.0

    def run(self, connection: Connection) -> bool:
        return recut_days(connection)
