"""Computes rollups from dirty hours, and recomputes days when their calendar changes.

Rollups are a cache of the readings. Any transaction that changes readings before a sensor's `rolled_up_until`, the
border, marks their hours dirty. The runner deletes marks and recomputes their hours in one transaction. Why no change
is lost (R: runner, W: writer; all at READ COMMITTED, so each statement sees what was committed before it began):

A late reading while its hour is recomputed. R deletes the marks it sees, then reads the hour.
    W commits before R's delete:              R sees mark and reading.
    W commits between R's delete and read:    R sees the reading; W's mark stays, the hour is recomputed once more.
    W commits after R's read:                 R misses the reading; W's mark stays, the hour is recomputed once more.
    W never waits for R: each transaction inserts its own mark row, so there is no conflict.

A reading just after the border while R advances it from w0 to w1. W has read w0, so it leaves no mark; its statement
stores the reading only if the state row still has w0. R updates that row and marks the hours it passes.
    W first:    R's update waits for W's commit; R's marks cover W's reading.
    R first:    W's statement fails and is retried with w1, and W leaves a mark.

Two transactions that recompute hours at once (a runner that lost its lock without noticing, a rebuild). The older
result could be written last: R1 reads the hour; W commits reading and mark; R2 takes the mark, reads, commits; R1
commits its result. So the transaction takes an advisory lock before it takes marks: R2 begins after R1's commit.

kill -9 at any point: marks are gone if and only if their buckets are committed; marks exist if and only if the border
has moved.

Deleting a sensor locks its row in sensors_sensor before anything else is deleted. R takes a shared lock on that row
before it takes marks, and skips sensors whose row is locked. So nothing is written for a deleted sensor.

Hours before `raw_kept_from` are never recomputed, because their readings are gone. A reading that arrives so late is
stored and can be fetched until retention removes it, but buckets do not include it; its mark is deleted.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import groupby
from typing import Any, Final

import psycopg
from psycopg import sql

from sensorfusion.domain.quantities import quantity
from sensorfusion.readings.rollups import sql as rollup_sql
from sensorfusion.readings.rollups.days import ALIGNED_SINCE, Calendar, aligned
from sensorfusion.readings.rollups.sql import TABLES, Level
from sensorfusion.readings.stored.selection import select

Connection = psycopg.Connection[Any]
SensorHour = tuple[int, datetime]
SensorDay = tuple[int, datetime]
Stretch = tuple[int, datetime, datetime]  # of a sensor

HOUR: Final = timedelta(hours=1)
_LOCK: Final = 0x5E50_0004  # see readings/storage/chores.py

_JOINS = (
    "SELECT set_config('enable_seqscan', %s, true), set_config('enable_hashjoin', %s, true),"
    " set_config('enable_mergejoin', %s, true)"
)
_ASKED = "FROM unnest(%(sensors)s::int[], %(starts)s::timestamptz[], %(ends)s::timestamptz[]) AS asked (sensor, s, e)"
_READINGS = sql.SQL(
    f"SELECT found.* {_ASKED} CROSS JOIN LATERAL"
    f" ({select('*', sensor='asked.sensor', since='asked.s', before='asked.e', then='OFFSET 0')}) AS found"
)
_ALL_QUANTITIES = sql.SQL("SELECT id, name, combine, restarts FROM quantity_name")
_ONLY = "sensor_id = ANY(%(sensors)s::int[])"
_WITHOUT = "sensor_id <> ALL(%(sensors)s::int[])"
_TAKE_MARKS = """
WITH batch AS (SELECT sensor_id, hour FROM dirty_hour WHERE {chosen} ORDER BY id LIMIT %(limit)s),
present AS MATERIALIZED (
    SELECT id FROM sensors_sensor WHERE id IN (SELECT sensor_id FROM batch) ORDER BY id FOR KEY SHARE SKIP LOCKED
)
SELECT DISTINCT sensor_id, hour, raw_kept_from FROM batch JOIN present ON present.id = sensor_id
LEFT JOIN sensor_state USING (sensor_id) ORDER BY sensor_id, hour
"""
_SET_ASIDE = """
UPDATE dirty_hour SET id = nextval(pg_get_serial_sequence('dirty_hour', 'id'))
WHERE id = (SELECT min(id) FROM dirty_hour WHERE {chosen}) RETURNING sensor_id, hour
"""
_LIMIT = "SELECT set_config('statement_timeout', %s, true)"  # for the transaction
_DELETE_ORPHANS = "DELETE FROM dirty_hour WHERE NOT EXISTS (SELECT FROM sensors_sensor WHERE id = sensor_id)"
_DELETE_MARKS = """
DELETE FROM dirty_hour USING unnest(%(sensors)s::int[], %(starts)s::timestamptz[]) AS asked (sensor, s)
WHERE sensor_id = asked.sensor AND hour = asked.s
"""
_UNKNOWN_NAMES = sql.SQL(
    'SELECT DISTINCT name FROM ({}) AS r CROSS JOIN LATERAL jsonb_object_keys(r."values") AS name'
    " WHERE NOT EXISTS (SELECT FROM quantity_name AS known WHERE known.name = name.name)"
).format(_READINGS)
_CALENDARS = """
SELECT sensor.id, coalesce(rule.time_zone, site.time_zone), coalesce(rule.day_starts_h, site.day_starts_h)
FROM sensors_sensor AS sensor JOIN sensors_site AS site ON site.id = sensor.site_id
LEFT JOIN day_rule AS rule ON rule.sensor_id = sensor.id WHERE sensor.id = ANY(%s) ORDER BY 2, 3, 1
"""
_CALENDAR_CHANGED = """
SELECT sensor.id, site.time_zone, site.day_starts_h,
    (rule.time_zone, rule.day_starts_h) IS NOT DISTINCT FROM (site.time_zone, site.day_starts_h)
FROM day_rule AS rule JOIN sensors_sensor AS sensor ON sensor.id = rule.sensor_id
JOIN sensors_site AS site ON site.id = sensor.site_id
WHERE ((rule.time_zone, rule.day_starts_h) IS DISTINCT FROM (site.time_zone, site.day_starts_h) OR NOT has_months)
    AND {chosen}
ORDER BY sensor.id LIMIT 1 FOR KEY SHARE OF sensor SKIP LOCKED
"""
_KEEP_CALENDAR = """
INSERT INTO day_rule (sensor_id, time_zone, day_starts_h, has_months)
SELECT id, %s, %s, true FROM unnest(%s::int[]) AS id
ON CONFLICT (sensor_id) DO NOTHING
"""
_KEEP_NEW_CALENDAR = "UPDATE day_rule SET time_zone = %s, day_starts_h = %s, has_months = true WHERE sensor_id = %s"


@dataclass(frozen=True, slots=True)
class Chosen:
    """Whose marks are taken: those of `only` or, without it, those of all sensors but `without`."""

    without: Sequence[int] = ()
    only: int | None = None

    @property
    def condition(self) -> str:
        return _WITHOUT if self.only is None else _ONLY

    @property
    def sensors(self) -> list[int]:
        return list(self.without) if self.only is None else [self.only]


ALL: Final = Chosen()


def recompute(connection: Connection, *, hours: int, chosen: Chosen = ALL, limit_s: float = 0.0) -> int:
    """Take the oldest marks, of at most `hours` hours, and recompute those hours with their days and months.

    Return the number of marks taken: 0 when nothing is dirty. `limit_s` is the time limit of each statement.

    :raises psycopg.errors.QueryCanceled: the limit was reached; the marks stay.
    """
    with connection.transaction():
        hold_others(connection)
        connection.execute(_LIMIT, [f"{round(1000 * limit_s)}ms"])
        query = _TAKE_MARKS.format(chosen=chosen.condition)
        marked = connection.execute(query.encode(), {"limit": hours, "sensors": chosen.sensors}).fetchall()
        if marked:
            taken = [(sensor, hour) for sensor, hour, _ in marked]
            connection.execute(_DELETE_MARKS, _asked(taken, HOUR))
            roll_up(connection, [(s, hour) for s, hour, kept in marked if kept is None or hour >= kept])
        else:
            connection.execute(_DELETE_ORPHANS)
    return len(marked)


def roll_up(connection: Connection, hours: Sequence[SensorHour]) -> None:
    """Compute these hours, their days and months from the readings, inside the caller's transaction and lock."""
    if not hours:
        return
    asked = _asked(hours, HOUR)
    _learn_names(connection, asked)
    _replace(connection, "5m", _five_minutes(), asked)
    merge_up(connection, hours)


def merge_up(connection: Connection, hours: Sequence[SensorHour]) -> None:
    """Compute these hours, their days and months from the 5 minutes that are there."""
    if not hours:
        return
    asked = _asked(hours, HOUR)
    _replace(connection, "1h", _wider("5m", sql.SQL("date_bin('1 h', at, 'epoch')")), asked)
    sensors = sorted({sensor for sensor, _ in hours})
    found = connection.execute(_CALENDARS, [sensors]).fetchall()
    for (zone, begins), members in groupby(found, lambda row: (row[1], row[2])):
        those = {row[0] for row in members}
        connection.execute(_KEEP_CALENDAR, [zone, begins, sorted(those)])
        roll_up_days(connection, [each for each in hours if each[0] in those], Calendar(zone, begins))


def sensor_to_recut(connection: Connection, chosen: Chosen = ALL) -> int | None:
    """Return one of the chosen sensors whose calendar has changed, None if there is none."""
    row = _changed_calendar(connection, chosen)
    return row[0] if row else None


def recut_days(connection: Connection, *, sensor: int, limit_s: float) -> bool:
    """Recompute the days and months of a sensor whose calendar has changed; False if it has not.

    A sensor whose days are older than monthly rollups gets its months here, merged from the existing days.

    :raises psycopg.errors.QueryCanceled: a statement took longer than the limit; everything is as it was.
    """
    with connection.transaction():
        hold_others(connection)
        connection.execute(_LIMIT, [f"{round(1000 * limit_s)}ms"])
        row = _changed_calendar(connection, Chosen(only=sensor))
        if row is None:
            return False
        _, zone, begins, days_hold = row
        calendar = Calendar(zone, begins)
        connection.execute(_KEEP_NEW_CALENDAR, [zone, begins, sensor])
        connection.execute("DELETE FROM rollup_1mo WHERE sensor_id = %s", [sensor])
        if days_hold:
            roll_up_months(connection, _starts(connection, "1d", sensor), calendar)
        else:
            connection.execute("DELETE FROM rollup_1d WHERE sensor_id = %s", [sensor])
            roll_up_days(connection, _starts(connection, "1h", sensor), calendar)
    return True


def _changed_calendar(connection: Connection, chosen: Chosen) -> Any:
    query = _CALENDAR_CHANGED.format(chosen=chosen.condition.replace("sensor_id", "sensor.id"))
    return connection.execute(query.encode(), {"sensors": chosen.sensors}).fetchone()


def hold_others(connection: Connection) -> None:
    """Block other processes from computing rollups until the end of the transaction."""
    connection.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])


def set_aside(connection: Connection, chosen: Chosen = ALL) -> SensorHour:
    """Move the oldest of the chosen marks to the end of the queue; return its sensor and hour."""
    query = _SET_ASIDE.format(chosen=chosen.condition)
    row = connection.execute(query.encode(), {"sensors": chosen.sensors}).fetchone()
    return (row[0], row[1]) if row else (0, datetime.min)


def roll_up_days(connection: Connection, hours: Iterable[SensorHour], calendar: Calendar) -> None:
    """Compute the days that these hours touch from narrower buckets, and their months; all in one calendar."""
    days: list[Stretch] = []
    for sensor, those in groupby(sorted(hours), lambda each: each[0]):
        days += [(sensor, *day) for day in calendar.touched((hour for _, hour in those), within=HOUR)]
    touched = [day[:2] for day in days]
    sources: tuple[tuple[Level, int], ...] = (("1h", 3600), ("5m", 300))  # from wide to narrow; the first that fits
    for source, width_s in sources:
        chosen = [day for day in days if day[1] >= ALIGNED_SINCE and aligned(day[1:], to_s=width_s)]
        days = [day for day in days if day not in set(chosen)]
        _cut(connection, "1d", source, chosen, calendar)
    roll_up_months(connection, touched, calendar)


def roll_up_months(connection: Connection, days: Iterable[SensorDay], calendar: Calendar) -> None:
    """Compute the months of these days from the existing days; all sensors must have this calendar."""
    months = sorted({(sensor, *calendar.month_of(begin)) for sensor, begin in days})
    _cut(connection, "1mo", "1d", months, calendar)


def _starts(connection: Connection, level: Level, sensor: int) -> list[tuple[int, datetime]]:
    query = sql.SQL("SELECT sensor_id, start FROM {} WHERE sensor_id = {}").format(TABLES[level], sensor)
    return connection.execute(query).fetchall()


def _cut(connection: Connection, level: Level, source: Level, stretches: Sequence[Stretch], calendar: Calendar) -> None:
    """Compute one bucket for each of these ranges, which are days or months."""
    if not stretches:
        return
    columns = [list(column) for column in zip(*stretches, strict=True)]
    asked = dict(zip(("sensors", "starts", "ends"), columns, strict=True))
    asked["borders"] = sorted(set(columns[1]))
    bucket = sql.SQL("(%(borders)s::timestamptz[])[width_bucket(at, %(borders)s::timestamptz[])]")
    _replace(connection, level, _wider(source, bucket, calendar), asked)


def _five_minutes() -> sql.Composed:
    return rollup_sql.merged(rollup_sql.of_readings(_READINGS), sql.SQL("date_bin('5 min', at, 'epoch')"))


def _wider(source: Level, bucket: sql.Composable, calendar: Calendar = Calendar()) -> sql.Composed:  # noqa: B008
    rows = sql.SQL(
        f"SELECT found.* {_ASKED} CROSS JOIN LATERAL (SELECT * FROM {{}}"
        " WHERE sensor_id = asked.sensor AND start >= asked.s AND start < asked.e OFFSET 0) AS found"
    ).format(TABLES[source])
    return rollup_sql.merged(rollup_sql.of_buckets(rows, _ALL_QUANTITIES, source), bucket, calendar)


def _replace(connection: Connection, level: Level, buckets: sql.Composed, asked: dict[str, Any]) -> None:
    delete = sql.SQL(
        f"DELETE FROM {{}} AS old USING (SELECT * {_ASKED}) AS asked"
        " WHERE old.sensor_id = asked.sensor AND old.start >= asked.s AND old.start < asked.e"
    ).format(TABLES[level])
    insert = sql.SQL("INSERT INTO {} ({}) {}").format(
        TABLES[level], rollup_sql.columns(level), rollup_sql.packed(buckets, level)
    )
    # The planner overestimates the number of rows. With a million buckets it would choose a sequential scan.
    connection.execute(_JOINS, ["off"] * 3)
    connection.execute(delete, asked)
    connection.execute(_JOINS, ["on"] * 3)
    connection.execute(insert, asked)


def _learn_names(connection: Connection, asked: dict[str, Any]) -> None:
    unknown = [row[0] for row in connection.execute(_UNKNOWN_NAMES, asked)]
    if unknown:
        entries = [quantity(name) for name in unknown]
        connection.execute(
            "INSERT INTO quantity_name (name, combine, restarts, weighed_by)"
            " SELECT * FROM unnest(%s::text[], %s::text[], %s::text[], %s::text[]) ON CONFLICT DO NOTHING",
            [
                unknown,
                [each.combine for each in entries],
                [each.restarts or "" for each in entries],
                [each.weighed_by for each in entries],
            ],
        )


def _asked(hours: Sequence[SensorHour], width: timedelta) -> dict[str, Any]:
    return {
        "sensors": [sensor for sensor, _ in hours],
        "starts": [hour for _, hour in hours],
        "ends": [hour + width for _, hour in hours],
    }
