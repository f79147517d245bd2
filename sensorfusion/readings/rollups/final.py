"""Reads daily and monthly rollups, as far as they are final.

A day or a month is final when it is rolled up to its end and no hour before its end is dirty.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final, Literal

from django.db import connection
from psycopg import sql

from sensorfusion.readings.rollups.days import LONGEST_DAY, LONGEST_MONTH, Calendar
from sensorfusion.readings.rollups.sql import TABLES

Rows = list[tuple[Any, ...]]

# The instant up to which everything of a sensor is final.
UNTIL: Final = """
    SELECT raw_kept_from, least(rolled_up_until, (
        SELECT min(hour) FROM dirty_hour
        WHERE dirty_hour.sensor_id = {sensor} AND (raw_kept_from IS NULL OR hour >= raw_kept_from)
    )) AS until FROM sensor_state WHERE sensor_id = {sensor}
"""
# A single statement, so that it sees one snapshot. It returns rows only if the days have the requested calendar.
_FINAL_BUCKETS = f"""
WITH standing AS ({UNTIL})
SELECT extract(epoch FROM start)::float8, {{columns}}
FROM {{table}} AS r CROSS JOIN LATERAL (SELECT {{places}}) AS places
WHERE sensor_id = {{sensor}} AND start >= {{start}} AND start < {{end}}
    AND start <= (SELECT until - {{longest}} FROM standing)
    AND EXISTS (
        SELECT FROM day_rule
        WHERE sensor_id = {{sensor}} AND time_zone = {{zone}} AND day_starts_h = {{begins}} {{made}}
    ) {{wanted}}
ORDER BY start
"""
_LONGEST: Final = {"1d": LONGEST_DAY, "1mo": LONGEST_MONTH}


def final_buckets(
    level: Literal["1d", "1mo"],
    sensor: int,
    quantities: Sequence[tuple[str, str]],
    *,
    start: datetime,
    end: datetime,
    calendar: Calendar,
) -> Rows:
    """Return the rows that begin in [start, end): epoch seconds, then the requested columns of each quantity.

    Days without any of the quantities are left out; months are not, because they show that there were days.

    :param quantities: names, each with the SQL of its columns; {p} is the quantity's position in a row of the rollup.
    """
    each = [(name, asked, sql.Identifier(f"p{number}")) for number, (name, asked) in enumerate(quantities)]
    statement = sql.SQL(_FINAL_BUCKETS).format(
        table=TABLES[level],
        longest=sql.Literal(_LONGEST[level]),
        sensor=sql.Literal(sensor),
        zone=sql.Literal(calendar.time_zone),
        begins=sql.Literal(calendar.day_starts_h),
        start=sql.Literal(start),
        end=sql.Literal(end),
        places=_listed("array_position(quantities, (SELECT id FROM quantity_name WHERE name = {name})) AS {p}", each),
        columns=sql.SQL(", ").join(sql.SQL(asked).format(p=place) for _, asked, place in each),
        made=sql.SQL("AND has_months" if level == "1mo" else ""),
        wanted=sql.SQL("AND coalesce({}) IS NOT NULL").format(_listed("{p}", each)) if level == "1d" else sql.SQL(""),
    )
    with connection.cursor() as cursor:
        cursor.execute(statement)
        return list(cursor.fetchall())


def _listed(form: str, each: Sequence[tuple[str, str, sql.Identifier]]) -> sql.Composed:
    return sql.SQL(", ").join(sql.SQL(form).format(name=sql.Literal(name), p=place) for name, _, place in each)
