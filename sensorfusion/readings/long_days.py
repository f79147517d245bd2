"""Days of many years at once: settled ones as they were rolled up, and only the last few put together by `buckets`.

A day is settled when it is rolled up to its end and nothing before its end waits to be rolled up anew. Ten years of
days of one quantity are read in about ten milliseconds so, most of which goes into moving the numbers.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from itertools import accumulate
from typing import Any, Final
from zoneinfo import ZoneInfo

from django.db import connection
from psycopg import sql

from sensorfusion.domain.quantities import Combine, quantity
from sensorfusion.readings.buckets import EXTRA_DECIMALS, MIN_STEADINESS, Column, Number, buckets, instant
from sensorfusion.readings.days import Calendar

Rows = list[tuple[Any, ...]]
DAY: Final = timedelta(days=1)

# One statement, so that it sees one state of everything. No day is longer than 25 hours, and no calendar but the one
# that the days were cut by will do.
_SETTLED = """
WITH standing AS (
    SELECT least(rolled_up_until, (
        SELECT min(hour) FROM dirty_hour
        WHERE dirty_hour.sensor_id = {sensor} AND (raw_kept_from IS NULL OR hour >= raw_kept_from)
    )) AS until
    FROM sensor_state JOIN day_rule USING (sensor_id)
    WHERE sensor_id = {sensor} AND time_zone = {zone} AND day_starts_h = {begins}
), named AS MATERIALIZED (SELECT {ids})
SELECT extract(epoch FROM start)::float8, {columns}
FROM rollup_1d AS r CROSS JOIN named CROSS JOIN LATERAL (SELECT {places} OFFSET 0) AS places
WHERE sensor_id = {sensor} AND start >= {start} AND start < {end}
    AND start <= (SELECT until - interval '25 h' FROM standing) AND coalesce({any}) IS NOT NULL
ORDER BY start
"""
# A direction is the mean of unit vectors, whose parts are kept as total and lowest.
_VALUES: Final[dict[Combine, str]] = {
    "mean": "numbers[{p}][1] / coalesce(counts[{p}], count), numbers[{p}][2], numbers[{p}][3]",
    "sum": "numbers[{p}][1], numbers[{p}][2], numbers[{p}][3]",
    "counter": "numbers[{p}][5], numbers[{p}][2], numbers[{p}][3]",
    "last": "numbers[{p}][5], numbers[{p}][2], numbers[{p}][3]",
    "vector": "CASE WHEN sqrt(numbers[{p}][1] ^ 2 + numbers[{p}][2] ^ 2) / coalesce(counts[{p}], count) >= {least}"
    " THEN atan2d(numbers[{p}][1], numbers[{p}][2]) END, NULL, NULL",
}
_COUNTED: Final = "numbers[{p}][4], numbers[{p}][5], numbers[{p}][1]"


def long_days(
    sensor: int, quantities: Sequence[str], *, start: datetime, end: datetime, calendar: Calendar
) -> tuple[list[float], dict[str, Column]]:
    """Return where the days of [start, end) begin (epoch seconds) and their columns; those of counters have extras.

    Both ends have to be beginnings of days.
    """
    settled = _settled(sensor, quantities, start, end, calendar)
    columns = _columns(quantities, settled)
    t: list[float] = [row[0] for row in settled]
    begin = _day_after(t[-1], calendar) if t else start
    if begin >= end:
        return t, columns
    recent = buckets(
        sensor,
        quantities,
        start=begin,
        end=end,
        width="1d",
        time_zone=calendar.time_zone,
        day_starts_h=calendar.day_starts_h,
        extras=any(quantity(name).combine == "counter" for name in quantities),
    )
    return t + recent.t, {name: _joined(column, recent.columns[name]) for name, column in columns.items()}


def _settled(sensor: int, quantities: Sequence[str], start: datetime, end: datetime, calendar: Calendar) -> Rows:
    places = [sql.Identifier(f"p{number}") for number in range(len(quantities))]
    statement = sql.SQL(_SETTLED).format(
        sensor=sql.Literal(sensor),
        zone=sql.Literal(calendar.time_zone),
        begins=sql.Literal(calendar.day_starts_h),
        start=sql.Literal(start),
        end=sql.Literal(end),
        ids=sql.SQL(", ").join(
            sql.SQL("(SELECT id FROM quantity_name WHERE name = {}) AS {}").format(
                sql.Literal(name), sql.Identifier(f"id{number}")
            )
            for number, name in enumerate(quantities)
        ),
        places=sql.SQL(", ").join(
            sql.SQL("array_position(r.quantities, {}) AS {}").format(sql.Identifier(f"id{number}"), place)
            for number, place in enumerate(places)
        ),
        any=sql.SQL(", ").join(places),
        columns=sql.SQL(", ").join(_selected(name, place) for name, place in zip(quantities, places, strict=True)),
    )
    with connection.cursor() as cursor:
        cursor.execute(statement)
        return list(cursor.fetchall())


def _selected(name: str, place: sql.Identifier) -> sql.Composed:
    combine = quantity(name).combine
    form = f"{_VALUES[combine]}, {_COUNTED}" if combine == "counter" else _VALUES[combine]
    return sql.SQL(form).format(p=place, least=sql.Literal(MIN_STEADINESS))


def _columns(quantities: Sequence[str], rows: Rows) -> dict[str, Column]:
    """Take the rows apart: value, lowest and highest of each quantity, of counters also first, last and growth."""
    each_has = [6 if quantity(name).combine == "counter" else 3 for name in quantities]
    turned = [list(column) for column in zip(*rows, strict=True)] if rows else [[] for _ in range(1 + sum(each_has))]
    begins = accumulate(each_has, initial=1)
    return {
        name: _column(name, *turned[begin : begin + many])
        for name, begin, many in zip(quantities, begins, each_has, strict=False)
    }


def _column(name: str, value: list[Number], low: list[Number], high: list[Number], *extras: list[Number]) -> Column:
    entry = quantity(name)
    if entry.combine == "vector":
        value = [None if each is None else round(each % 360, 1) for each in value]
    else:
        value = [None if each is None else round(each, entry.decimals + EXTRA_DECIMALS) for each in value]
    return Column(value, low, high, [], *extras)


def _day_after(t: float, calendar: Calendar) -> datetime:
    return calendar.begin(instant(t).astimezone(ZoneInfo(calendar.time_zone)).date() + DAY)


def _joined(settled: Column, recent: Column) -> Column:
    return Column(
        settled.value + recent.value,
        settled.low + recent.low,
        settled.high + recent.high,
        [],
        settled.first + recent.first,
        settled.last + recent.last,
        settled.growth + recent.growth,
    )
