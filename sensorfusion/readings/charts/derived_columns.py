"""Derived columns, computed at a finer resolution than they are shown in, which keeps them accurate.

The dew point of a day's mean temperature and humidity is not the day's mean dew point. So an hour is the mean of its
5-minute buckets and a day the mean of its hours, and both have extremes; 5-minute buckets have none.
"""

import itertools
from bisect import bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from sensorfusion.domain.counters import bridged
from sensorfusion.domain.quantities import quantity
from sensorfusion.domain.weather.derivation import Place, Rows, derive
from sensorfusion.readings.charts.question import ChartQuestion, Derived, Resolution
from sensorfusion.readings.rollups.buckets import EXTRA_DECIMALS, WIDTHS, Column, Number, Table, Width, buckets

FINER: Final[Mapping[Width, Width]] = {"1h": "5m", "1d": "1h"}
LEAD: Final = timedelta(hours=2)  # counters need the bucket before the first, and the sky is observed before sunset


@dataclass(frozen=True, slots=True)
class Source:
    """The question, and the table of stored quantities whose rows are filled."""

    question: ChartQuestion
    resolution: Resolution
    table: Table

    @property
    def derived(self) -> Derived:
        return self.question.derived

    @property
    def place(self) -> Place:
        return self.question.place


def derived_columns(source: Source) -> dict[str, Column]:
    """Compute the columns, as long as the table; run no query if none are requested."""
    if not source.derived or not source.table.t:
        return {name: Column([], [], []) for name in source.derived}
    if source.resolution == "raw":
        hours = [None, *((after - before) / 3600 for before, after in itertools.pairwise(source.table.t))]
        return _plain(source, hours, spread=True)
    finer = FINER.get(source.resolution)
    if finer is None:
        return _plain(source, [WIDTHS[source.resolution] / 3600] * len(source.table.t), spread=False)
    inputs = source.question.of(dict.fromkeys(name for names in source.derived.values() for name in names))
    wider = inputs.over(inputs.start - LEAD, inputs.end)
    return _grouped(source, buckets(wider, finer, extras=True), WIDTHS[finer])


def _plain(source: Source, hours: Sequence[Number], *, spread: bool) -> dict[str, Column]:
    """Compute one number per row; with `spread`, for single readings, it is also the row's low and high."""
    rows = Rows(source.table.t, hours, source.table.columns)
    nothing: list[Number] = [None] * len(source.table.t)
    values = {
        name: _rounded(name, derive(name, _only(rows, inputs), source.place)) for name, inputs in source.derived.items()
    }
    return {
        name: Column(column, column if spread else nothing, column if spread else nothing)
        for name, column in values.items()
    }


def _grouped(source: Source, fine: Table, width_s: int) -> dict[str, Column]:
    growth = {
        name: bridged(within=column.growth, first=column.first, last=column.last)
        for name, column in fine.columns.items()
        if quantity(name).combine == "counter"
    }
    rows = Rows(fine.t, [width_s / 3600] * len(fine.t), fine.columns, growth)
    # Index of the table's row that contains each finer bucket; -1 for those of the lead.
    begin = source.question.start.timestamp() - width_s
    homes = [bisect_right(source.table.t, t) - 1 if t > begin else -1 for t in fine.t]
    return {
        name: _column(name, derive(name, _only(rows, source.derived[name]), source.place), homes, len(source.table.t))
        for name in source.derived
    }


def _only(rows: Rows, names: Sequence[str]) -> Rows:
    return Rows(rows.t, rows.hours, {name: rows.inputs[name] for name in names}, rows.growth)


def _column(name: str, values: Sequence[Number], homes: Sequence[int], length: int) -> Column:
    found: list[list[float]] = [[] for _ in range(length)]
    for value, home in zip(values, homes, strict=True):
        if value is not None and home >= 0:
            found[home].append(value)
    adds_up = quantity(name).combine == "sum"
    return Column(
        _rounded(name, [_combined(each, adds_up=adds_up) for each in found]),
        _rounded(name, [min(each, default=None) for each in found]),
        _rounded(name, [max(each, default=None) for each in found]),
    )


def _combined(values: Sequence[float], *, adds_up: bool) -> Number:
    if not values:
        return None
    return sum(values) if adds_up else sum(values) / len(values)


def _rounded(name: str, values: Sequence[Number]) -> list[Number]:
    digits = quantity(name).decimals + EXTRA_DECIMALS
    return [None if value is None else round(value, digits) for value in values]
