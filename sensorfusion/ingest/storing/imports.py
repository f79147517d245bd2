"""Counts what imports store, and stops those whose site or operator has used up a quota.

A site's imports have a count of their own beside that of its devices: a file never makes the doors refuse a device.
"""

import logging
from collections.abc import Callable, Sequence
from contextlib import closing
from datetime import UTC
from typing import Any, Final

import psycopg
from django.conf import settings

from sensorfusion.clock import Clock
from sensorfusion.domain.quotas.usage import MEGABYTE
from sensorfusion.ingest.steps.batch import Outcome
from sensorfusion.ingest.steps.refused import RequestRefused
from sensorfusion.ingest.storing.connection import Stored
from sensorfusion.ingest.storing.rows import WriteRequest

Store = Callable[[Sequence[WriteRequest]], Stored]

_USED_UP: Final = """
SELECT site.name, site.time_zone, today.imported >= nullif(%(readings)s, 0)
FROM sensors_site site
LEFT JOIN site_usage today
    ON today.site_id = site.id AND today.day = (%(now)s::timestamptz AT TIME ZONE site.time_zone)::date
LEFT JOIN LATERAL (
    SELECT bytes FROM site_usage measured WHERE measured.site_id = site.id AND measured.bytes IS NOT NULL
    ORDER BY measured.day DESC LIMIT 1
) stored ON true
WHERE site.id IN (SELECT site_id FROM sensors_sensor WHERE id = ANY(%(sensors)s))
    AND (today.imported >= nullif(%(readings)s, 0) OR stored.bytes >= nullif(%(bytes)s, 0))
ORDER BY site.id LIMIT 1
"""
_BY_OPERATOR: Final = """
SELECT imported FROM operator_usage WHERE operator_id = %(operator)s AND day = %(today)s AND imported >= %(limit)s
"""
# All processes lock rows in the same order.
_COUNT: Final = """
INSERT INTO site_usage AS known (site_id, day, imported)
SELECT site.id, (%(now)s::timestamptz AT TIME ZONE site.time_zone)::date, sum(given.readings)
FROM unnest(%(sensors)s::bigint[], %(stored)s::bigint[]) AS given (sensor, readings)
JOIN sensors_sensor sensor ON sensor.id = given.sensor
JOIN sensors_site site ON site.id = sensor.site_id
GROUP BY site.id ORDER BY site.id
ON CONFLICT (site_id, day) DO UPDATE SET imported = known.imported + excluded.imported
"""
_COUNT_OPERATOR: Final = """
INSERT INTO operator_usage AS known (operator_id, day, imported)
SELECT id, %(today)s, %(total)s FROM accounts_operator WHERE id = %(operator)s
ON CONFLICT (operator_id, day) DO UPDATE SET imported = known.imported + excluded.imported
"""

_log = logging.getLogger(__name__)


class NoRoom(Exception):
    """A quota is used up, and nothing of the batch is stored; the message says why, and what to do."""


class Counted:
    """Stores the batches of one import, and counts them; a quota may be exceeded by one batch."""

    def __init__(
        self, store: Store, conninfo: str, *, operator: int | None, now: Clock, is_limited: bool = True
    ) -> None:
        """Count for the sites of the sensors, and for an operator if there is one."""
        self._store = store
        self._conninfo = conninfo
        self._operator = operator
        self._now = now
        self._is_limited = is_limited

    def store(self, write_requests: Sequence[WriteRequest]) -> Stored:
        """Store a batch.

        :raises NoRoom: a quota is used up; nothing of the batch is stored.
        """
        try:
            connection = psycopg.connect(self._conninfo, autocommit=True)
        except psycopg.OperationalError:
            return _away(write_requests)
        with closing(connection):
            try:
                if self._is_limited:
                    self._require_room(connection, write_requests)
            except psycopg.OperationalError:
                return _away(write_requests)
            stored = self._store(write_requests)
            self._count(connection, write_requests, stored)
            return stored

    def _require_room(self, connection: psycopg.Connection, write_requests: Sequence[WriteRequest]) -> None:
        environment = settings.ENVIRONMENT
        most, most_mb = environment.site_readings_per_day, environment.site_stored_mb
        sensors = [each.source.sensor for each in write_requests]
        given = {**self._given(), "readings": most, "bytes": most_mb * MEGABYTE, "sensors": sensors}
        if used_up := connection.execute(_USED_UP, given).fetchone():
            raise NoRoom(_full(*used_up, most=most, most_mb=most_mb))
        limit = environment.operator_imported_per_day
        if limit and connection.execute(_BY_OPERATOR, {**given, "limit": limit}).fetchone():
            raise NoRoom(
                f"you have imported {limit:,} readings today, which is as many as an operator may. Continue after "
                "midnight UTC, or ask the server's administrator to raise OPERATOR_IMPORTED_PER_DAY."
            )

    def _count(self, connection: psycopg.Connection, write_requests: Sequence[WriteRequest], stored: Stored) -> None:
        counts = [answer.accepted if isinstance(answer, Outcome) else 0 for answer in stored.answers]
        if not sum(counts):
            return
        given = {
            **self._given(),
            "sensors": [each.source.sensor for each in write_requests],
            "stored": counts,
            "total": sum(counts),
        }
        try:  # what is stored is stored, and must be told as stored
            connection.execute(_COUNT, given)
            connection.execute(_COUNT_OPERATOR, given)
        except psycopg.Error as error:
            _log.warning("%d imported readings were not counted: %s", sum(counts), type(error).__name__)

    def _given(self) -> dict[str, Any]:
        now = self._now()
        return {"now": now, "today": now.astimezone(UTC).date(), "operator": self._operator}


def _away(write_requests: Sequence[WriteRequest]) -> Stored:
    return Stored([RequestRefused("database_away") for _ in write_requests], [])


def _full(name: str, time_zone: str, is_by_count: bool | None, *, most: int, most_mb: int) -> str:
    if is_by_count:
        return (
            f"{name} has imported {most:,} readings today, which is as many as it may. Continue after midnight "
            f"({time_zone}), or ask the server's administrator to raise SITE_READINGS_PER_DAY."
        )
    return (
        f"the readings of {name} take {most_mb:,} MB, which is as much as they may. Shorten its retention, delete "
        "readings, or ask the server's administrator to raise SITE_STORED_MB."
    )
