"""The one source of bucketed readings: every chart, sparkline, calendar and record stands on `buckets`.

A bucket is half-open [start, start + width). Those of 5 minutes and of an hour are aligned to the epoch, days to the
midnights of a time zone. Values flagged bad and what is no number are left out; buckets without a reading do not exist.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final, Literal

from django.db import connection
from psycopg import sql

from sensorfusion.domain.quality import Flag
from sensorfusion.domain.quantities import quantity

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
    """

    value: list[Number]
    low: list[Number]
    high: list[Number]


@dataclass(frozen=True, slots=True)
class Table:
    """`t`: where each row starts, `first` and `last`: its outermost readings; all in epoch seconds, ascending."""

    t: list[float]
    first: list[float]
    last: list[float]
    columns: dict[str, Column]


def buckets(
    sensor: int, quantities: Sequence[str], *, start: datetime, end: datetime, width: Width, time_zone: str = "UTC"
) -> Table:
    """Combine the readings of [start, end) into buckets."""
    if width == "1d":
        bucket = sql.SQL("date_trunc('day', observed_at, {})").format(sql.Literal(time_zone))
    else:
        bucket = sql.SQL("date_bin({}, observed_at, 'epoch')").format(sql.Literal(f"{WIDTHS[width]} s"))
    statement = sql.SQL(
        "SELECT extract(epoch FROM {bucket})::float8 AS t, extract(epoch FROM min(observed_at))::float8,"
        " extract(epoch FROM max(observed_at))::float8, {aggregates} FROM ({numbers} OFFSET 0) AS numbers"
        " GROUP BY t ORDER BY t"
    ).format(
        bucket=bucket,
        aggregates=sql.SQL(", ").join(_aggregates(name, place) for place, name in enumerate(quantities)),
        numbers=numbers(sensor, quantities, start, end),
    )
    return _table(quantities, _rows(statement))


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


def extent(sensor: int, *, start: datetime, end: datetime) -> tuple[datetime, datetime] | None:
    """Return the first and the last instant observed in [start, end)."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT min(observed_at), max(observed_at) FROM reading"
            " WHERE sensor_id = %s AND observed_at >= %s AND observed_at < %s",
            [sensor, start, end],
        )
        first, last = cursor.fetchone() or (None, None)
    return None if first is None or last is None else (first, last)


def numbers(sensor: int, quantities: Sequence[str], start: datetime, end: datetime) -> sql.Composed:
    """Write the query of the plain numbers v0, v1, …, one per quantity; what is not a good number is NULL."""
    return sql.SQL(
        "SELECT observed_at, {columns} FROM reading"
        ' WHERE sensor_id = {sensor} AND observed_at >= {start} AND observed_at < {end} AND "values" ?| {names}'
    ).format(
        columns=sql.SQL(", ").join(_number(name, place) for place, name in enumerate(quantities)),
        sensor=sql.Literal(sensor),
        start=sql.Literal(start),
        end=sql.Literal(end),
        names=sql.Literal(list(quantities)),
    )


def _number(name: str, place: int) -> sql.Composed:
    return sql.SQL(
        "CASE WHEN jsonb_typeof(\"values\" -> {name}) = 'number'"
        " AND (flags IS NULL OR flags ->> {name} IS DISTINCT FROM {bad})"
        ' THEN ("values" -> {name})::float8 END AS {column}'
    ).format(name=sql.Literal(name), bad=sql.Literal(str(int(Flag.BAD))), column=sql.Identifier(f"v{place}"))


def _aggregates(name: str, place: int) -> sql.Composed:
    """Write three aggregates: what stands for the bucket, lowest, highest; of directions the mean vector's parts."""
    column = sql.Identifier(f"v{place}")
    match quantity(name).combine:
        case "vector":
            form = "avg(sind({0})), avg(cosd({0})), NULL"
        case "sum":
            form = "sum({0}), min({0}), max({0})"
        case "counter" | "last":
            form = "(array_agg({0} ORDER BY observed_at DESC) FILTER (WHERE {0} IS NOT NULL))[1], min({0}), max({0})"
        case _:
            form = "avg({0}), min({0}), max({0})"
    return sql.SQL(form).format(column)


def _rows(statement: sql.Composed) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(statement)
        return list(cursor.fetchall())


def _table(quantities: Sequence[str], rows: list[tuple[Any, ...]]) -> Table:
    t, first, last, *values = _transposed(rows, 3 + 3 * len(quantities))
    columns = {name: _column(name, *values[3 * place : 3 * place + 3]) for place, name in enumerate(quantities)}
    return Table(t, first, last, columns)


def _column(name: str, value: list[Number], low: list[Number], high: list[Number]) -> Column:
    entry = quantity(name)
    if entry.combine == "vector":
        return Column([_direction(*parts) for parts in zip(value, low, strict=True)], high, high)
    return Column(_rounded(value, entry.decimals + EXTRA_DECIMALS), low, high)


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
