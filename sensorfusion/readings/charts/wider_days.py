"""Rows of several days, for ranges of so many years that daily rows do not fit into a chart."""

from collections.abc import Iterable
from datetime import datetime
from itertools import groupby
from zoneinfo import ZoneInfo

from sensorfusion.domain.quantities import quantity
from sensorfusion.domain.rounding import EXTRA_DECIMALS, rounded, rounded_means
from sensorfusion.domain.weather.wind import WindSample, mean_direction
from sensorfusion.readings.rollups.buckets import Column, Number, Table


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
    value = [_combined(name, [column.value[place] for place in group]) for group in groups]
    low = [min(_there(column.low[place] for place in group), default=None) for group in groups]
    high = [max(_there(column.high[place] for place in group), default=None) for group in groups]
    if quantity(name).combine == "mean":
        value = rounded_means(value, quantity(name).decimals + EXTRA_DECIMALS, low=low, high=high)
    return Column(value, low, high)


def _there(values: Iterable[Number]) -> list[float]:
    return [value for value in values if value is not None]


def _combined(name: str, values: list[Number]) -> Number:
    there, entry = _there(values), quantity(name)
    if not there:
        return None
    match entry.combine:
        case "vector":
            mean = mean_direction(WindSample(value, None) for value in there)
            return None if mean is None else round(mean, 1)
        case "sum":
            return rounded(sum(there), entry.decimals + EXTRA_DECIMALS)
        case "counter" | "last":
            return there[-1]
        case _:
            return sum(there) / len(there)
