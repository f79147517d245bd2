"""Reads daily and monthly rollups, as far as they are final.

A day or a month is final when it is rolled up to its end and no hour before its end is dirty.
"""

from collections.abc import Sequence
from datetime import datetime
from functools import lru_cache
from typing import Any, Final, Literal

from psycopg import sql

from sensorfusion.events.prepared import fetch
from sensorfusion.readings.rollups.days import LONGEST_DAY, LONGEST_MONTH, Calendar
from sensorfusion.readings.rollups.sql import TABLES

Rows = list[tuple[Any, ...]]

# The instant up to which everything of a sensor is final.
UNTIL: Final = """
    SELECT raw_kept_from, least(rolled_up_until, (
        SELECT min(hour) FROM dirty_hour
        WHERE dirty_hour.sensor_id = %(sensor)s AND (raw_kept_from IS NULL OR hour >= raw_kept_from)
    )) AS until FROM sensor_state WHERE sensor_id = %(sensor)s
"""
# A single statement, so that it sees one snapshot. It returns rows only if the days have the requested calendar.
_FINAL_BUCKETS = f"""
WITH standing AS ({UNTIL})
SELECT extract(epoch FROM start)::float8, {{columns}}
FROM {{table}} AS r CROSS JOIN LATERAL (SELECT {{places}}) AS places
WHERE sensor_id = %(sensor)s AND start >= %(start)s AND start < %(end)s
    AND start <= (SELECT until - {{longest}} FROM standing)
    AND EXISTS (
        SELECT FROM day_rule
        WHERE sensor_id = %(sensor)s AND time_zone = %(zone)s AND day_starts_h = %(begins)s {{made}}
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
    values = {
        "sensor": sensor,
        "zone": calendar.time_zone,
        "begins": calendar.day_starts_h,
        "start": start,
        "end": end,
        **{f"name{place}": name for place, (name, _) in enumerate(quantities)},
    }
    return fetch(_text(level, tuple(asked for _, asked in quantities)), values, binary=True)


@lru_cache(maxsize=256)
def _text(level: Literal["1d", "1mo"], asked: tuple[str, ...]) -> str:
    places = [sql.Identifier(f"p{place}") for place in range(len(asked))]
    statement = sql.SQL(_FINAL_BUCKETS).format(
        table=TABLES[level],
        longest=sql.Literal(_LONGEST[level]),
        places=sql.SQL(", ").join(_place(number, place) for number, place in enumerate(places)),
        columns=sql.SQL(", ").join(sql.SQL(each).format(p=place) for each, place in zip(asked, places, strict=True)),
        made=sql.SQL("AND has_months" if level == "1mo" else ""),
        wanted=sql.SQL("AND coalesce({}) IS NOT NULL" if level == "1d" else "").format(sql.SQL(", ").join(places)),
    )
    return statement.as_string(None)


def _place(number: int, place: sql.Identifier) -> sql.Composed:
    return sql.SQL("array_position(quantities, (SELECT id FROM quantity_name WHERE name = {})) AS {}").format(
        sql.Placeholder(f"name{number}"), place
    )
