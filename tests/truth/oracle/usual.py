"""What is usual for a week of the year, by the hours of the same week in years before: docs/readings.md."""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from tests.truth.oracle.buckets import Buckets
from tests.truth.oracle.calendar import Calendar
from tests.truth.oracle.climate import place_of, quantile

YEARS_MOST: Final = 10
FEWEST_DAYS: Final = 4

Pool = tuple[int, list[float]]  # a year, and the means of its hours


@dataclass(frozen=True)
class Usual:
    """The range of a week, [start, end) in epoch seconds, and the years that it is made of."""

    start: float
    end: float
    low: float
    high: float
    years: tuple[int, ...]


def usual(buckets: Buckets, name: str, start: float, end: float) -> list[Usual]:
    """Return the ranges of the weeks that [start, end) touches, of those that have any."""
    calendar = buckets.calendar
    asked = [day for day in calendar.dates if calendar.span(day)[0] < end and calendar.span(day)[1] > start]
    touched = dict.fromkeys((day.year, place_of(day, "week")) for day in asked)
    return [each for year, week in touched if (each := _usual(buckets, name, year, week))]


def span_of(calendar: Calendar, year: int, week: int) -> tuple[float, float]:
    """Return the instants at which a week begins and ends."""
    days = [day for day in calendar.dates if (day.year, place_of(day, "week")) == (year, week)]
    return calendar.span(days[0])[0], calendar.span(days[-1])[1]


def _usual(buckets: Buckets, name: str, year: int, week: int) -> Usual | None:
    pools = list(_pools(buckets, name, year, week))
    values = sorted(value for _, pool in pools for value in pool)
    if not values:
        return None
    years = tuple(each for each, _ in pools)
    return Usual(*span_of(buckets.calendar, year, week), quantile(values, 0.1), quantile(values, 0.9), years)


def _pools(buckets: Buckets, name: str, year: int, week: int) -> Iterator[Pool]:
    for earlier in range(year - YEARS_MOST, year):
        hours = list(_hours(buckets, name, earlier, week))
        if len({day for day, _ in hours}) >= FEWEST_DAYS:
            yield earlier, [mean for _, mean in hours]


def _hours(buckets: Buckets, name: str, year: int, week: int) -> Iterator[tuple[date, float]]:
    """Yield the mean of each hour that has readings, with its day; hours are counted from the day's beginning."""
    numbers: dict[tuple[date, int], list[float]] = {}
    for each in buckets.readings:
        day = buckets.calendar.day(each.at)
        if name in each.numbers and day.year == year and place_of(day, "week") == week:
            hour = math.floor((each.at - buckets.calendar.begin(each.at)) / 3600)
            numbers.setdefault((day, hour), []).append(each.numbers[name])
    for (day, _), values in numbers.items():
        yield day, _mean(values)


def _mean(values: Sequence[float]) -> float:
    return math.fsum(values) / len(values)
