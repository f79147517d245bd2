"""Rebuilds rollups from the readings, and checks them against the readings; both while the platform runs.

Both work on one range of a sensor's hours at a time. The check recomputes the range in a transaction that is rolled
back, and compares; it ignores buckets of hours that are dirty before or after. Where the readings were removed, the
buckets of 5 minutes are the finest that is left: hours, days and months are checked against them, with the instants
of their first and last readings.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, Literal, LiteralString
from uuid import UUID

from psycopg import sql

from sensorfusion.domain.quantities import quantity
from sensorfusion.readings.rollups.days import LONGEST_DAY, LONGEST_MONTH
from sensorfusion.readings.rollups.dirty_hours import HOUR, hour_of
from sensorfusion.readings.rollups.rollups import Connection, hold_others, merge_up, roll_up
from sensorfusion.readings.rollups.sql import TABLES, Level
from sensorfusion.readings.stored.selection import select

STRETCH: Final = timedelta(days=7)
# The longest buckets: one that begins this long before a range may overlap it.
LONGEST: Final[dict[Level, timedelta]] = {
    "5m": timedelta(minutes=5),
    "1h": HOUR,
    "1d": LONGEST_DAY,
    "1mo": LONGEST_MONTH,
}

_SENSORS = """
SELECT id, uuid::text, name FROM sensors_sensor JOIN sensor_state ON sensor_id = id
WHERE rolled_up_until IS NOT NULL AND (%(uuid)s::uuid IS NULL OR uuid = %(uuid)s) ORDER BY id
"""
_REACH = f"""
SELECT greatest(raw_kept_from, least(
    ({select("min(r.observed_at)")}),
    (SELECT min(start) FROM rollup_1h WHERE sensor_id = %(sensor)s)
)), rolled_up_until FROM sensor_state WHERE sensor_id = %(sensor)s
"""
_REMOVED = """
SELECT least(
    (SELECT min(start) FROM rollup_5m WHERE sensor_id = %(sensor)s),
    (SELECT min(start) FROM rollup_1h WHERE sensor_id = %(sensor)s)
), raw_kept_from FROM sensor_state WHERE sensor_id = %(sensor)s
"""
_HOLD = "SELECT rolled_up_until FROM sensor_state WHERE sensor_id = %s FOR UPDATE"
_MARK = """
INSERT INTO dirty_hour (sensor_id, hour)
SELECT %s, hour FROM generate_series(%s::timestamptz, %s::timestamptz - interval '1 microsecond', '1 h') AS hour
"""
_MARKED = "SELECT DISTINCT hour FROM dirty_hour WHERE sensor_id = %s AND hour >= %s AND hour < %s"
_KEEP_OLD = (
    "CREATE TEMPORARY TABLE {} ON COMMIT DROP AS SELECT * FROM {} WHERE sensor_id = {} AND start >= {} AND start < {}"
)
_COMPARE = """
SELECT coalesce(old.start, new.start),
    (to_jsonb(old) - %(known)s::text[])::text, (to_jsonb(new) - %(known)s::text[])::text
FROM {old} AS old FULL JOIN (
    SELECT * FROM {new} WHERE sensor_id = {sensor} AND start >= {start} AND start < {end}
) AS new USING (sensor_id, start)
WHERE old IS DISTINCT FROM new ORDER BY 1
"""


Source = Literal["readings", "5 minutes"]


@dataclass(frozen=True, slots=True)
class Named:
    id: int
    uuid: str
    name: str


@dataclass(frozen=True, slots=True)
class Difference:
    """A bucket that differs. `stored` and `made` are its columns, None if there is no bucket; made from `source`."""

    level: Level
    start: datetime
    stored: str | None
    made: str | None
    source: Source = "readings"


@dataclass(frozen=True, slots=True)
class Stretch:
    """A range of whole hours, and the finest that is left of it."""

    start: datetime
    end: datetime
    source: Source = "readings"


def rolled_up_sensors(connection: Connection, *, uuid: UUID | None = None) -> list[Named]:
    """Return the sensors that have rollups, or only the one with this id."""
    return [Named(*row) for row in connection.execute(_SENSORS, {"uuid": uuid})]


def stretches(connection: Connection, sensor: int, *, since: datetime | None) -> list[Stretch]:
    """Divide the range of a sensor's rollups that can be recomputed, from `since` on, into parts of whole hours."""
    return _divided(connection, _REACH, sensor, since=since, source="readings")


def removed_stretches(connection: Connection, sensor: int, *, since: datetime | None) -> list[Stretch]:
    """Divide the range of which only rollups are left, from `since` on, into parts of whole hours."""
    return _divided(connection, _REMOVED, sensor, since=since, source="5 minutes")


def _divided(
    connection: Connection, reach: LiteralString, sensor: int, *, since: datetime | None, source: Source
) -> list[Stretch]:
    row = connection.execute(reach, {"sensor": sensor}).fetchone()
    if row is None or row[0] is None or row[1] is None:
        return []
    begin, end = hour_of(max(row[0], since or row[0])), row[1]
    found = []
    while begin < end:
        found.append(Stretch(begin, min(begin + STRETCH, end), source))
        begin += STRETCH
    return found


def rebuild(connection: Connection, sensor: int, start: datetime, end: datetime) -> None:
    """Mark all hours of a range dirty; chores or the caller then recompute them."""
    with connection.transaction():
        connection.execute(_HOLD, [sensor])
        connection.execute(_MARK, [sensor, start, end])


def learn_combines(connection: Connection) -> None:
    """Adopt the catalogue's current aggregation rules; existing rollups must be rebuilt afterwards."""
    for number, name in connection.execute("SELECT id, name FROM quantity_name").fetchall():
        entry = quantity(name)
        rules = [entry.combine, entry.restarts or "", entry.weighed_by]
        connection.execute(
            "UPDATE quantity_name SET (combine, restarts, weighed_by) = (%s, %s, %s) WHERE id = %s", [*rules, number]
        )


def check(connection: Connection, sensor: int, stretch: Stretch) -> list[Difference]:
    """Recompute a range in a transaction that is rolled back; return the differences from the stored rollups.

    A day or a month that overlaps two ranges is reported with both.
    """
    start, end = stretch.start, stretch.end
    levels = [level for level in TABLES if level != "5m" or stretch.source == "readings"]
    with connection.transaction(force_rollback=True):
        hold_others(connection)
        marked = _marked(connection, sensor, start, end)
        hours = [hour for hour in _hours(start, end) if hour not in marked]
        for level in levels:
            whole = _literals(_begin(level, start), end)
            connection.execute(sql.SQL(_KEEP_OLD).format(sql.Identifier(f"old_{level}"), TABLES[level], sensor, *whole))
        make = roll_up if stretch.source == "readings" else merge_up
        make(connection, [(sensor, hour) for hour in hours])
        marked |= _marked(connection, sensor, start, end)
        return [each for level in levels for each in _compared(connection, level, sensor, stretch, marked)]


def _compared(
    connection: Connection, level: Level, sensor: int, stretch: Stretch, marked: set[datetime]
) -> Iterator[Difference]:
    begin, until = _literals(_begin(level, stretch.start), stretch.end)
    query = sql.SQL(_COMPARE).format(
        old=sql.Identifier(f"old_{level}"), new=TABLES[level], sensor=sensor, start=begin, end=until
    )
    for at, stored, made in connection.execute(query, {"known": ["sensor_id", "start"]}).fetchall():
        if not any(hour_of(at) <= hour < at + LONGEST[level] for hour in marked):
            yield Difference(level, at, stored, made, stretch.source)


def _begin(level: Level, start: datetime) -> datetime:
    """Return the earliest beginning of buckets that overlap a range from `start`, which is a whole hour."""
    return start if level in ("5m", "1h") else start - LONGEST[level]


def _marked(connection: Connection, sensor: int, start: datetime, end: datetime) -> set[datetime]:
    # A month that overlaps the range may begin long before it and end long after it.
    asked = [sensor, start - LONGEST_MONTH, end + LONGEST_MONTH]
    return {row[0] for row in connection.execute(_MARKED, asked)}


def _hours(start: datetime, end: datetime) -> Iterator[datetime]:
    while start < end:
        yield start
        start += HOUR


def _literals(start: datetime, end: datetime) -> tuple[sql.Literal, sql.Literal]:
    return sql.Literal(start), sql.Literal(end)
