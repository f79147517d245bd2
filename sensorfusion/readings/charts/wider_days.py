"""Rows of several days, for ranges of so many years that daily rows do not fit into a chart."""

from collections.abc import Iterable
from datetime import datetime
from itertools import groupby
from zoneinfo import ZoneInfo

from sensorfusion.domain.quantities import quantity
from sensorfusion.readings.rollups.buckets import Column, Number, Table, directions


def wider_days(table: Table, *, days: int, time_zone: str) -> Table:
    """Combine a table of days into rows of `days` days; the grouping does not depend on the table's first day."""
    zone = ZoneInfo(time_zone)
    numbers = [datetime.fromtimestamp(t, zone).toordinal() // days for t in table.t]
    groups = [[place for place, _ in group] for _, group in groupby(enumerate(numbers), key=lambda each: each[1])]
    return Table(
        [table.t[group[0]] for group in groups],
        [table.first[group[0]] for group in groups],
        [table.last[group[-1]] for group in groups],
        {name: _column(name, column, groups) for name, column in table.columns.items()},
    )


def _column(name: str, column: Column, groups: list[list[int]]) -> Column:
    if quantity(name).combine == "vector":
        return _directions(column, groups)
    value = [_combined(name, [column.value[place] for place in group]) for group in groups]
    low = [min(_there(column.low[place] for place in group), default=None) for group in groups]
    high = [max(_there(column.high[place] for place in group), default=None) for group in groups]
    growth = [_added(column, group) for group in groups] if column.growth else []
    return Column(value, low, high, growth=growth)


def _added(column: Column, group: list[int]) -> Number:
    """Add up increases; None if that of a day with a value is not known, as of the first one of all."""
    grown = [column.growth[place] for place in group if column.value[place] is not None]
    known = _there(grown)
    return sum(known) if known and len(known) == len(grown) else None


def _directions(column: Column, groups: list[list[int]]) -> Column:
    sums = [[each for place in group if (each := column.vector[place])] for group in groups]
    east: list[Number] = [sum(each[0] for each in vectors) if vectors else None for vectors in sums]
    north: list[Number] = [sum(each[1] for each in vectors) if vectors else None for vectors in sums]
    return directions(east, north, [float(len(vectors)) for vectors in sums])


def _there(values: Iterable[Number]) -> list[float]:
    return [value for value in values if value is not None]


def _combined(name: str, values: list[Number]) -> Number:
    there = _there(values)
    if not there:
        return None
    match quantity(name).combine:
        case "sum":
            return sum(there)
        case "counter" | "last":
            return there[-1]
        case _:
            return sum(there) / len(there)
