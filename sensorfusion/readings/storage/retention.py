"""Removes readings that are older than their retention period; their rollups stay.

Each step is a short transaction; a killed run is resumed by the next one:

1. Advance a sensor's `raw_kept_from`, never past the rolled-up range and never past a dirty hour. This holds the
   sensor's state row. A concurrent write fails when the border has moved, and the writer then rejects older readings,
   so readings that are about to be removed can no longer change or be added.
2. Detach and drop a month from which no sensor keeps anything: the cost does not depend on its size. Detaching blocks
   all readers and writers for some milliseconds; if its lock is not granted at once, it gives up and retries later.
3. In a month that some sensors keep, delete the other sensors' readings in small batches.

Removals are recorded in the same transaction, per sensor and month.
"""

import contextlib
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final

import psycopg
from psycopg import sql

from sensorfusion.clock import Clock
from sensorfusion.domain.keeping import kept_from
from sensorfusion.readings.stored import months
from sensorfusion.readings.stored.partitions import REMOVAL_LOCK, Month, bounds_of, month_of
from sensorfusion.readings.stored.selection import select

Connection = psycopg.Connection[Any]

BATCH: Final = 2_000  # rows per DELETE: about 20 ms
AT_ONCE_S: Final = 0.4
# Writers, which commit every few milliseconds, are blocked no longer than this.
LOCK_WITHIN_MS: Final = 100
TRIES, PAUSE_S = 5, 0.1

_MONTHS = "coalesce(sensor.keep_months, site.keep_months, 0)"
_OF_SENSORS = "FROM sensors_sensor AS sensor JOIN sensors_site AS site ON site.id = sensor.site_id"
_POLICIES = f"""
SELECT sensor.id, {_MONTHS}, site.name, sensor.name, rolled_up_until, raw_kept_from
{_OF_SENSORS} LEFT JOIN sensor_state AS state ON state.sensor_id = sensor.id
WHERE {_MONTHS} > 0 ORDER BY site.name, sensor.name, 1
"""
_HOLD = "SELECT rolled_up_until, raw_kept_from FROM sensor_state WHERE sensor_id = %s FOR UPDATE"
_WAITING = "SELECT min(hour) FROM dirty_hour WHERE sensor_id = %s"
_MOVE = "UPDATE sensor_state SET raw_kept_from = %s WHERE sensor_id = %s"
_FIRST_REMOVED = select(
    "r.observed_at",
    sensor="state.sensor_id",
    before="state.raw_kept_from",
    then="ORDER BY r.observed_at LIMIT 1",
)
_OLDEST = f"""
SELECT state.sensor_id, raw_kept_from, oldest.observed_at FROM sensor_state AS state CROSS JOIN LATERAL (
    {_FIRST_REMOVED}
) AS oldest WHERE raw_kept_from IS NOT NULL ORDER BY oldest.observed_at, 1
"""
_KEEPER = """
SELECT EXISTS (
    SELECT FROM sensors_sensor AS sensor LEFT JOIN sensor_state AS state ON state.sensor_id = sensor.id
    WHERE (raw_kept_from IS NULL OR raw_kept_from < %s)
        AND EXISTS ({held})
)
"""
_NOTE = """
INSERT INTO removal (sensor_id, month, readings, removed_at)
SELECT id, %s, readings, %s FROM unnest(%s::int[], %s::bigint[]) AS gone (sensor, readings)
JOIN sensors_sensor ON id = sensor
ON CONFLICT (sensor_id, month)
DO UPDATE SET readings = removal.readings + excluded.readings, removed_at = excluded.removed_at
"""
_EXPIRING = select(
    "date_trunc('month', r.observed_at, 'UTC'), count(*)", sensor="%s", before="%s", then="GROUP BY 1 ORDER BY 1"
)


@dataclass(frozen=True, slots=True)
class Expiring:
    """The readings of a sensor that exceed its retention period; `readings` counts them by month."""

    site: str
    sensor: str
    months: int
    before: datetime
    readings: dict[Month, int]
    rolled_up_until: datetime | None


def expiring(connection: Connection, *, now: datetime) -> Iterator[Expiring]:
    """Yield what retention would remove, by sensor, without changing anything."""
    for sensor, keep_months, site, name, rolled_up_until, _ in connection.execute(_POLICIES).fetchall():
        before = kept_from(now=now, months=keep_months)
        assert before
        counted = connection.execute(_EXPIRING, [sensor, before])
        readings = {month_of(month.astimezone(UTC)): count for month, count in counted}
        yield Expiring(site, name, keep_months, before, readings, rolled_up_until)


class Retention:
    """The chore that removes expired readings, a small part at a time."""

    name = "retention"
    every_s = 3600.0

    def __init__(self, now: Clock, sleep: Callable[[float], None] = time.sleep) -> None:
        self._now = now
        self._sleep = sleep

    def run(self, connection: Connection) -> bool:
        with _alone(connection) as is_alone:
            if not is_alone:  # a backup is running
                return False
            months.drop_left(connection)
            self._move_borders(connection)
            return self._remove(connection)

    def _move_borders(self, connection: Connection) -> None:
        for sensor, keep_months, _, _, reached, border in connection.execute(_POLICIES).fetchall():
            limit = kept_from(now=self._now(), months=keep_months)
            # Check without a lock: most borders cannot move, and their writers should not be blocked.
            if limit and reached and (border is None or border < min(limit, reached)):
                move_border(connection, sensor=sensor, limit=limit)

    def _remove(self, connection: Connection) -> bool:
        """Remove readings from the oldest month that has any to remove; False if there is none, or if it is locked."""
        oldest = connection.execute(_OLDEST).fetchall()
        if not oldest:
            return False
        month = month_of(oldest[0][2].astimezone(UTC))
        if not is_kept(connection, month):
            return self._drop(connection, month)
        began = time.monotonic()
        for sensor, until, at in oldest:
            if month_of(at.astimezone(UTC)) == month:
                while delete_batch(connection, month, sensor=sensor, until=until, now=self._now()) == BATCH:
                    if time.monotonic() - began > AT_ONCE_S:
                        return True
        return True

    def _drop(self, connection: Connection, month: Month) -> bool:
        for attempt in range(TRIES):
            if attempt:
                self._sleep(PAUSE_S)
            if detach(connection, month, now=self._now()):
                months.drop_left(connection)
                return True
        return False


def move_border(connection: Connection, *, sensor: int, limit: datetime) -> None:
    """Advance the border from which a sensor's readings are kept, as far as all earlier hours are rolled up."""
    with connection.transaction():
        state = connection.execute(_HOLD, [sensor]).fetchone()
        if state is None or state[0] is None:
            return
        # Only now: marks that a writer left are visible once we hold the state row.
        waiting = connection.execute(_WAITING, [sensor]).fetchone()
        border = min(each for each in (limit, state[0], waiting and waiting[0]) if each is not None)
        if state[1] is None or border > state[1]:
            connection.execute(_MOVE, [border, sensor])


def is_kept(connection: Connection, month: Month) -> bool:
    """Return whether any sensor keeps readings of this month."""
    keeper = sql.SQL(_KEEPER).format(held=months.held_by(month, "sensor.id"))
    row = connection.execute(keeper, [bounds_of(month)[1]]).fetchone()
    return bool(row and row[0])


def detach(connection: Connection, month: Month, *, now: datetime) -> bool:
    """Detach a month that no sensor keeps and record its readings as removed; False if it is locked at the moment."""
    counts = months.counts(connection, month)  # they can no longer change
    try:
        with connection.transaction():
            connection.execute(f"SET LOCAL lock_timeout = {LOCK_WITHIN_MS}")
            months.hold_all(connection)
            if is_kept(connection, month):  # a late reading of a sensor that keeps the month has arrived meanwhile
                return False
            months.set_aside(connection, month)
            _note(connection, month, counts, now)
    except psycopg.errors.LockNotAvailable:
        return False
    return True


def delete_batch(connection: Connection, month: Month, *, sensor: int, until: datetime, now: datetime) -> int:
    """Delete a batch of a sensor's oldest readings of a month before `until`; return their number."""
    with connection.transaction():
        deleted = months.delete_oldest(connection, month, sensor=sensor, until=until, many=BATCH)
        if deleted:
            _note(connection, month, [(sensor, deleted)], now)
    return deleted


def _note(connection: Connection, month: Month, counts: list[tuple[int, int]], now: datetime) -> None:
    sensors, readings = [each[0] for each in counts], [each[1] for each in counts]
    connection.execute(_NOTE, [bounds_of(month)[0].date(), now, sensors, readings])


@contextlib.contextmanager
def _alone(connection: Connection) -> Iterator[bool]:
    row = connection.execute("SELECT pg_try_advisory_lock(%s)", [REMOVAL_LOCK]).fetchone()
    is_alone = bool(row and row[0])
    try:
        yield is_alone
    finally:
        if is_alone and not connection.closed:
            connection.execute("SELECT pg_advisory_unlock(%s)", [REMOVAL_LOCK])
