"""What is usual for a week of the year: the range of 8 of 10 of its hours in the years before.

Of each week that a span touches, the hourly means of the same week (`domain.weather.weeks`) of up to ten earlier years
are pooled, as they are stored now: flagged, excluded and future readings do not count, and a correction of ten years
ago shows at once. A year counts if more than half of its week's days have readings.
"""

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Final

from sensorfusion.domain.quantities import quantity
from sensorfusion.domain.rounding import EXTRA_DECIMALS, rounded
from sensorfusion.domain.weather.climate import percentile
from sensorfusion.domain.weather.weeks import Week, weeks
from sensorfusion.readings.climate.queries import calendar_of
from sensorfusion.readings.rollups.buckets import Number, hours, instant
from sensorfusion.readings.rollups.days import Calendar
from sensorfusion.readings.rollups.question import Question
from sensorfusion.sensors.models import Sensor

YEARS_MOST: Final = 10
FEWEST_DAYS: Final = 4  # of a week, with readings
LOW, HIGH = 0.1, 0.9
LONGEST: Final = timedelta(days=31, hours=3)  # of spans: a month, with the clocks' changes; ten years of it are 7,440 h
_RESOLUTION: Final = timedelta(microseconds=1)


@dataclass(frozen=True, slots=True)
class Usual:
    """The usual range of a week, [start, end), by the hours of `years`, ascending."""

    start: datetime
    end: datetime
    low: float
    high: float
    years: tuple[int, ...]


def has_usual(name: str, *, start: datetime, end: datetime) -> bool:
    """Return whether a quantity has a usual range in a span: it must be averaged, and the span a month at most."""
    length_s = end.timestamp() - start.timestamp()
    return quantity(name).combine == "mean" and 0 < length_s <= LONGEST.total_seconds()


def touched(sensor: Sensor, *, start: datetime, end: datetime) -> list[Week]:
    """Return the weeks of the site that [start, end) touches."""
    calendar = calendar_of(sensor)
    return weeks(calendar.day_of(start), calendar.day_of(end.astimezone(UTC) - _RESOLUTION))


def range_of(sensor: Sensor, first: Week, last: Week) -> tuple[datetime, datetime]:
    """Return the instants at which the first of some weeks begins and the last one ends."""
    calendar = calendar_of(sensor)
    return calendar.begin(first.first), calendar.begin(last.next.first)


def usual(sensor: Sensor, name: str, *, start: datetime, end: datetime, first_day: date | None = None) -> list[Usual]:
    """Return the usual ranges of the weeks that [start, end) touches, of those that have any; none for long spans.

    :param first_day: the sensor's first day with readings, if it is known: nothing is looked up before it.
    """
    if not has_usual(name, start=start, end=end):
        return []
    calendar, asked = calendar_of(sensor), touched(sensor, start=start, end=end)
    earlier = sorted(
        (each for week in asked for each in _earlier(week, first_day)), key=lambda each: (each.year, each.number)
    )
    if not earlier:
        return []
    pools = _pools(sensor, name, earlier, calendar)
    found = [_usual(name, week, pools, calendar) for week in asked]
    return [each for each in found if each]


def _earlier(week: Week, first_day: date | None) -> list[Week]:
    found = [week.earlier(years) for years in range(1, YEARS_MOST + 1)]
    return [each for each in found if first_day is None or each.last >= first_day]


def _pools(sensor: Sensor, name: str, earlier: Sequence[Week], calendar: Calendar) -> dict[Week, list[float]]:
    """Return the hourly means of each week that has readings on enough days."""
    ranges = [_range(week, calendar) for week in earlier]
    question = Question(sensor=sensor.id, quantities=(name,), start=ranges[0][0], end=ranges[-1][1], calendar=calendar)
    table = hours(question, ranges)
    starts = [start for start, _ in ranges]
    pools: dict[Week, list[float]] = {week: [] for week in earlier}
    days: dict[Week, set[date]] = {week: set() for week in earlier}
    for t, value in _there(table.t, table.columns[name].value):
        week = earlier[bisect_right(starts, instant(t)) - 1]
        pools[week].append(value)
        days[week].add(calendar.day_of(instant(t)))
    return {week: pool for week, pool in pools.items() if len(days[week]) >= FEWEST_DAYS}


def _there(t: Sequence[float], values: Sequence[Number]) -> list[tuple[float, float]]:
    return [(at, value) for at, value in zip(t, values, strict=True) if value is not None]


def _usual(name: str, week: Week, pools: dict[Week, list[float]], calendar: Calendar) -> Usual | None:
    counted = [each for years in range(YEARS_MOST, 0, -1) if (each := week.earlier(years)) in pools]
    pool = sorted(value for each in counted for value in pools[each])
    if not pool:
        return None
    start, end = _range(week, calendar)
    decimals = quantity(name).decimals + EXTRA_DECIMALS
    low, high = (rounded(percentile(pool, share), decimals) for share in (LOW, HIGH))
    return Usual(start, end, low, high, tuple(each.year for each in counted))


def _range(week: Week, calendar: Calendar) -> tuple[datetime, datetime]:
    return calendar.begin(week.first), calendar.begin(week.next.first)
