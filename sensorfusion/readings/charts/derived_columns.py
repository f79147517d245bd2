"""Derived columns, computed at a finer resolution than they are shown in, which keeps them accurate.

The dew point of a day's mean temperature and humidity is not the day's mean dew point. So an hour is the mean of its
5-minute buckets and a day the mean of its hours, and both have extremes; 5-minute buckets have none. What is combined
is rounded by `series`, after the last step.
"""

from bisect import bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from types import MappingProxyType
from typing import Final

from sensorfusion.domain.gaps import durations
from sensorfusion.domain.quantities import quantity
from sensorfusion.domain.rounding import EXTRA_DECIMALS, rounded_column
from sensorfusion.domain.weather.derivation import RECIPES, Place, Rows, derive
from sensorfusion.readings.charts.question import ChartQuestion, Derived, Resolution
from sensorfusion.readings.rollups.buckets import WIDTHS, Column, Number, Table, Width, buckets, raw

FINER: Final[Mapping[Width, Width]] = {"1h": "5m", "1d": "1h"}
# What a row stands for begins at the row before it, which may be in front of the first: of sensors that send hourly and
# of such as send once a day. The sky is also observed before sunset.
LEAD: Final = timedelta(hours=2)
LONG_LEAD: Final = timedelta(hours=25)
# The newest readings before the first one, and how far back they are sought: enough to tell a gap from the usual step.
BEFORE: Final = 6
BEFORE_WITHIN: Final = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Source:
    """The question, and the table of stored quantities whose rows are filled."""

    question: ChartQuestion
    resolution: Resolution
    table: Table

    @property
    def derived(self) -> Derived:
        return {**self.question.derived, **self.question.joined}

    @property
    def place(self) -> Place:
        return self.question.place


def derived_columns(source: Source) -> dict[str, Column]:
    """Compute the columns, as long as the table; run no query if none are requested."""
    if not source.derived or not source.table.t:
        return {name: Column([], [], []) for name in source.derived}
    if source.resolution == "raw":
        return {name: _spread(_of_readings(source, name)) for name in source.derived}
    return _of_buckets(source, FINER.get(source.resolution, source.resolution))


def _of_readings(source: Source, name: str) -> list[Number]:
    """Derive one quantity for each reading of the table, with those before it if they matter."""
    inputs = source.derived[name]
    lead = Table([], [], [], {each: Column([], [], []) for each in inputs})
    if not RECIPES[name].at_once:
        stretch = source.question.of(inputs)
        lead = raw(stretch.over(stretch.start - BEFORE_WITHIN, stretch.start), limit=BEFORE, newest=True)
    columns = {each: [*lead.columns[each].value, *source.table.columns[each].value] for each in inputs}
    t: list[float] = [*lead.t, *source.table.t]
    spread = {each: of_single(all_, t) for each, all_ in columns.items()}
    rows = _rows(name, inputs, t, spread, _growth(source, spread))
    found = derive(name, rows, source.place)[len(lead.t) :]
    return _rounded(name, found) if source.question.is_rounded else list(found)


def of_single(values: list[Number], t: Sequence[float]) -> Column:
    """Return the column of single readings, which are the first and the last of their rows."""
    within: list[Number] = [None if value is None else 0.0 for value in values]
    return Column(values, values, values, [], values, values, within, list(t), list(t))


def _growth(source: Source, columns: Mapping[str, Column]) -> dict[str, list[Number]]:
    """Return the increase of each counter since the row before."""
    return {
        name: source.question.calendar.increases(name, column)
        for name, column in columns.items()
        if quantity(name).combine == "counter"
    }


def _spread(column: list[Number]) -> Column:
    return Column(column, column, column)


def _of_buckets(source: Source, width: Width) -> dict[str, Column]:
    """Derive from buckets of this width, and combine them to the rows of the table.

    What is over time is read with its own inputs only: a bucket then ends at the last reading of one of these, and what
    else is asked for does not matter.
    """
    at_once = [name for name in source.derived if RECIPES[name].at_once]
    found = _of_those(source, at_once, _at_once(source, at_once, width), width) if at_once else {}
    read: dict[frozenset[str], Table] = {}
    for name in source.derived.keys() - set(at_once):
        inputs = frozenset(source.derived[name])
        if inputs not in read:
            read[inputs] = _with_lead(source, source.derived[name], width)
        found |= _of_those(source, [name], read[inputs], width)
    return {name: found[name] for name in source.derived}


def _at_once(source: Source, names: Sequence[str], width: Width) -> Table:
    if width == source.resolution:
        return source.table
    inputs = dict.fromkeys(each for name in names for each in source.derived[name])
    return _fine(source, source.question.of(inputs), width)


def _with_lead(source: Source, names: Sequence[str], width: Width) -> Table:
    """Read inputs and some of the time before, long enough to contain the row before the first one."""
    inputs = source.question.of(names)
    fine = _fine(source, inputs.over(inputs.start - LEAD, inputs.end), width)
    if any(t < inputs.start.timestamp() for t in fine.last):
        return fine
    return _fine(source, inputs.over(inputs.start - LONG_LEAD, inputs.end), width)


def _fine(source: Source, inputs: ChartQuestion, width: Width) -> Table:
    return buckets(inputs, width, extras=True, of_days=source.resolution == "1d")


def _of_those(source: Source, names: Sequence[str], fine: Table, width: Width) -> dict[str, Column]:
    growth = _growth(source, fine.columns) if fine is not source.table else {}
    # Index of the table's row that contains each finer bucket; -1 for those of the lead.
    begin = source.question.start.timestamp() - WIDTHS[width]
    homes = [bisect_right(source.table.t, t) - 1 if t > begin else -1 for t in fine.t]
    has_extremes = source.resolution in FINER
    found = {}
    for name in names:
        rows = _rows(name, source.derived[name], fine.last, fine.columns, growth)
        column = _column(name, derive(name, rows, source.place), rows.hours, homes, len(source.table.t))
        found[name] = _with_extremes(source, name, column) if has_extremes else Column(column.value, *_without(column))
    return found


def _with_extremes(source: Source, name: str, column: Column) -> Column:
    if not source.question.is_rounded:
        return column
    return replace(column, low=_rounded(name, column.low), high=_rounded(name, column.high))


def _without(column: Column) -> tuple[list[Number], list[Number]]:
    nothing: list[Number] = [None] * len(column.value)
    return nothing, nothing


def _rows(
    name: str,
    inputs_of: Sequence[str],
    last: Sequence[float],
    columns: Mapping[str, Column],
    growth: Mapping[str, Sequence[Number]] = MappingProxyType({}),
) -> Rows:
    """Build the inputs of one quantity, with the hours since the row before that has them all."""
    recipe = RECIPES[name]
    inputs = {each: columns[each] for each in inputs_of}
    hours: list[Number] = [None] * len(last)
    if not recipe.at_once:
        given = recipe.given(inputs)
        there = [place for place in range(len(last)) if all(column[place] is not None for column in given)]
        for place, seconds in zip(there, durations([last[place] for place in there]), strict=True):
            hours[place] = None if seconds is None else seconds / 3600
    return Rows(last, hours, inputs, growth)


def _column(name: str, values: Sequence[Number], hours: Sequence[Number], homes: Sequence[int], length: int) -> Column:
    """Combine the values of finer rows: amounts add up, rates are weighted by their hours, others are averaged."""
    found: list[list[tuple[float, float]]] = [[] for _ in range(length)]
    for value, weight, home in zip(values, hours, homes, strict=True):
        if value is not None and home >= 0:
            found[home].append((value, weight or 1.0))
    adds_up = quantity(name).combine == "sum"
    combined: list[Number] = [_combined(each, adds_up=adds_up) for each in found]
    low: list[Number] = [min((value for value, _ in each), default=None) for each in found]
    high: list[Number] = [max((value for value, _ in each), default=None) for each in found]
    return Column(combined, low, high)


def _combined(values: Sequence[tuple[float, float]], *, adds_up: bool) -> Number:
    if not values:
        return None
    if adds_up:
        return sum(value for value, _ in values)
    return sum(value * weight for value, weight in values) / sum(weight for _, weight in values)


def _rounded(name: str, values: Sequence[Number]) -> list[Number]:
    return rounded_column(list(values), quantity(name).decimals + EXTRA_DECIMALS)
