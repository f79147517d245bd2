"""SQL of the poller, which runs on the event loop and so does not use Django's models."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

import psycopg

DUE_AT_ONCE = 200

# A paused sensor accepts no readings, so it is not polled.
_DUE = """
SELECT p.sensor_id, s.uuid::text, p.url, p.headers, p.fields, p.time_path, p.interval_s, p.changed_at, p.next_at,
    p.failures, s.site_id
FROM sensors_poll p JOIN sensors_sensor s ON s.id = p.sensor_id
WHERE p.is_on AND s.status <> 'paused' AND p.next_at <= %s ORDER BY p.next_at LIMIT %s
"""
_NEXT = """
SELECT min(p.next_at) FROM sensors_poll p JOIN sensors_sensor s ON s.id = p.sensor_id
WHERE p.is_on AND s.status <> 'paused'
"""
_ANSWERED = """
UPDATE sensors_poll SET next_at = %s, answered_at = %s, failing_since = NULL, failures = 0, trouble = '', left_out = %s
WHERE sensor_id = %s AND changed_at = %s
"""
_FAILED = """
UPDATE sensors_poll SET next_at = %s, failing_since = coalesce(failing_since, %s), failures = failures + 1, trouble = %s
WHERE sensor_id = %s AND changed_at = %s
"""
_TEXT = 500  # characters of the columns


@dataclass(frozen=True, slots=True)
class Due:
    """One poll that is due. `changed_at` detects that an editor changed the poll meanwhile."""

    sensor: int
    uuid: str
    url: str
    headers: str = field(repr=False)
    fields: str
    time_path: str
    interval_s: int
    changed_at: datetime
    next_at: datetime
    failures: int
    site: int


async def due(connection: psycopg.AsyncConnection, *, now: datetime) -> Sequence[Due]:
    """Return the polls that are due, the longest overdue first."""
    found = await connection.execute(_DUE, [now, DUE_AT_ONCE])
    return [Due(*row) for row in await found.fetchall()]


async def next_at(connection: psycopg.AsyncConnection) -> datetime | None:
    """Return when the next poll is due, or was if it is being made; None if nothing is polled."""
    row = await (await connection.execute(_NEXT)).fetchone()
    return row[0] if row else None


async def answered(
    connection: psycopg.AsyncConnection, one: Due, *, at: datetime, next_at: datetime, left_out: str
) -> None:
    """Record a successful poll."""
    await connection.execute(_ANSWERED, [next_at, at, left_out[:_TEXT], one.sensor, one.changed_at])


async def failed(
    connection: psycopg.AsyncConnection, one: Due, *, at: datetime, next_at: datetime, trouble: str
) -> None:
    """Record a failed poll and its reason."""
    await connection.execute(_FAILED, [next_at, at, trouble[:_TEXT], one.sensor, one.changed_at])
