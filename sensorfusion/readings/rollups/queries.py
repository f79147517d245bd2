"""The SQL of `buckets`: rows of a rollup of the requested width, and buckets merged from narrower parts.

Both select the same columns, six statistics of each quantity; the answer uses those that represent a bucket. The text
depends on the shape of the question only and is remembered by it, so that PostgreSQL plans it once per connection.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any, Final

from psycopg import sql

from sensorfusion.domain.quantities import quantity
from sensorfusion.readings.rollups import sql as rollup_sql
from sensorfusion.readings.rollups.coverage import WIDTH_S, Coverage, Source, Span, Width
from sensorfusion.readings.rollups.days import Calendar
from sensorfusion.readings.stored.selection import select


@dataclass(frozen=True, slots=True)
class Asked:
    """A requested quantity: its position in the request and its id in the rollups, negative if they do not have it."""

    place: int
    id: int
    name: str

    @property
    def combine(self) -> str:
        return quantity(self.name).combine


@dataclass(frozen=True, slots=True)
class Cut:
    """How parts are merged: whether buckets end where days do, and the calendar by which counters restart."""

    by_days: bool
    calendar: Calendar


@dataclass(frozen=True, slots=True)
class Shape:
    """All that the text of a query depends on, few for any number of sensors and ranges; the rest is parameters.

    `sources`: where the parts come from, and whether they are a single span.
    """

    asked: tuple[Asked, ...]
    width: Width
    cut: Cut
    sources: tuple[tuple[Source, bool], ...]
    extras: bool


# Statistics selected per quantity, both from rows of the rollup and from merged parts; the instants for counters only.
_STATISTICS: Final = ("count", "total", "low", "high", "first", "last")
_INSTANTS: Final = ("first_at", "last_at")
_SENSOR: Final = sql.Placeholder("sensor")
_BORDERS: Final = sql.SQL("{}::timestamptz[]").format(sql.Placeholder("borders"))


def statement_of(
    sensor: int,
    asked: Sequence[Asked],
    width: Width,
    cut: Cut,
    coverage: Coverage,
    *,
    borders: Sequence[datetime],
    extras: bool,
) -> tuple[str, dict[str, Any]]:
    """Return the query of all buckets, rows of the rollup and the rest merged from narrower parts, and its parameters.

    :param borders: of days, if the cut is by days; only those around narrower parts are sent.
    """
    spans = {source: found for source, found in coverage.spans.items() if found}
    sources = tuple((source, len(found) == 1) for source, found in spans.items())
    values: dict[str, Any] = {"sensor": sensor, **{f"name{each.place}": each.name for each in asked}}
    for source, found in spans.items():
        starts, ends = zip(*found, strict=True)
        is_single = len(found) == 1
        values[f"start_{source}"], values[f"end_{source}"] = found[0] if is_single else (list(starts), list(ends))
    parts = [span for source, found in spans.items() if source != width for span in found]
    if cut.by_days and parts:
        values["borders"] = _borders_around(parts, borders)
    return _text(Shape(tuple(asked), width, cut, sources, extras)), values


def _borders_around(parts: Iterable[Span], borders: Sequence[datetime]) -> list[datetime]:
    """Return the borders of the days that parts are in; a year has 366, and few of its days are not rolled up."""
    near: set[datetime] = set()
    for start, end in parts:
        near |= set(borders[max(bisect_right(borders, start) - 1, 0) : bisect_left(borders, end) + 1])
    return sorted(near)


@lru_cache(maxsize=256)
def _text(shape: Shape) -> str:
    sources = dict(shape.sources)
    queries = [_whole(shape, is_single=sources.pop(shape.width))] if shape.width in sources else []
    pieces = [_pieces(shape.asked, source, is_single) for source, is_single in sources.items()]
    if pieces:
        queries.append(_merged(shape, sql.SQL(" UNION ALL ").join(pieces)))
    return (
        sql.SQL(
            "SELECT extract(epoch FROM t)::float8, extract(epoch FROM first_at)::float8,"
            " extract(epoch FROM last_at)::float8, {columns} FROM ({queries}) AS found ORDER BY t"
        )
        .format(
            columns=sql.SQL(", ").join(_output(each, shape.extras) for each in shape.asked),
            queries=sql.SQL(" UNION ALL ").join(queries),
        )
        .as_string(None)
    )


def _whole(shape: Shape, *, is_single: bool) -> sql.Composed:
    asked, width = shape.asked, shape.width
    return sql.SQL(
        "SELECT start AS t, {first} AS first_at, {last} AS last_at, {columns} FROM ({rows}) AS r"
        " CROSS JOIN LATERAL (SELECT {places} OFFSET 0) AS places WHERE coalesce({any}) IS NOT NULL"
    ).format(
        first=_outermost(asked, "least", "first_at", 1),
        last=_outermost(asked, "greatest", "last_at", 2),
        columns=sql.SQL(", ").join(_packed(each, width) for each in asked),
        rows=_stretches(width, is_single),
        places=sql.SQL(", ").join(
            sql.SQL("array_position(r.quantities, {}) AS {}").format(sql.Literal(each.id), _name("p", each))
            for each in asked
        ),
        any=sql.SQL(", ").join(_name("p", each) for each in asked),
    )


def _outermost(asked: Sequence[Asked], pick: str, column: str, place: int) -> sql.Composed:
    return sql.SQL("CASE WHEN instants IS NULL THEN r.{column} ELSE {pick}({each}) END").format(
        column=sql.Identifier(column),
        pick=sql.SQL(pick),
        each=sql.SQL(", ").join(
            sql.SQL("instants[{}][{}]").format(_name("p", each), sql.Literal(place)) for each in asked
        ),
    )


def _packed(each: Asked, width: Width) -> sql.Composed:
    place = _name("p", each)
    count = sql.SQL("CASE WHEN {p} IS NOT NULL THEN coalesce(counts[{p}], r.count) END AS {name}").format(
        p=place, name=_name("count", each)
    )
    others = [
        sql.SQL("{} AS {}").format(rollup_sql.number(place, which, width), _name(statistic, each))
        for which, statistic in enumerate(_STATISTICS[1:], 1)
    ]
    instants = [
        sql.SQL("coalesce(instants[{}][{}], r.{}) AS {}").format(
            place, sql.Literal(which), sql.Identifier(each_at), _name(each_at, each)
        )
        for which, each_at in enumerate(_instants(each), 1)
    ]
    return sql.SQL(", ").join([count, *others, *instants])


def _instants(each: Asked) -> tuple[str, ...]:
    return _INSTANTS if each.combine == "counter" else ()


def _rules(each: Asked) -> sql.Composed:
    """Build the row of a quantity; its name is a parameter, as a name may hold a percent sign."""
    entry = quantity(each.name)
    rules = map(sql.Literal, (entry.combine, entry.restarts or "", entry.weighed_by))
    return sql.SQL("({}, {}::text, {}, {}, {})").format(
        sql.Literal(each.id), sql.Placeholder(f"name{each.place}"), *rules
    )


def _pieces(asked: Sequence[Asked], source: Source, is_single: bool) -> sql.Composed:
    quantities = sql.SQL("SELECT * FROM (VALUES {}) AS asked (id, name, combine, restarts, weighed_by)").format(
        sql.SQL(", ").join(map(_rules, asked))
    )
    if source == "raw":
        return rollup_sql.of_quantities(_stretches(source, is_single), quantities)
    return rollup_sql.of_buckets(_stretches(source, is_single), quantities, source)


def _stretches(source: Source, is_single: bool) -> sql.Composed:
    """Build the query of the rows of some ranges; with a single range partitions can be pruned."""
    start, end = sql.Placeholder(f"start_{source}"), sql.Placeholder(f"end_{source}")
    if is_single:
        return _rows(source, start, end)
    return sql.SQL(
        "SELECT found.* FROM unnest({}::timestamptz[], {}::timestamptz[]) AS stretch (s, e) CROSS JOIN LATERAL"
        " ({} OFFSET 0) AS found"
    ).format(start, end, _rows(source, sql.SQL("s"), sql.SQL("e")))


def _rows(source: Source, start: sql.Composable, end: sql.Composable) -> sql.Composed:
    """Build the query of the rows of one range."""
    if source == "raw":
        return sql.Composed([sql.SQL(select("*", since=start.as_string(None), before=end.as_string(None)))])
    return sql.SQL("SELECT * FROM {} WHERE sensor_id = {} AND start >= {} AND start < {}").format(
        rollup_sql.TABLES[source], _SENSOR, start, end
    )


def _bucket(shape: Shape) -> sql.Composed:
    """Build the start of the bucket of an instant `at`; cut by the borders of days, no bucket is in two of them."""
    day = sql.SQL("({borders})[width_bucket(at, {borders})]").format(borders=_BORDERS)
    if shape.width == "1d":
        return day
    origin = day if shape.cut.by_days else sql.SQL("'epoch'")
    return sql.SQL("date_bin({}, at, {})").format(sql.Literal(f"{WIDTH_S[shape.width]} s"), origin)


def _merged(shape: Shape, pieces: sql.Composable) -> sql.Composed:
    columns = [
        sql.SQL("max({}) FILTER (WHERE quantity = {}) AS {}").format(
            sql.Identifier(statistic), sql.Literal(each.id), _name(statistic, each)
        )
        for each in shape.asked
        for statistic in (*_STATISTICS, *_instants(each))
    ]
    merged = rollup_sql.merged(pieces, _bucket(shape), shape.cut.calendar)
    return sql.SQL(
        "SELECT start AS t, min(first_at) AS first_at, max(last_at) AS last_at, {columns}"
        " FROM ({merged}) AS merged GROUP BY start"
    ).format(columns=sql.SQL(", ").join(columns), merged=merged)


_GROWTH: Final = "{total}, extract(epoch FROM {first_at})::float8, extract(epoch FROM {last_at})::float8"


def _output(each: Asked, extras: bool) -> sql.Composed:
    """Build the output columns of a quantity: representative value, low, high; of directions sum and number."""
    match each.combine:
        case "vector":
            form = "{total}, {low}, {count}"
        case "sum":
            form = "{total}, {low}, {high}"
        case "counter" | "last":
            form = "{last}, {low}, {high}"
        case _:
            form = "{total} / {count}, {low}, {high}"
    if extras:
        form += ", {count}, {first}, {last}, " + (_GROWTH if each.combine == "counter" else "NULL, NULL, NULL")
    return sql.SQL(form).format(**{each_: _name(each_, each) for each_ in (*_STATISTICS, *_instants(each))})


def _name(statistic: str, each: Asked) -> sql.Identifier:
    return sql.Identifier(f"{statistic}{each.place}")
