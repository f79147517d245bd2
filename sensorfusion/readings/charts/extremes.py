"""Finds when extremes were observed: the readings of the highest and lowest values of days, in few queries."""

from collections.abc import Collection
from datetime import date, datetime, timedelta
from functools import cache
from typing import Any, Final, NamedTuple

from psycopg import sql

from sensorfusion.events.prepared import fetch
from sensorfusion.readings.rollups import sql as rollup_sql
from sensorfusion.readings.rollups.days import Calendar
from sensorfusion.readings.rollups.final import UNTIL
from sensorfusion.readings.stored.excluded import EXCLUDED
from sensorfusion.readings.stored.selection import select

DAY: Final = timedelta(days=1)
WIDTH: Final = timedelta(minutes=5)  # of the narrowest buckets

# The first hour of a day that has the value, and in that hour the first 5 minutes: no earlier bucket has it. If
# readings of the day may have been removed, only the remaining readings decide.
_BUCKETS: Final = f"""
WITH standing AS MATERIALIZED ({UNTIL})
SELECT place - 1, (
    SELECT bucket FROM (
        SELECT start AS hour FROM (
            SELECT start, array_position(quantities, known.id) AS p, numbers FROM rollup_1h
            WHERE sensor_id = %(sensor)s AND start > s - interval '1 h' AND start < e
                AND start <= until - interval '1 h' OFFSET 0
        ) AS hours WHERE {{hour_low}} = value OR {{hour_high}} = value ORDER BY start LIMIT 1
    ) AS first CROSS JOIN LATERAL (
        SELECT start AS bucket FROM (
            SELECT start, array_position(quantities, known.id) AS p, numbers, thousandths FROM rollup_5m
            WHERE sensor_id = %(sensor)s AND start > s - interval '5 min' AND start < e
                AND start >= hour AND start < hour + interval '1 h' OFFSET 0
        ) AS buckets WHERE {{low}} = value OR {{high}} = value ORDER BY start LIMIT 1
    ) AS narrow
)
FROM unnest(%(names)s::text[], %(values)s::float8[], %(starts)s::timestamptz[], %(ends)s::timestamptz[])
    WITH ORDINALITY AS asked (name, value, s, e, place) JOIN quantity_name AS known USING (name) CROSS JOIN standing
WHERE raw_kept_from IS NULL OR raw_kept_from <= s
"""
# Exclusions are only looked up for readings that have the value.
_FIRST: Final = f"""
SELECT place - 1, found.at
FROM unnest(%(names)s::text[], %(values)s::float8[], %(starts)s::timestamptz[], %(ends)s::timestamptz[])
    WITH ORDINALITY AS asked (name, sought, s, e, place)
CROSS JOIN LATERAL (
    SELECT min(observed_at) AS at FROM (
        SELECT * FROM (
            {select('r.sensor_id, r.observed_at, r."values", r.flags', since="s", before="e", is_timely=True)} OFFSET 0
        ) AS each WHERE {{number}} = sought OFFSET 0
    ) AS r WHERE NOT EXISTS (SELECT {EXCLUDED} AND exclusion.quantity IN ('', name))
) AS found WHERE found.at IS NOT NULL
"""


class Sought(NamedTuple):
    """The highest or lowest value of a quantity on a day."""

    name: str
    value: float
    day: date


class _Span(NamedTuple):
    start: datetime
    end: datetime


def observed(sensor: int, sought: Collection[Sought], *, calendar: Calendar) -> dict[Sought, datetime]:
    """Return the time of the first counting reading with each value; values whose readings are gone are left out."""
    days = {each: _Span(calendar.begin(each.day), calendar.begin(each.day + DAY)) for each in sought}
    found = _first(sensor, _narrowed(sensor, days))
    return found | _first(sensor, {each: day for each, day in days.items() if each not in found})


def _narrowed(sensor: int, days: dict[Sought, _Span]) -> dict[Sought, _Span]:
    """Narrow each day down to the 5 minutes with the value, if it is rolled up.

    An hour may begin before its day and have the value from the day before; then no such 5 minutes are found.
    """
    if not days:
        return {}
    each = list(days)
    rows = fetch(_buckets_text(), _asked(sensor, days))
    found = {each[place]: start for place, start in rows if start is not None}
    return {one: _Span(max(start, days[one].start), min(start + WIDTH, days[one].end)) for one, start in found.items()}


def _first(sensor: int, spans: dict[Sought, _Span]) -> dict[Sought, datetime]:
    """Look up the first counting reading of each span that has the value."""
    if not spans:
        return {}
    each = list(spans)
    return {each[place]: at for place, at in fetch(_first_text(), _asked(sensor, spans))}


def _asked(sensor: int, spans: dict[Sought, _Span]) -> dict[str, Any]:
    return {
        "sensor": sensor,
        "names": [sought.name for sought in spans],
        "values": [sought.value for sought in spans],
        "starts": [span.start for span in spans.values()],
        "ends": [span.end for span in spans.values()],
    }


@cache
def _buckets_text() -> str:
    place = sql.Identifier("p")
    statement = sql.SQL(_BUCKETS).format(
        hour_low=rollup_sql.number(place, rollup_sql.LOW, "1h"),
        hour_high=rollup_sql.number(place, rollup_sql.HIGH, "1h"),
        low=rollup_sql.number(place, rollup_sql.LOW, "5m"),
        high=rollup_sql.number(place, rollup_sql.HIGH, "5m"),
    )
    return statement.as_string(None)


@cache
def _first_text() -> str:
    number = rollup_sql.good(sql.SQL('("values" -> name)'), sql.SQL("(flags ->> name)"))
    return sql.SQL(_FIRST).format(number=number).as_string(None)
