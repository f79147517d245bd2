"""The one source of bucketed readings: every chart, sparkline, calendar and record stands on `buckets`.

A bucket is half-open [start, start + width). Those of 5 minutes and of an hour are aligned to the epoch, days to a
site's calendar. What is no number, is flagged bad or was excluded is left out; buckets without a good number of the
quantities asked for do not exist.

Rollups answer where they hold, readings for the rest: what is newer than the border of the rollups, and hours that are
to be made anew. So the answer is the one that the readings give, at every moment.
"""

import math
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Final, Literal

from django.db import connection, transaction
from psycopg import sql

from sensorfusion.domain.quantities import quantity
from sensorfusion.readings import parts
from sensorfusion.readings.cover import Cover, Source, Standing, cover
from sensorfusion.readings.days import Calendar

Width = Literal["5m", "1h", "1d"]
Number = float | None

WIDTHS: Final[dict[Width, int]] = {
    "5m": 300,
    "1h": 3600,
    "1d": 86400,
}  # seconds; a day across a clock change is 1 h off
EXTRA_DECIMALS: Final = 2  # of a mean, beyond the decimals its quantity is shown with
MIN_STEADINESS: Final = (
    1e-6  # length of the mean vector below which directions cancel out and there is no mean direction
)


@dataclass(frozen=True, slots=True)
class Column:
    """One quantity; lists are as long as the table's `t`.

    `value` is the one that stands for its bucket: the mean, the sum of an amount, the last of a counter or a state.
    Directions are averaged as vectors and have no extremes.

    Only when asked for, else empty: `count` of values, the `first` and `last` of them, and `growth`, what a counter
    grew by between those two, restarts included (None for other quantities; `domain.rollup.step` bridges two buckets).
    """

    value: list[Number]
    low: list[Number]
    high: list[Number]
    count: list[Number] = field(default_factory=list)
    first: list[Number] = field(default_factory=list)
    last: list[Number] = field(default_factory=list)
    growth: list[Number] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Table:
    """`t`: where each row starts, `first` and `last`: its outermost readings; all in epoch seconds, ascending."""

    t: list[float]
    first: list[float]
    last: list[float]
    columns: dict[str, Column]


@dataclass(frozen=True, slots=True)
class _Asked:
    """A quantity by its place in the question and its number in the rollups; below 0 when it is in none."""

    place: int
    id: int
    name: str

    @property
    def combine(self) -> str:
        return quantity(self.name).combine


def buckets(
    sensor: int,
    quantities: Sequence[str],
    *,
    start: datetime,
    end: datetime,
    width: Width,
    time_zone: str = "UTC",
    day_starts_h: int = 0,
    extras: bool = False,
) -> Table:
    """Combine the readings of [start, end) into buckets.

    :param time_zone: whose days, which begin at `day_starts_h` of its clock; rollups of days are kept for the site's.
    :param extras: fill the columns' `count`, `first`, `last` and `growth` too.
    """
    calendar = Calendar(time_zone, day_starts_h)
    with _snapshot():
        known = _known(sensor, quantities, start, end)
        asked = [_Asked(place, known.ids.get(name, -1 - place), name) for place, name in enumerate(quantities)]
        start, end = known.clipped(start, end)
        if start >= end or not asked:
            return _table(asked, [], extras)
        borders = calendar.borders(start, end) if width == "1d" else []
        covered = cover(
            start, end, widest=width, standing=known.standing, borders=borders, days_hold=known.calendar == calendar
        )
        if width == "1d":
            cuts = sql.Literal(borders)
            bucket = sql.SQL("({cuts}::timestamptz[])[width_bucket(at, {cuts}::timestamptz[])]").format(cuts=cuts)
        else:
            bucket = sql.SQL("date_bin({}, at, 'epoch')").format(sql.Literal(f"{WIDTHS[width]} s"))
        return _table(asked, _rows(_statement(sensor, asked, width, bucket, covered, extras)), extras)


@dataclass(frozen=True, slots=True)
class _Known:
    standing: Standing
    calendar: Calendar | None
    ids: dict[str, int]
    first: datetime | None
    last: datetime | None

    def clipped(self, start: datetime, end: datetime) -> tuple[datetime, datetime]:
        """Leave out what is before the first and behind the last reading, and so their calendar."""
        if self.first is None or self.last is None:
            return end, end
        return max(start, self.first), min(end, self.last + datetime.resolution)


_FIRST = """
least((
    SELECT min(observed_at) FROM reading
    WHERE sensor_id = %(sensor)s AND observed_at >= %(start)s AND observed_at < %(end)s
), (
    SELECT first_at FROM rollup_1h WHERE sensor_id = %(sensor)s AND start < %(end)s AND first_at >= %(start)s
    AND start > %(start)s - interval '1 h' ORDER BY start LIMIT 1
))"""
_LAST = """
greatest((
    SELECT max(observed_at) FROM reading
    WHERE sensor_id = %(sensor)s AND observed_at >= %(start)s AND observed_at < %(end)s
), (
    SELECT last_at FROM rollup_1h WHERE sensor_id = %(sensor)s AND start < %(end)s AND last_at < %(end)s
    AND start > %(start)s - interval '1 h' ORDER BY start DESC LIMIT 1
))"""
_KNOWN = f"""
SELECT state.rolled_up_until, state.raw_kept_from, rule.time_zone, rule.day_starts_h, {_FIRST}, {_LAST},
    (SELECT array_agg(DISTINCT hour ORDER BY hour) FROM dirty_hour
     WHERE sensor_id = %(sensor)s AND hour > %(start)s - interval '1 h' AND hour < %(end)s),
    (SELECT json_object_agg(name, id) FROM quantity_name WHERE name = ANY(%(names)s))
FROM (SELECT) AS one LEFT JOIN sensor_state AS state ON state.sensor_id = %(sensor)s
LEFT JOIN day_rule AS rule ON rule.sensor_id = %(sensor)s
"""


def _known(sensor: int, quantities: Sequence[str], start: datetime, end: datetime) -> _Known:
    with connection.cursor() as cursor:
        cursor.execute(_KNOWN, {"sensor": sensor, "start": start, "end": end, "names": list(quantities)})
        row = cursor.fetchone()
    assert row is not None
    until, kept, zone, begins, first, last, dirty, ids = row
    calendar = None if zone is None else Calendar(zone, begins)
    return _Known(Standing(until, dirty or (), kept), calendar, ids or {}, first, last)


@contextmanager
def _snapshot() -> Iterator[None]:
    """Have all statements see the same: what is rolled up, by which calendar, and what is not.

    Without: we read that an hour is to be read raw; it is rolled up, and retention drops its readings; we find none.
    """
    if connection.in_atomic_block:  # its owner says what it sees
        yield
        return
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        yield


def extent(sensor: int, *, start: datetime, end: datetime) -> tuple[datetime, datetime] | None:
    """Return the first and the last instant observed in [start, end), also where only rollups are left."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {_FIRST}, {_LAST}", {"sensor": sensor, "start": start, "end": end})
        first, last = cursor.fetchone() or (None, None)
    return None if first is None or last is None else (first, last)


def raw(sensor: int, quantities: Sequence[str], *, start: datetime, end: datetime, limit: int) -> Table:
    """Return the first `limit` readings of [start, end) that have one of the quantities, in the shape of buckets."""
    statement = sql.SQL(
        "SELECT extract(epoch FROM observed_at)::float8, {} FROM ({} ORDER BY observed_at LIMIT {}) AS numbers"
    ).format(
        sql.SQL(", ").join(sql.Identifier(f"v{place}") for place in range(len(quantities))),
        numbers(sensor, quantities, start, end),
        sql.Literal(limit),
    )
    t, *values = _transposed(_rows(statement), 1 + len(quantities))
    return Table(
        t, t, t, {name: Column(column, column, column) for name, column in zip(quantities, values, strict=True)}
    )


def numbers(sensor: int, quantities: Sequence[str], start: datetime, end: datetime) -> sql.Composed:
    """Write the query of the plain numbers v0, v1, …, one per quantity; what is not a good number is NULL."""
    return sql.SQL(
        "SELECT observed_at, {columns} FROM reading AS r LEFT JOIN LATERAL ({excluded}) AS excluded ON true"
        ' WHERE sensor_id = {sensor} AND observed_at >= {start} AND observed_at < {end} AND "values" ?| {names}'
    ).format(
        columns=sql.SQL(", ").join(_number(name, place) for place, name in enumerate(quantities)),
        excluded=parts.EXCLUDED_NAMES,
        sensor=sql.Literal(sensor),
        start=sql.Literal(start),
        end=sql.Literal(end),
        names=sql.Literal(list(quantities)),
    )


def _number(name: str, place: int) -> sql.Composed:
    literal = sql.Literal(name)
    return sql.SQL("CASE WHEN (excluded.names && ARRAY['', {name}]) IS NOT TRUE THEN {good} END AS {column}").format(
        name=literal,
        good=parts.good(sql.SQL('("values" -> {})').format(literal), sql.SQL("(flags ->> {})").format(literal)),
        column=sql.Identifier(f"v{place}"),
    )


# What is selected of each quantity: of rows of the rollup, and of merged parts.
_STATISTICS: Final = ("count", "total", "low", "high", "first", "last")


def _statement(
    sensor: int, asked: Sequence[_Asked], width: Width, bucket: sql.Composable, covered: Cover, extras: bool
) -> sql.Composed:
    """Write the query of all buckets: rows of the rollup as they are, and the others merged from narrower parts."""
    whole = covered.spans.pop(width)
    queries = [_whole(sensor, asked, width, whole)] if whole else []
    pieces = [_pieces(sensor, asked, source, spans) for source, spans in covered.spans.items() if spans]
    if pieces:
        queries.append(_merged(asked, sql.SQL(" UNION ALL ").join(pieces), bucket))
    return sql.SQL(
        "SELECT extract(epoch FROM t)::float8, extract(epoch FROM first_at)::float8,"
        " extract(epoch FROM last_at)::float8, {columns} FROM ({queries}) AS found ORDER BY t"
    ).format(
        columns=sql.SQL(", ").join(_output(each, extras) for each in asked),
        queries=sql.SQL(" UNION ALL ").join(queries),
    )


def _whole(
    sensor: int, asked: Sequence[_Asked], width: Width, spans: Sequence[tuple[datetime, datetime]]
) -> sql.Composed:
    return sql.SQL(
        "SELECT start AS t, {first} AS first_at, {last} AS last_at, {columns} FROM ({rows}) AS r"
        " CROSS JOIN LATERAL (SELECT {places} OFFSET 0) AS places WHERE coalesce({any}) IS NOT NULL"
    ).format(
        first=_outermost(asked, "least", "first_at", 1),
        last=_outermost(asked, "greatest", "last_at", 2),
        columns=sql.SQL(", ").join(_packed(each, width) for each in asked),
        rows=_stretches(sensor, parts.TABLES[width], "start", spans),
        places=sql.SQL(", ").join(
            sql.SQL("array_position(r.quantities, {}) AS {}").format(sql.Literal(each.id), _name("p", each))
            for each in asked
        ),
        any=sql.SQL(", ").join(_name("p", each) for each in asked),
    )


def _outermost(asked: Sequence[_Asked], pick: str, column: str, place: int) -> sql.Composed:
    return sql.SQL("CASE WHEN instants IS NULL THEN r.{column} ELSE {pick}({each}) END").format(
        column=sql.Identifier(column),
        pick=sql.SQL(pick),
        each=sql.SQL(", ").join(
            sql.SQL("instants[{}][{}]").format(_name("p", each), sql.Literal(place)) for each in asked
        ),
    )


def _packed(each: _Asked, width: Width) -> sql.Composed:
    place = _name("p", each)
    count = sql.SQL("CASE WHEN {p} IS NOT NULL THEN coalesce(counts[{p}], r.count) END AS {name}").format(
        p=place, name=_name("count", each)
    )
    others = [
        sql.SQL("{} AS {}").format(parts.number(place, which, width), _name(statistic, each))
        for which, statistic in enumerate(_STATISTICS[1:], 1)
    ]
    return sql.SQL(", ").join([count, *others])


def _pieces(
    sensor: int, asked: Sequence[_Asked], source: Source, spans: Sequence[tuple[datetime, datetime]]
) -> sql.Composed:
    quantities = sql.SQL("SELECT * FROM (VALUES {}) AS asked (id, name, combine)").format(
        sql.SQL(", ").join(
            sql.SQL("({}, {}, {})").format(sql.Literal(each.id), sql.Literal(each.name), sql.Literal(each.combine))
            for each in asked
        )
    )
    if source == "raw":
        return parts.of_quantities(_stretches(sensor, sql.Identifier("reading"), "observed_at", spans), quantities)
    return parts.of_buckets(_stretches(sensor, parts.TABLES[source], "start", spans), quantities, source)


def _stretches(
    sensor: int, table: sql.Identifier, column: str, spans: Sequence[tuple[datetime, datetime]]
) -> sql.Composed:
    """Write the query of the rows of some stretches; a single one lets the planner see which months it needs."""
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


def _merged(asked: Sequence[_Asked], pieces: sql.Composable, bucket: sql.Composable) -> sql.Composed:
    columns = [
        sql.SQL("max({}) FILTER (WHERE quantity = {}) AS {}").format(
            sql.Identifier(statistic), sql.Literal(each.id), _name(statistic, each)
        )
        for each in asked
        for statistic in _STATISTICS
    ]
    return sql.SQL(
        "SELECT start AS t, min(first_at) AS first_at, max(last_at) AS last_at, {columns}"
        " FROM ({merged}) AS merged GROUP BY start"
    ).format(columns=sql.SQL(", ").join(columns), merged=parts.merged(pieces, bucket))


def _output(each: _Asked, extras: bool) -> sql.Composed:
    """Write what is answered of a quantity: what stands for the bucket, lowest, highest; of directions the mean
    vector's parts."""
    match each.combine:
        case "vector":
            form = "{total} / {count}, {low} / {count}, NULL"
        case "sum":
            form = "{total}, {low}, {high}"
        case "counter" | "last":
            form = "{last}, {low}, {high}"
        case _:
            form = "{total} / {count}, {low}, {high}"
    if extras:
        form += ", {count}, {first}, {last}, " + ("{total}" if each.combine == "counter" else "NULL")
    return sql.SQL(form).format(**{statistic: _name(statistic, each) for statistic in _STATISTICS})


def _name(statistic: str, each: _Asked) -> sql.Identifier:
    return sql.Identifier(f"{statistic}{each.place}")


def _rows(statement: sql.Composed) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(statement)
        return list(cursor.fetchall())


def _table(asked: Sequence[_Asked], rows: list[tuple[Any, ...]], extras: bool) -> Table:
    each_has = 7 if extras else 3
    t, first, last, *values = _transposed(rows, 3 + each_has * len(asked))
    columns = {
        each.name: _column(each.name, *values[each_has * each.place : each_has * (each.place + 1)]) for each in asked
    }
    return Table(t, first, last, columns)


def _column(name: str, value: list[Number], low: list[Number], high: list[Number], *extras: list[Number]) -> Column:
    entry = quantity(name)
    if entry.combine == "vector":
        return Column([_direction(*parts) for parts in zip(value, low, strict=True)], high, high, *extras)
    return Column(_rounded(value, entry.decimals + EXTRA_DECIMALS), low, high, *extras)


def _direction(east: Number, north: Number) -> Number:
    if east is None or north is None or math.hypot(east, north) < MIN_STEADINESS:
        return None
    return round(math.degrees(math.atan2(east, north)) % 360, 1)


def _rounded(column: list[Number], digits: int) -> list[Number]:
    return [None if value is None else round(value, digits) for value in column]


def _transposed(rows: list[tuple[Any, ...]], width: int) -> list[list[Any]]:
    return [list(column) for column in zip(*rows, strict=True)] if rows else [[] for _ in range(width)]


def instant(epoch_s: float) -> datetime:
    """Return the aware instant of an epoch second."""
    return datetime.fromtimestamp(epoch_s, UTC)
