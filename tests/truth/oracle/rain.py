"""Rain: how much each quantity says that fell, which of them tells it on a day, and its rate."""

from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import Final

from tests.truth.oracle.buckets import Resolution, start_of
from tests.truth.oracle.calendar import Calendar
from tests.truth.oracle.stored import Counted

TELL: Final = ("rain", "rain_total", "rain_year", "rain_month", "rain_week", "rain_event", "rain_day")
Point = tuple[float, float]  # an instant, and the value of a counter
Amounts = list[tuple[float, float]]  # instants, and what fell since the one before


def amounts(readings: Sequence[Counted], name: str, calendar: Calendar) -> Amounts:
    """Return what fell since the reading before, by one quantity; of the first value of a counter nothing is known."""
    points = [(each.at, each.numbers[name]) for each in readings if name in each.numbers]
    if name == "rain" or not points:
        return [(at, value) for at, value in points]
    grown = [(after[0], _grown(name, before, after, calendar)) for before, after in pairwise(points)]
    return [(points[0][0], 0.0), *grown]


def _grown(name: str, before: Point, after: Point, calendar: Calendar) -> float:
    """Return a counter's increase: all of it if it is lower than before, or if it began again in between."""
    if after[1] < before[1] or (name == "rain_day" and _began_again(before, after, calendar)):
        return after[1]
    return after[1] - before[1]


def _began_again(before: Point, after: Point, calendar: Calendar) -> bool:
    """Return whether a counter of the day was set to zero between two readings, by the site's day.

    A device's clock may be late by a quarter of an hour, and if nothing fell, by a summer time that it does not know.
    """
    late_s = 7200 if after[1] == before[1] else 900
    return calendar.begin(after[0] - late_s) > before[0]


def by_bucket(fell: Amounts, resolution: Resolution, calendar: Calendar) -> dict[float, float]:
    """Add up amounts by bucket."""
    found: dict[float, float] = {}
    for at, amount in fell:
        start = start_of(at, resolution, calendar)
        found[start] = found.get(start, 0.0) + amount
    return found


def by_day(readings: Sequence[Counted], calendar: Calendar) -> dict[float, float]:
    """Return the rain of each day, by its beginning: of the first quantity that has a value on that day.

    A day without any is no data, which is not 0 mm.
    """
    each = [by_bucket(amounts(readings, name, calendar), "1d", calendar) for name in TELL]
    found: dict[float, float] = {}
    for of_one in reversed(each):
        found |= of_one
    return found


def rates(fell: Mapping[float, float], hours: Mapping[float, float | None]) -> dict[float, float]:
    """Divide amounts by the hours they fell in, where those are known."""
    return {start: amount / length for start, amount in fell.items() if (length := hours.get(start))}
