"""The SQL of `buckets`: rows of a rollup of the requested width, and buckets merged from narrower parts.

Both select the same columns, six statistics of each quantity; the answer uses those that represent a bucket.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from psycopg import sql

from sensorfusion.domain.quantities import quantity
from sensorfusion.readings.rollups import sql as rollup_sql
from sensorfusion.readings.rollups.coverage import Coverage, Source, Span, Width
from sensorfusion.readings.rollups.days import Calendar


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
    """How parts are merged: the SQL of the start of a part's bucket, and the calendar by which counters restart."""

    bucket: sql.Composable
    calendar: Calendar


# Statistics selected per quantity, both from rows of the rollup and from merged parts; the instants for counters only.
_STATISTICS: Final = ("count", "total", "low", "high", "first", "last")
_INSTANTS: Final = ("first_at", "last_at")


def statement_of(
    sensor: int, asked: Sequence[Asked], width: Width, cut: Cut, coverage: Coverage, extras: bool
) -> sql.Composed:
    """Build the query of all buckets: rows of the rollup, and the rest merged from narrower parts."""
    whole = coverage.spans.pop(width)
    queries = [_whole(sensor, asked, width, whole)] if whole else []
    pieces = [_pieces(sensor, asked, source, spans) for source, spans in coverage.spans.items() if spans]
    if pieces:
        queries.append(_merged(asked, sql.SQL(" UNION ALL ").join(pieces), cut))
    return sql.SQL(
        "SELECT extract(epoch FROM t)::float8, extract(epoch FROM first_at)::float8,"
        " extract(epoch FROM last_at)::float8, {columns} FROM ({queries}) AS found ORDER BY t"
    ).format(
        columns=sql.SQL(", ").join(_output(each, extras) for each in asked),
        queries=sql.SQL(" UNION ALL ").join(queries),
    )


def _whole(sensor: int, asked: Sequence[Asked], width: Width, spans: Sequence[Span]) -> sql.Composed:
    return sql.SQL(
        "SELECT start AS t, {first} AS first_at, {last} AS last_at, {columns} FROM ({rows}) AS r"
        " CROSS JOIN LATERAL (SELECT {places} OFFSET 0) AS places WHERE coalesce({any}) IS NOT NULL"
    ).format(
        first=_outermost(asked, "least", "first_at", 1),
        last=_outermost(asked, "greatest", "last_at", 2),
        columns=sql.SQL(", ").join(_packed(each, width) for each in asked),
        rows=_stretches(sensor, rollup_sql.TABLES[width], "start", spans),
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


def _rules(each: Asked) -> tuple[int | str, ...]:
    entry = quantity(each.name)
    return each.id, each.name, entry.combine, entry.restarts or "", entry.weighed_by


def _pieces(sensor: int, asked: Sequence[Asked], source: Source, spans: Sequence[Span]) -> sql.Composed:
    quantities = sql.SQL("SELECT * FROM (VALUES {}) AS asked (id, name, combine, restarts, weighed_by)").format(
        sql.SQL(", ").join(sql.SQL("({})").format(sql.SQL(", ").join(map(sql.Literal, _rules(each)))) for each in asked)
    )
    if source == "raw":
        return rollup_sql.of_quantities(_stretches(sensor, sql.Identifier("reading"), "observed_at", spans), quantities)
    return rollup_sql.of_buckets(_stretches(sensor, rollup_sql.TABLES[source], "start", spans), quantities, source)


def _stretches(sensor: int, table: sql.Identifier, column: str, spans: Sequence[Span]) -> sql.Composed:
    """Build the query of the rows of some ranges; with a single range the planner can prune partitions."""
    if len(spans) == 1:
        return sql.SQL("SELECT * FROM {} WHERE sensor_id = {} AND {column} >= {} AND {column} < {}").format(
            table, sql.Literal(sensor), *map(sql.Literal, spans[0]), column=sql.Identifier(column)
        )
    starts, ends = zip(*spans, strict=True)
    return sql.SQL(
        "SELECT found.* FROM unnest({}::timestamptz[], {}::timestamptz[]) AS stretch (s, e) CROSS JOIN LATERAL"
        " (SELECT * FROM {} WHERE sensor_id = {} AND {column} >= s AND {column} < e OFFSET 0) AS found"
    ).format(
        sql.Literal(list(starts)), sql.Literal(list(ends)), table, sql.Literal(sensor), column=sql.Identifier(column)
    )


def _merged(asked: Sequence[Asked], pieces: sql.Composable, cut: Cut) -> sql.Composed:
    columns = [
        sql.SQL("max({}) FILTER (WHERE quantity = {}) AS {}").format(
            sql.Identifier(statistic), sql.Literal(each.id), _name(statistic, each)
        )
        for each in asked
        for statistic in (*_STATISTICS, *_instants(each))
    ]
    return sql.SQL(
        "SELECT start AS t, min(first_at) AS first_at, max(last_at) AS last_at, {columns}"
        " FROM ({merged}) AS merged GROUP BY start"
    ).format(columns=sql.SQL(", ").join(columns), merged=rollup_sql.merged(pieces, cut.bucket, cut.calendar))


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
