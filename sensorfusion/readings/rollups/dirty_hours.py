"""Marks on dirty hours, and the border of rollups. `readings.rollups.rollups` explains why this is safe.

A late, corrected, excluded or deleted reading marks its hour as dirty; the chores recompute it.

Functions take a cursor inside a transaction, Django's or psycopg's.
"""

from datetime import UTC, datetime, timedelta
from typing import Any, Final

from sensorfusion.readings.stored.reads import first_since

HOUR: Final = timedelta(hours=1)
# Readings may arrive this long after the end of their hour without causing it to be rolled up twice.
PATIENCE: Final = timedelta(minutes=5)
# Hours passed per transaction, so that a sensor's state row is locked for some milliseconds only.
STRETCH: Final = timedelta(days=31)

_HOLD = "SELECT rolled_up_until FROM sensor_state WHERE sensor_id = %s FOR UPDATE"
_LOOK = "SELECT rolled_up_until FROM sensor_state WHERE sensor_id = %s"
_MARK = """
INSERT INTO dirty_hour (sensor_id, hour)
SELECT %s, hour FROM generate_series(%s::timestamptz, %s::timestamptz - interval '1 microsecond', '1 h') AS hour
"""
_BEHIND = """
SELECT sensor_id, rolled_up_until, date_bin('1 h', least(%(now)s, observed_at) - %(patience)s, 'epoch')
FROM sensor_state WHERE observed_at IS NOT NULL AND (
    rolled_up_until IS NULL OR rolled_up_until < date_bin('1 h', least(%(now)s, observed_at) - %(patience)s, 'epoch')
) ORDER BY sensor_id LIMIT 1 FOR UPDATE
"""
_ADVANCE = "UPDATE sensor_state SET rolled_up_until = %s WHERE sensor_id = %s"


def hour_of(instant: datetime) -> datetime:
    """Return the beginning of an instant's hour."""
    return instant.astimezone(UTC).replace(minute=0, second=0, microsecond=0)


def mark(cursor: Any, *, sensor: int, start: datetime, end: datetime) -> None:
    """Mark the hours of [start, end) dirty; required of all code that changes which stored readings count.

    Call it before readings are changed or deleted, in the same transaction. It returns holding the lock on the sensor's
    state row, so commit soon.
    """
    # Mark most hours without the lock. The border may advance meanwhile, and the hours that it passes may be rolled up
    # without our change. They are marked in a second step, under the lock, when the border cannot move any more.
    seen = _mark_until(cursor, _LOOK, sensor, start, end)
    _mark_until(cursor, _HOLD, sensor, start if seen is None else max(start, seen), end)


def _mark_until(cursor: Any, query: str, sensor: int, start: datetime, end: datetime) -> datetime | None:
    until: datetime | None = _one(cursor, query, [sensor])
    if until is not None and (begin := max(start, _begin(cursor, sensor, start))) < (last := min(end, until)):
        cursor.execute(_MARK, [sensor, hour_of(begin), last])
    return until


def _begin(cursor: Any, sensor: int, start: datetime) -> datetime:
    """Return the time of the first reading from `start` on, so that years without readings get no marks."""
    first = first_since(cursor, sensor=sensor, start=start)
    return datetime.max.replace(tzinfo=UTC) if first is None else first


def advance(cursor: Any, *, now: datetime) -> bool:
    """Advance the border of one sensor, marking the hours passed; False if no border needs to advance.

    The border advances in whole hours, up to the newest reading and the current time, less `PATIENCE`. It blocks on the
    sensor's row lock: skipping locked rows would starve sensors that are written constantly. It cannot deadlock,
    because it waits for a single row lock while holding none.
    """
    cursor.execute(_BEHIND, {"now": now, "patience": PATIENCE})
    behind = cursor.fetchone()
    if behind is None:
        return False
    sensor, until, target = behind
    first = first_since(cursor, sensor=sensor, start=until)
    begin = target if first is None else min(max(until or hour_of(first), hour_of(first)), target)
    end = min(target, begin + STRETCH)
    cursor.execute(_MARK, [sensor, begin, end])
    cursor.execute(_ADVANCE, [end, sensor])
    return True


def _one(cursor: Any, query: str, parameters: list[Any]) -> Any:
    cursor.execute(query, parameters)
    row = cursor.fetchone()
    return row[0] if row else None
