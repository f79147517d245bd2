"""Rows of several days, for ranges of so many years that daily rows do not fit into a chart."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from itertools import pairwise
from typing import Final
from zoneinfo import ZoneInfo

from sensorfusion.domain.quantities import quantity
from sensorfusion.readings.rollups.buckets import Column, Number, Table, directions


def wider_days(table: Table, *, days: int, time_zone: str) -> Table:
    """Combine a table of days into rows of `days` days; the grouping does not depend on the table's first day."""
    zone = ZoneInfo(time_zone)
    numbers = [datetime.fromtimestamp(t, zone).toordinal() // days for t in table.t]
    groups = _groups(numbers)
    return Table(
        [table.t[group.start] for group in groups],
        [table.first[group.start] for group in groups],
        [table.last[group.stop - 1] for group in groups],
        {name: _column(name, column, groups) for name, column in table.columns.items()},
    )


def _groups(numbers: Sequence[int]) -> list[slice]:
    """Return the stretches of equal numbers."""
    begins = [0, *(place for place in range(1, len(numbers)) if numbers[place] != numbers[place - 1]), len(numbers)]
    return [slice(*each) for each in pairwise(begins)] if numbers else []


def _column(name: str, column: Column, groups: Sequence[slice]) -> Column:
    combine = quantity(name).combine
    if combine == "vector":
        return _directions(column, groups)
    combined = _COMBINED.get(combine, _mean)
    growth = [_added(column, group) for group in groups] if column.growth else []
    return Column(
        _each(combined, column.value, groups),
        _each(min, column.low, groups),
        _each(max, column.high, groups),
        growth=growth,
    )


def _each(
    combined: Callable[[Sequence[float]], float], values: Sequence[Number], groups: Sequence[slice]
) -> list[Number]:
    """Combine the values of each group; those that there are, if there are any."""
    if None not in values:
        return [combined(values[group]) for group in groups]  # type: ignore[arg-type]  # as was just asked
    there = [_there(values[group]) for group in groups]
    return [combined(each) if each else None for each in there]


def _added(column: Column, group: slice) -> Number:
    """Add up increases; None if that of a day with a value is not known, as of the first one of all."""
    pairs = zip(column.growth[group], column.value[group], strict=True)
    grown = [growth for growth, value in pairs if value is not None]
    known = _there(grown)
    return sum(known) if known and len(known) == len(grown) else None


def _directions(column: Column, groups: Sequence[slice]) -> Column:
    sums = [[each for each in column.vector[group] if each] for group in groups]
    east: list[Number] = [sum(each[0] for each in vectors) if vectors else None for vectors in sums]
    north: list[Number] = [sum(each[1] for each in vectors) if vectors else None for vectors in sums]
    return directions(east, north, [float(len(vectors)) for vectors in sums])


def _there(values: Iterable[Number]) -> list[float]:
    return [value for value in values if value is not None]


def _last(values: Sequence[float]) -> float:
    return values[-1]


def _mean(values: Sequence[float]) -> float:
    return sum(values) / len(values)


_COMBINED: Final[Mapping[str, Callable[[Sequence[float]], float]]] = {"sum": sum, "counter": _last, "last": _last}
