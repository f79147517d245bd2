"""Columns for charts in the finest resolution that fits, with gaps marked and derived quantities computed.

Derived quantities are computed when they are read, never stored.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Final, TypeVar

from sensorfusion.domain.gaps import gaps
from sensorfusion.domain.quantities import quantity
from sensorfusion.domain.rounding import EXTRA_DECIMALS, rounded_column, rounded_means
from sensorfusion.events.prepared import fetch_one
from sensorfusion.readings.charts.crowded import is_crowded
from sensorfusion.readings.charts.derived_columns import Source, derived_columns
from sensorfusion.readings.charts.increases import with_increases
from sensorfusion.readings.charts.joined import join, only_telling
from sensorfusion.readings.charts.question import ChartQuestion, Derived, Resolution
from sensorfusion.readings.charts.wider_days import wider_days
from sensorfusion.readings.rollups.buckets import WIDTHS, Column, Table, Width, buckets, raw
from sensorfusion.readings.rollups.known import Known, known_of
from sensorfusion.readings.storage.snapshots import snapshot
from sensorfusion.readings.stored.selection import select

T = TypeVar("T")

# Buckets that are read per requested point, at most: only those of the quantities count, and the others are read first.
READ_PER_POINT: Final = 20
_WIDER: Final[dict[Width, str]] = {"5m": "5-minute", "1h": "hourly", "1d": "daily"}


class DoesNotFit(ValueError):
    """The requested resolution has too many rows; the message says what to do."""


@dataclass(frozen=True, slots=True)
class Series:
    """Columns for charts, as long as `t` (epoch seconds, ascending); a row of only None stands in every gap.

    `days` is the number of days per row, more than 1 only if single days are too many. `derived` names the inputs of
    each column that has derived rows, and `stored_from` where such a column goes on with stored ones.
    """

    resolution: Resolution
    t: list[float]
    columns: dict[str, Column]
    days: int = 1
    derived: Derived = field(default_factory=dict)
    stored_from: dict[str, float] = field(default_factory=dict)


def series(question: ChartQuestion) -> Series:
    """Return the finest columns that have at most as many rows as the question has points.

    :raises DoesNotFit: if the requested resolution has more rows.
    """
    with snapshot():
        width = question.resolution
        if width is not None and width != "raw" and question.quantities and _rows(question, width) <= question.points:
            # Whatever the range holds, it fits: there is no need to ask how far its readings reach.
            return _exactly(question, width, _span_s(question))
        known = known_of(question.stored)
        if known.reach is None or not question.quantities:
            nothing = {name: Column([], [], []) for name in question.quantities}
            return Series(question.resolution or "raw", [], nothing, 1, question.derived)
        first, last = known.reach
        if question.resolution is None:
            return _finest(question, known, first, (last - first).total_seconds())
        return _exactly(question, question.resolution, (last - first).total_seconds(), known)


def _span_s(question: ChartQuestion) -> float:
    return (question.end - question.start).total_seconds()


def _rows(question: ChartQuestion, width: Width) -> int:
    """Return how many buckets a range has at most."""
    return math.ceil(_span_s(question) / WIDTHS[width]) + 1


def _finest(question: ChartQuestion, known: Known, first: datetime, span_s: float) -> Series:
    plain = None if is_crowded(question, first) else _raw(question)
    if plain and _fits(plain, 0, question.points):
        return _finished(question, "raw", plain)
    for width, width_s in WIDTHS.items():
        # A range that begins and ends inside buckets touches one bucket more than its length suggests.
        if width != "1d" and span_s / width_s + 1 > question.points:
            continue
        table = buckets(question.stored, width, extras=question.has_counters, known=known)
        if width == "1d" or _fits(table, width_s, question.points):
            break
    return _finished(question, width, table)


def _exactly(question: ChartQuestion, resolution: Resolution, span_s: float, known: Known | None = None) -> Series:
    """Read one resolution, unless the range holds far more rows than points."""
    if resolution == "raw":
        plain = _raw(question)
        if not _fits(plain, 0, question.points):
            raise DoesNotFit(_advice(f"There are more than {question.points:,} readings"))
        return _finished(question, "raw", plain)
    rows, most = math.ceil(span_s / WIDTHS[resolution]), READ_PER_POINT * question.points
    if rows <= most or _is_sparse(question, resolution, most):
        table = buckets(question.stored, resolution, extras=question.has_counters, known=known)
        if _fits(table, WIDTHS[resolution], question.points):
            return _finished(question, resolution, table)
        rows = len(table.t)
    raise DoesNotFit(_advice(f"There are about {rows:,} {_WIDER[resolution]} rows"))


def _is_sparse(question: ChartQuestion, width: Width, most: int) -> bool:
    """Return whether a range holds at most so many buckets and readings, however long it is."""
    statement = (
        f"(SELECT 1 FROM rollup_{width} WHERE sensor_id = %(sensor)s AND start >= %(start)s AND start < %(end)s"
        " OFFSET %(most)s LIMIT 1) UNION ALL"
        f" ({select('1', since='%(start)s', before='%(end)s', then='OFFSET %(most)s LIMIT 1')}) LIMIT 1"
    )
    given = {"sensor": question.sensor, "start": question.start, "end": question.end, "most": most}
    return fetch_one(statement, given) is None


def _advice(many: str) -> str:
    return f"{many} in this range. Ask for more points (at most 5000), a shorter range or a coarser resolution."


def _raw(question: ChartQuestion) -> Table:
    return raw(question.stored, limit=question.points + 1)


def _fits(table: Table, width_s: float, points: int) -> bool:
    return len(table.t) + len(gaps(table.t, width_s=width_s)) <= points


def _finished(question: ChartQuestion, resolution: Resolution, table: Table) -> Series:
    """Work out what is derived, make days wider until they fit, and mark the silences."""
    question = only_telling(question, table)
    worked_out = derived_columns(Source(question, resolution, table))
    joined, stored_from = join(question, table, worked_out)
    own = {name: with_increases(question, resolution, table, name) for name in question.own}
    columns = worked_out | own | joined
    whole, days = Table(table.t, table.first, table.last, columns), 1
    width_s = 0 if resolution == "raw" else WIDTHS[resolution]
    if resolution == "1d" and not _fits(whole, width_s, question.points):
        whole, days = _wide_enough(whole, question)
    if resolution != "raw" and question.is_rounded:
        whole = Table(
            whole.t, whole.first, whole.last, {name: _rounded(name, each) for name, each in whole.columns.items()}
        )
    marked = _with_gaps(whole, width_s * days)
    names = [*question.own, *question.derived]
    shown = {name: marked.columns[name] for name in names}
    derived = {**question.derived, **{name: question.joined[name] for name in joined}}
    return Series(resolution, marked.t, shown, days, derived, stored_from)


def _rounded(name: str, column: Column) -> Column:
    """Round the values of a column, each mean within its extremes."""
    entry = quantity(name)
    if entry.combine == "vector":
        return column
    decimals = entry.decimals + EXTRA_DECIMALS
    if entry.combine == "sum":
        return replace(column, value=rounded_column(column.value, decimals))
    return replace(column, value=rounded_means(column.value, decimals, low=column.low, high=column.high))


def _wide_enough(table: Table, question: ChartQuestion) -> tuple[Table, int]:
    days, time_zone = math.ceil(len(table.t) / question.points), question.calendar.time_zone
    while not _fits(wider := wider_days(table, days=days, time_zone=time_zone), WIDTHS["1d"] * days, question.points):
        days += 1
    return wider, days


def _with_gaps(table: Table, width_s: float) -> Table:
    """Insert a row of None in the middle of every gap, at a whole microsecond: so the formats do not round apart."""
    places = gaps(table.t, width_s=width_s)
    if not places:
        return table
    middles = [round((table.t[place - 1] + table.t[place]) / 2, 6) for place in places]
    columns = {
        name: Column(
            _opened(column.value, places),
            _opened(column.low, places),
            _opened(column.high, places),
            growth=_opened(column.growth, places) if column.growth else [],
        )
        for name, column in table.columns.items()
    }
    return Table(_merged(table.t, places, middles), table.first, table.last, columns)


def _opened(values: list[float | None], places: list[int]) -> list[float | None]:
    return _merged(values, places, [None] * len(places))


def _merged(values: list[T], places: list[int], inserted: Sequence[T]) -> list[T]:
    merged: list[T] = []
    begin = 0
    for place, value in zip(places, inserted, strict=True):
        merged += [*values[begin:place], value]
        begin = place
    return merged + values[begin:]
