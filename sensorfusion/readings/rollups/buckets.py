"""The only source of bucketed readings: charts, sparklines, calendars and records all use `buckets`.

A bucket is half-open: [start, start + width). 5-minute and hourly buckets are aligned to the epoch, daily ones to the
site's calendar. Values that are not numbers, flagged bad or excluded are ignored; a bucket without a good value of the
requested quantities does not exist.

Rollups are used where they are valid. Readings newer than the rollups' border and readings of dirty hours are
aggregated on the fly. The result therefore always equals an aggregation of the readings.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any, Final, Literal

from psycopg import sql

from sensorfusion.domain.quantities import quantity
from sensorfusion.domain.rounding import without_noise
from sensorfusion.events.prepared import fetch
from sensorfusion.readings.rollups import sql as rollup_sql
from sensorfusion.readings.rollups.coverage import Coverage, Span, plan_coverage
from sensorfusion.readings.rollups.days import aligned
from sensorfusion.readings.rollups.known import Known, known_of
from sensorfusion.readings.rollups.queries import Asked, Cut, statement_of
from sensorfusion.readings.rollups.question import Question
from sensorfusion.readings.storage.snapshots import snapshot
from sensorfusion.readings.stored.selection import select

Width = Literal["5m", "1h", "1d"]
Number = float | None
Vector = tuple[float, float]  # to the east and to the north

# In seconds; a day with a clock change is 1 h longer or shorter.
WIDTHS: Final[dict[Width, int]] = {"5m": 300, "1h": 3600, "1d": 86400}
# Length of the mean vector below which directions cancel out and there is no mean direction; in a calm it is 0.
MIN_STEADINESS: Final = 1e-6


@dataclass(frozen=True, slots=True)
class Column:
    """One quantity; lists are as long as the table's `t`.

    `value` represents its bucket: the mean, the sum of an amount, the last value of a counter or a state. Directions
    are averaged as vectors, whose sum is `vector`, and have no extremes. With `extras` only, else empty: `count` of
    values, the `first` and `last` of them, and of counters `growth`, the increase between those two, restarts included,
    and their instants (`domain.counters.bridged` adds what lies between two buckets).
    """

    value: list[Number]
    low: list[Number]
    high: list[Number]
    count: list[Number] = field(default_factory=list)
    first: list[Number] = field(default_factory=list)
    last: list[Number] = field(default_factory=list)
    growth: list[Number] = field(default_factory=list)
    first_at: list[Number] = field(default_factory=list)
    last_at: list[Number] = field(default_factory=list)
    vector: list[Vector | None] = field(default_factory=list, kw_only=True)


@dataclass(frozen=True, slots=True)
class Table:
    """`t`: start of each row, `first` and `last`: its outermost readings; all in epoch seconds, ascending."""

    t: list[float]
    first: list[float]
    last: list[float]
    columns: dict[str, Column]


def buckets(
    question: Question, width: Width, *, extras: bool = False, of_days: bool = False, known: Known | None = None
) -> Table:
    """Aggregate the readings of [start, end) into buckets; daily ones follow the question's calendar.

    Daily rollups exist for the site's calendar only; days of other calendars are computed from narrower buckets.

    :param extras: also fill the columns' `count`, `first`, `last` and `growth`.
    :param of_days: count hours from the beginning of each day and cut them at its end, so that none is in two days
        where days begin inside an hour (Kathmandu, St John's).
    :param known: what `known_of` returned for this question in the same snapshot.
    """
    calendar = question.calendar
    with snapshot():
        known = known or known_of(question)
        asked = [Asked(place, known.ids.get(name, -1 - place), name) for place, name in enumerate(question.quantities)]
        start, end = known.clipped(question)
        if start >= end or not asked:
            return _table(asked, [], extras)
        borders = calendar.borders(start, end) if width == "1d" or of_days else []
        are_cut = width == "1h" and not aligned(borders, to_s=WIDTHS["1h"])
        coverage = plan_coverage(
            start,
            end,
            widest="5m" if are_cut else width,
            standing=known.standing,
            borders=borders,
            days_hold=known.calendar == calendar,
        )
        cut = Cut(are_cut or width == "1d", calendar)
        statement = statement_of(question.sensor, asked, width, cut, coverage, borders=borders, extras=extras)
        return _table(asked, fetch(*statement, binary=True), extras)


def hours(question: Question, ranges: Sequence[Span]) -> Table:
    """Aggregate the readings of some ranges inside the question's into hours; the ranges are whole days, in order.

    Where days begin inside an hour, hours are counted from the beginning of each day, as with `of_days` above.
    """
    calendar = question.calendar
    with snapshot():
        known = known_of(question)
        asked = [Asked(place, known.ids.get(name, -1 - place), name) for place, name in enumerate(question.quantities)]
        whole, borders = Coverage(), [border for each in ranges for border in calendar.borders(*each)]
        are_cut = not aligned(borders, to_s=WIDTHS["1h"])
        for each in ranges:
            start, end = known.clipped(question.over(*each))
            standing = replace(known.standing, dirty=[hour for hour in known.standing.dirty if hour < end])
            whole.join(plan_coverage(start, end, widest="5m" if are_cut else "1h", standing=standing))
        if not any(whole.spans.values()):
            return _table(asked, [], extras=False)
        cut = Cut(are_cut, calendar)
        statement = statement_of(question.sensor, asked, "1h", cut, whole, borders=borders, extras=False)
        return _table(asked, fetch(*statement, binary=True), extras=False)


def _stretch(question: Question) -> dict[str, Any]:
    return {"sensor": question.sensor, "start": question.start, "end": question.end}


def raw(question: Question, *, limit: int, newest: bool = False) -> Table:
    """Return the first (or the newest) `limit` readings of [start, end) that have one of the quantities, as a table."""
    names = {f"name{place}": name for place, name in enumerate(question.quantities)}
    values = {**_stretch(question), **names, "names": list(question.quantities), "limit": limit}
    rows = fetch(_raw(len(question.quantities), newest), values, binary=True)
    t, *values_of = _transposed(rows, 1 + len(question.quantities))
    columns = zip(question.quantities, values_of, strict=True)
    return Table(t, t, t, {name: Column(column, column, column) for name, column in columns})


@lru_cache(maxsize=256)
def _raw(count: int, newest: bool) -> str:
    readings = select(
        "r.observed_at, {numbers}",
        since="%(start)s",
        before="%(end)s",
        joined="LEFT JOIN LATERAL ({excluded}) AS excluded ON true",
        where='r."values" ?| %(names)s',
        is_timely=True,
        then="ORDER BY r.observed_at {order} LIMIT %(limit)s",
    )
    statement = sql.SQL(
        f"SELECT extract(epoch FROM observed_at)::float8, {{columns}} FROM ({readings}) AS numbers ORDER BY observed_at"
    ).format(
        columns=sql.SQL(", ").join(sql.Identifier(f"v{place}") for place in range(count)),
        numbers=sql.SQL(", ").join(map(_number, range(count))),
        excluded=rollup_sql.EXCLUDED_NAMES,
        order=sql.SQL("DESC" if newest else "ASC"),
    )
    return statement.as_string(None)


def _number(place: int) -> sql.Composed:
    """Build the column of a quantity's number, NULL if it is not good."""
    name = sql.SQL("%(name{})s::text").format(sql.SQL(str(place)))
    return sql.SQL("CASE WHEN (excluded.names && ARRAY['', {name}]) IS NOT TRUE THEN {good} END AS {column}").format(
        name=name,
        good=rollup_sql.good(sql.SQL('("values" -> {})').format(name), sql.SQL("(flags ->> {})").format(name)),
        column=sql.Identifier(f"v{place}"),
    )


def _table(asked: Sequence[Asked], rows: list[tuple[Any, ...]], extras: bool) -> Table:
    each_has = 9 if extras else 3
    t, first, last, *values = _transposed(rows, 3 + each_has * len(asked))
    columns = {
        each.name: _column(each.name, *values[each_has * each.place : each_has * (each.place + 1)]) for each in asked
    }
    return Table(t, first, last, columns)


def directions(east: list[Number], north: list[Number], count: list[Number], *extras: list[Number]) -> Column:
    """Build the column of directions from sums of vectors and their numbers."""
    vectors = [None if e is None or n is None else (e, n) for e, n in zip(east, north, strict=True)]
    nothing: list[Number] = [None] * len(east)
    value = [_direction(each, many or 1.0) for each, many in zip(vectors, count, strict=True)]
    return Column(value, nothing, nothing, *extras, vector=vectors)


def _column(name: str, value: list[Number], low: list[Number], high: list[Number], *extras: list[Number]) -> Column:
    combine = quantity(name).combine
    if combine == "vector":
        return directions(value, low, high, *extras)
    value = without_noise(value) if combine == "sum" else without_noise(value, low=low, high=high)
    return Column(value, low, high, *extras)


def _direction(vector: Vector | None, count: float) -> Number:
    if vector is None or math.hypot(*vector) / count < MIN_STEADINESS:
        return None
    return round(math.degrees(math.atan2(*vector)) % 360, 1)


def _transposed(rows: list[tuple[Any, ...]], width: int) -> list[list[Any]]:
    return [list(column) for column in zip(*rows, strict=True)] if rows else [[] for _ in range(width)]


def instant(epoch_s: float) -> datetime:
    """Return the aware instant (UTC) of an epoch second."""
    return datetime.fromtimestamp(epoch_s, UTC)
