"""The chore that measures how many bytes the readings of each site take, indexes included.

Counting all rows would read the whole history. Instead some pages of each month's table are sampled: a site has the
share of the table that it has of the sampled bytes. Small tables are read whole, so their shares are exact.
"""

from collections import Counter
from typing import Any, Final

import psycopg
from psycopg import sql

from sensorfusion.clock import Clock
from sensorfusion.readings.stored import months

PAGES: Final = 1_000  # read of each table at most; about 30 ms

_SHARES: Final = """
SELECT site_id, sum(pg_column_size(sampled.*))::bigint
FROM {table} AS sampled TABLESAMPLE SYSTEM (%s) JOIN sensors_sensor sensor ON sensor.id = sampled.sensor_id
GROUP BY site_id
"""
_WRITE: Final = """
INSERT INTO site_usage (site_id, day, bytes)
SELECT site.id, (%(now)s::timestamptz AT TIME ZONE site.time_zone)::date, coalesce(given.bytes, 0)
FROM sensors_site site
LEFT JOIN unnest(%(sites)s::bigint[], %(bytes)s::bigint[]) AS given (site, bytes) ON given.site = site.id
ORDER BY site.id
ON CONFLICT (site_id, day) DO UPDATE SET bytes = excluded.bytes
"""


class MeasureSites:
    """Measures one table at each turn, and writes the sums after the last one."""

    name = "measure sites"
    every_s = 600.0

    def __init__(self, now: Clock) -> None:
        self._now = now
        self._left: list[tuple[str, int, int]] = []
        self._bytes: Counter[int] = Counter()

    def run(self, connection: psycopg.Connection) -> bool:
        if not self._left:
            self._bytes.clear()
            self._left = months.sizes(connection)
        if self._left:
            self._measure(connection, *self._left.pop())
        if not self._left:
            self._write(connection)
        return bool(self._left)

    def _measure(self, connection: psycopg.Connection, table: str, size: int, pages: int) -> None:
        try:
            shares = connection.execute(_shares(table), [_percent(pages)]).fetchall()
        except psycopg.errors.UndefinedTable:  # removed by retention meanwhile
            return
        sampled = sum(share for _, share in shares)
        for site, share in shares:
            self._bytes[site] += size * share // sampled

    def _write(self, connection: psycopg.Connection) -> None:
        given: dict[str, Any] = {"sites": list(self._bytes), "bytes": list(self._bytes.values()), "now": self._now()}
        connection.execute(_WRITE, given)


def _shares(table: str) -> sql.Composed:
    return sql.SQL(_SHARES).format(table=sql.Identifier(table))


def _percent(pages: int) -> float:
    return 100.0 if pages <= PAGES else 100.0 * PAGES / pages
