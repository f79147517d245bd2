"""Columns for charts: the finest resolution that fits into the rows asked for, silences marked, the rest worked out.

What is derived from other quantities is computed on reading, never stored.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final, Literal, TypeVar

from django.db import connection

from sensorfusion.domain.derivation import Place
from sensorfusion.domain.gaps import gaps
from sensorfusion.readings.charts.derived_columns import Derived, Source, derived_columns
from sensorfusion.readings.charts.wider_days import wider_days
from sensorfusion.readings.rollups.buckets import WIDTHS, Column, Table, Width, buckets, extent, raw

T = TypeVar("T")
Resolution = Literal["raw", "5m", "1h", "1d"]

BUCKET_GAP: Final = 1.5  # one missing bucket shows; the day that a clock change makes 25 h long is none
# How many readings there may be for each point asked for until raw rows are not even tried: a quantity that is rare
# among many readings would have to be searched for in all of them.
RAW_CROWD: Final = 5
_WIDER: Final[dict[Width, str]] = {"5m": "5-minute", "1h": "hourly", "1d": "daily"}


class DoesNotFit(ValueError):
    """The resolution asked for has more rows than were asked for; `str()` of it says what to do."""


@dataclass(frozen=True, slots=True)
class Series:
    """Columns for charts, as long as `t` (epoch seconds, ascending); a row of nothing but None stands in every gap.

    `days` that a row stands for, more than 1 only where single days are too many. `derived` names what each derived
    column was worked out from.
    """

    resolution: Resolution
    t: list[float]
    columns: dict[str, Column]
    days: int = 1
    derived: Derived = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class _Asked:
    sensor: int
    own: Sequence[str]
    derived: Derived
    start: datetime
    end: datetime
    points: int
    time_zone: str
    day_starts_h: int
    place: Place

    @property
    def stored(self) -> list[str]:
        """The quantities to read: those asked for and those that others are worked out from."""
        inputs = [name for names in self.derived.values() for name in names]
        return list(dict.fromkeys([*self.own, *inputs]))


def series(
    *,
    sensor: int,
    quantities: Sequence[str],
    start: datetime,
    end: datetime,
    points: int,
    time_zone: str = "UTC",
    day_starts_h: int = 0,
    resolution: Resolution | None = None,
    derived: Mapping[str, tuple[str, ...]] | None = None,
    place: Place | None = None,
) -> Series:
    """Return the finest columns of [start, end) that have at most `points` rows.

    :param time_zone: whose days, for the resolution of days; they begin at `day_starts_h` of its clock.
    :param resolution: this one and no other.
    :param derived: those of the quantities that are to be worked out, with what from.
    :raises DoesNotFit: where the one resolution asked for has more rows.
    """
    derived = {name: inputs for name, inputs in (derived or {}).items() if name in quantities}
    own = [name for name in quantities if name not in derived]
    asked = _Asked(sensor, own, derived, start, end, points, time_zone, day_starts_h, place or Place())
    reach = extent(sensor, start=start, end=end)
    if reach is None or not quantities:
        return Series(resolution or "raw", [], {name: Column([], [], []) for name in quantities}, 1, derived)
    if resolution is None:
        return _finest(asked, reach)
    return _exactly(asked, resolution, (reach[1] - reach[0]).total_seconds())


def _finest(asked: _Asked, reach: tuple[datetime, datetime]) -> Series:
    span_s = (reach[1] - reach[0]).total_seconds()
    plain = None if _is_crowded(asked, reach[0]) else _raw(asked)
    if plain and _fits(plain, 0, asked.points):
        return _finished(asked, "raw", plain)
    for width, width_s in WIDTHS.items():
        # A span that starts and ends inside buckets touches one bucket more than it is long.
        if width != "1d" and span_s / width_s + 1 > asked.points:
            continue
        table = _buckets(asked, asked.stored, width, asked.start)
        if width == "1d" or _fits(table, width_s, asked.points):
            break
    return _finished(asked, width, table)


def _exactly(asked: _Asked, resolution: Resolution, span_s: float) -> Series:
    """Read one resolution, but nothing of it where its rows are too many for sure."""
    if resolution == "raw":
        plain = _raw(asked)
        if not _fits(plain, 0, asked.points):
            raise DoesNotFit(_advice(f"There are more than {asked.points:,} readings"))
        return _finished(asked, "raw", plain)
    rows = math.ceil(span_s / WIDTHS[resolution])
    if rows <= 20 * asked.points:  # more cannot be silence alone
        table = _buckets(asked, asked.stored, resolution, asked.start)
        if _fits(table, WIDTHS[resolution], asked.points):
            return _finished(asked, resolution, table)
        rows = len(table.t)
    raise DoesNotFit(_advice(f"There are about {rows:,} {_WIDER[resolution]} rows"))


def _advice(many: str) -> str:
    return f"{many} in this range. Ask for more points (at most 5000), a shorter range or a coarser resolution."


def _is_crowded(asked: _Asked, first: datetime) -> bool:
    """Tell whether there are too many readings, or too many among which to look for the few, or not all any more."""
    with connection.cursor() as cursor:
        cursor.execute(
            "(SELECT 1 FROM sensor_state WHERE sensor_id = %(sensor)s AND raw_kept_from > %(first)s) UNION ALL"
            " (SELECT 1 FROM reading WHERE sensor_id = %(sensor)s AND observed_at BETWEEN %(first)s AND %(end)s"
            " OFFSET %(most)s LIMIT 1) UNION ALL"
            " (SELECT 1 FROM reading WHERE sensor_id = %(sensor)s AND observed_at BETWEEN %(first)s AND %(end)s"
            ' AND "values" ?| %(names)s OFFSET %(points)s LIMIT 1) LIMIT 1',
            {
                "sensor": asked.sensor,
                "first": first,
                "end": asked.end,
                "most": RAW_CROWD * asked.points,
                "names": asked.stored,
                "points": asked.points,
            },
        )
        return cursor.fetchone() is not None


def _raw(asked: _Asked) -> Table:
    return raw(asked.sensor, asked.stored, start=asked.start, end=asked.end, limit=asked.points + 1)


def _buckets(asked: _Asked, names: Sequence[str], width: Width, start: datetime, *, extras: bool = False) -> Table:
    return buckets(
        asked.sensor,
        names,
        start=start,
        end=asked.end,
        width=width,
        time_zone=asked.time_zone,
        day_starts_h=asked.day_starts_h,
        extras=extras,
    )


def _fits(table: Table, width_s: float, points: int) -> bool:
    return len(table.t) + len(gaps(table.t, least_s=BUCKET_GAP * width_s)) <= points


def _finished(asked: _Asked, resolution: Resolution, table: Table) -> Series:
    """Work out what is derived, make days wider until they fit, and mark the silences."""

    def read(names: Sequence[str], width: Width, start: datetime) -> Table:
        return _buckets(asked, names, width, start, extras=True)

    source = Source(resolution, table, asked.start, asked.place, read)
    worked_out = derived_columns(asked.derived, source)
    columns = {name: table.columns[name] for name in asked.own} | worked_out
    whole, days = Table(table.t, table.first, table.last, columns), 1
    width_s = 0 if resolution == "raw" else WIDTHS[resolution]
    if resolution == "1d" and not _fits(whole, width_s, asked.points):
        whole, days = _wide_enough(whole, asked)
    marked = _with_gaps(whole, width_s * days)
    names = [*asked.own, *asked.derived]
    return Series(resolution, marked.t, {name: marked.columns[name] for name in names}, days, asked.derived)


def _wide_enough(table: Table, asked: _Asked) -> tuple[Table, int]:
    days = math.ceil(len(table.t) / asked.points)
    while not _fits(
        wider := wider_days(table, days=days, time_zone=asked.time_zone), WIDTHS["1d"] * days, asked.points
    ):
        days += 1
    return wider, days


def _with_gaps(table: Table, width_s: float) -> Table:
    """Put a row of None into the middle of every silence."""
    places = gaps(table.t, least_s=BUCKET_GAP * width_s)
    if not places:
        return table
    middles = [(table.t[place - 1] + table.t[place]) / 2 for place in places]
    columns = {
        name: Column(_opened(column.value, places), _opened(column.low, places), _opened(column.high, places))
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
