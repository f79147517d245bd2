"""The chores that keep rollups up to date."""

import logging
import time
from collections.abc import Callable
from typing import Final

import psycopg

from sensorfusion.clock import Clock
from sensorfusion.readings.rollups.dirty_hours import advance
from sensorfusion.readings.rollups.rollups import (
    Chosen,
    Connection,
    SensorHour,
    recompute,
    recut_days,
    sensor_to_recut,
    set_aside,
)
from sensorfusion.readings.rollups.slow_sensors import LIMIT_S, SlowSensors

# Target duration of a batch, which determines its number of hours. Dirty hours are read raw until then, so speed is not
# essential.
AT_ONCE_S: Final = 0.4
MOST_HOURS: Final = 4096
# Of one statement over all days of one sensor, which cannot be done in parts; 30 years take a second or two.
RECUT_LIMIT_S: Final = 10.0
LONGEST_RECUT_LIMIT_S: Final = 160.0

_log = logging.getLogger(__name__)


class Advance:
    """Advances the border up to which sensors are rolled up."""

    name = "advance"
    every_s = 30.0

    def __init__(self, now: Clock) -> None:
        self._now = now

    def run(self, connection: Connection) -> bool:
        with connection.transaction(), connection.cursor() as cursor:
            return advance(cursor, now=self._now())


class RollUp:
    """Recomputes dirty hours, a batch at a time.

    A batch that takes too long is rolled back and halved until the sensor is found that it is due to. That one is then
    left out of batches and tried by itself, see `slow_sensors`.
    """

    name = "roll up"
    every_s = 5.0  # readings are used where hours are not rolled up yet

    def __init__(self, clock: Callable[[], float] = time.perf_counter, *, limit_s: float = LIMIT_S) -> None:
        self._clock = clock
        self._limit_s = limit_s
        self._slow = SlowSensors(clock)
        self._hours = 16
        self._told: set[SensorHour] = set()  # hours that failed; each is logged once

    def run(self, connection: Connection) -> bool:
        return self.batch(connection) > 0

    def batch(self, connection: Connection) -> int:
        """Recompute one batch; return the number of marks processed, or 1 if it is to be tried again with fewer."""
        slow = self._slow.due()
        if slow is not None:
            return self._retry(connection, slow)
        began = self._clock()
        chosen = Chosen(without=self._slow.all)
        try:
            done = recompute(connection, hours=self._hours, chosen=chosen, limit_s=self._limit_s)
        except psycopg.DataError:
            return self._narrow_down(connection, chosen)
        except psycopg.errors.QueryCanceled:
            return self._put_off(connection, chosen)
        took_s = self._clock() - began
        if took_s > 2 * AT_ONCE_S:
            self._hours = max(1, self._hours // 2)
        elif took_s < AT_ONCE_S / 2 and done == self._hours:
            self._hours = min(MOST_HOURS, self._hours * 2)
        return done

    def _put_off(self, connection: Connection, chosen: Chosen) -> int:
        """Take a smaller batch; if it was one hour, its sensor is tried after all others."""
        if self._hours > 1:
            self._hours = max(1, self._hours // 8)
            return 1
        self._failed(set_aside(connection, chosen), limit_s=self._limit_s)
        return 1

    def _retry(self, connection: Connection, sensor: int) -> int:
        """Recompute one hour of a slow sensor; return 1 to go on with the others."""
        began, chosen, limit_s = self._clock(), Chosen(only=sensor), self._slow.limit_s(sensor)
        try:
            done = recompute(connection, hours=1, chosen=chosen, limit_s=limit_s)
        except (psycopg.DataError, psycopg.errors.QueryCanceled):
            self._failed(set_aside(connection, chosen), limit_s=limit_s)
        else:
            if done:
                self._slow.worked(sensor, took_s=self._clock() - began)
            else:
                self._slow.done(sensor)
        return 1

    def _failed(self, hour: SensorHour, *, limit_s: float) -> None:
        if self._slow.failed(hour[0], limit_s=limit_s):
            _log.warning("Rolling up an hour takes too long; others go first: sensor %s, %s", *hour)

    def _narrow_down(self, connection: Connection, chosen: Chosen) -> int:
        """Halve the batch until the failing hour is found; then move it to the end of the queue."""
        if self._hours == 1:
            hour = set_aside(connection, chosen)
            if hour not in self._told:
                self._told.add(hour)
                _log.exception("An hour cannot be rolled up; charts use its readings instead: sensor %s, %s", *hour)
            return 0
        self._hours //= 2
        return 1


class RecutDays:
    """Recomputes days and months after a change of the site's calendar, and months that do not exist yet.

    A sensor that takes too long is tried again after all others, ever more rarely and with more time.
    """

    name = "recut days"
    every_s = 10.0

    def __init__(self, clock: Callable[[], float] = time.monotonic, *, limit_s: float = RECUT_LIMIT_S) -> None:
        self._limit_s = limit_s
        self._slow = SlowSensors(clock, longest_limit_s=LONGEST_RECUT_LIMIT_S)

    def run(self, connection: Connection) -> bool:
        slow = self._slow.due()
        sensor = sensor_to_recut(connection, Chosen(without=self._slow.all)) if slow is None else slow
        if sensor is None:
            return False
        limit_s = self._limit_s if slow is None else self._slow.limit_s(sensor)
        try:
            recut_days(connection, sensor=sensor, limit_s=limit_s)
        except psycopg.errors.QueryCanceled:
            if self._slow.failed(sensor, limit_s=limit_s):
                _log.warning("Days of a new calendar take too long; others go first: sensor %s", sensor)
        else:
            self._slow.done(sensor)
        return True
