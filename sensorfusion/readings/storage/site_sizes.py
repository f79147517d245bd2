"""The chore that measures how many readings each sensor has, and how many bytes those of each sensor and site take.

Counting all rows would read the whole history. Instead some pages of each month's table are sampled: a sensor has the
share of the table, indexes included, that it has of the sampled bytes, and as many times its sampled rows as the table
has more pages. Small tables are read whole, so their numbers are exact.
"""

from collections import Counter
from typing import Any, Final

import psycopg
from psycopg import sql

from sensorfusion.clock import Clock
from sensorfusion.readings.stored import months

PAGES: Final = 1_000  # read of each table at most; about 30 ms

_SHARES: Final = """
SELECT site_id, sensor_id, count(*), sum(pg_column_size(sampled.*))::bigint
FROM {table} AS sampled TABLESAMPLE SYSTEM (%s) JOIN sensors_sensor sensor ON sensor.id = sampled.sensor_id
GROUP BY site_id, sensor_id
"""
_WRITE: Final = """
INSERT INTO site_usage (site_id, day, bytes)
SELECT site.id, (%(now)s::timestamptz AT TIME ZONE site.time_zone)::date, coalesce(given.bytes, 0)
FROM sensors_site site
LEFT JOIN unnest(%(sites)s::bigint[], %(bytes)s::bigint[]) AS given (site, bytes) ON given.site = site.id
ORDER BY site.id
ON CONFLICT (site_id, day) DO UPDATE SET bytes = excluded.bytes
"""
# What did not change is not written again.
_WRITE_SENSORS: Final = """
WITH given AS (SELECT * FROM unnest(%(sensors)s::bigint[], %(readings)s::bigint[], %(bytes)s::bigint[])
               AS given (sensor_id, readings, bytes)),
gone AS (DELETE FROM sensor_size WHERE sensor_id NOT IN (SELECT sensor_id FROM given))
INSERT INTO sensor_size AS known (sensor_id, readings, bytes)
SELECT given.sensor_id, given.readings, given.bytes
FROM given JOIN sensors_sensor sensor ON sensor.id = given.sensor_id ORDER BY given.sensor_id
ON CONFLICT (sensor_id) DO UPDATE SET readings = excluded.readings, bytes = excluded.bytes
WHERE (known.readings, known.bytes) IS DISTINCT FROM (excluded.readings, excluded.bytes)
"""


class MeasureSites:
    """Measures one table at each turn, and writes the sums after the last one."""

    name = "measure sites"
    every_s = 600.0

    def __init__(self, now: Clock) -> None:
        self._now = now
        self._left: list[tuple[str, int, int]] = []
        self._bytes: Counter[int] = Counter()  # by site
        self._bytes_of: Counter[int] = Counter()  # by sensor, as the next
        self._readings_of: Counter[int] = Counter()

    def run(self, connection: psycopg.Connection) -> bool:
        if not self._left:
            for counted in (self._bytes, self._bytes_of, self._readings_of):
                counted.clear()
            self._left = months.sizes(connection)
        if self._left:
            self._measure(connection, *self._left.pop())
        if not self._left:
            self._write(connection)
        return bool(self._left)

    def _measure(self, connection: psycopg.Connection, table: str, size: int, pages: int) -> None:
        percent = _percent(pages)
        try:
            shares = connection.execute(_shares(table), [percent]).fetchall()
        except psycopg.errors.UndefinedTable:  # removed by retention meanwhile
            return
        sampled = sum(share for *_, share in shares)
        for site, sensor, rows, share in shares:
            self._bytes[site] += size * share // sampled
            self._bytes_of[sensor] += size * share // sampled
            self._readings_of[sensor] += round(rows * 100 / percent)

    def _write(self, connection: psycopg.Connection) -> None:
        given: dict[str, Any] = {"sites": list(self._bytes), "bytes": list(self._bytes.values()), "now": self._now()}
        connection.execute(_WRITE, given)
        of_sensors = {"sensors": list(self._bytes_of), "bytes": list(self._bytes_of.values())}
        connection.execute(_WRITE_SENSORS, {**of_sensors, "readings": list(self._readings_of.values())})


def _shares(table: str) -> sql.Composed:
    return sql.SQL(_SHARES).format(table=sql.Identifier(table))


def _percent(pages: int) -> float:
    return 100.0 if pages <= PAGES else 100.0 * PAGES / pages
