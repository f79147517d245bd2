"""Marks on hours that are to be rolled up, and how far rollups go. `readings.rollups` tells why it is safe.

Functions take a cursor inside a transaction, Django's or psycopg's.
"""

from datetime import UTC, datetime, timedelta
from typing import Any, Final

HOUR: Final = timedelta(hours=1)
# How long after an hour's end its readings may come and still be rolled up once only.
PATIENCE: Final = timedelta(minutes=5)
# Hours passed at once, so that a sensor's state is held for some milliseconds only.
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
_FIRST_SINCE = """
SELECT min(observed_at) FROM reading WHERE sensor_id = %s AND observed_at >= coalesce(%s, '-infinity'::timestamptz)
"""
_ADVANCE = "UPDATE sensor_state SET rolled_up_until = %s WHERE sensor_id = %s"


def hour_of(instant: datetime) -> datetime:
    """Return when the hour begins that an instant is in."""
    return instant.astimezone(UTC).replace(minute=0, second=0, microsecond=0)


def mark(cursor: Any, *, sensor: int, start: datetime, end: datetime) -> None:
    """Have the hours of [start, end) made anew; for whoever changes what counts of stored readings.

    Call it before readings are changed or deleted, in the same transaction. Holds the sensor's state when it returns:
    commit soon.
    """
    # The long part without holding the state. While it is being written, the border may move on: the hours that it
    # passes meanwhile may be made without our change, so they are marked too, once nobody can move it any more.
    seen = _mark_until(cursor, _LOOK, sensor, start, end)
    _mark_until(cursor, _HOLD, sensor, start if seen is None else max(start, seen), end)


def _mark_until(cursor: Any, query: str, sensor: int, start: datetime, end: datetime) -> datetime | None:
    until: datetime | None = _one(cursor, query, [sensor])
    if until is not None and (begin := max(start, _begin(cursor, sensor, start))) < (last := min(end, until)):
        cursor.execute(_MARK, [sensor, hour_of(begin), last])
    return until


def _begin(cursor: Any, sensor: int, start: datetime) -> datetime:
    """Return the first reading from `start` on, so that no mark is left on years without any."""
    first: datetime | None = _one(cursor, _FIRST_SINCE, [sensor, start])
    return datetime.max.replace(tzinfo=UTC) if first is None else first


def advance(cursor: Any, *, now: datetime) -> bool:
    """Move the border of one sensor on, marking the hours passed; False when all are where they should be.

    It moves whole hours, to behind the newest reading and behind now. It waits for who writes the sensor's readings:
    whoever left a sensor out for that would never come to one that is written all the time. Who waits for one row only,
    holding none, takes part in no deadlock.
    """
    cursor.execute(_BEHIND, {"now": now, "patience": PATIENCE})
    behind = cursor.fetchone()
    if behind is None:
        return False
    sensor, until, target = behind
    first = _one(cursor, _FIRST_SINCE, [sensor, until])
    begin = target if first is None else min(max(until or hour_of(first), hour_of(first)), target)
    end = min(target, begin + STRETCH)
    cursor.execute(_MARK, [sensor, begin, end])
    cursor.execute(_ADVANCE, [end, sensor])
    return True


def _one(cursor: Any, query: str, parameters: list[Any]) -> Any:
    cursor.execute(query, parameters)
    row = cursor.fetchone()
    return row[0] if row else None
