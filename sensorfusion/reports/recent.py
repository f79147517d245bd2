"""The last day of a sensor for its tiles: what was observed, what is of today, and the readings of the last hours."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import Final, NamedTuple

from sensorfusion.domain.quantities import quantity
from sensorfusion.domain.rollup import step
from sensorfusion.readings.charts.extremes import Sought, observed
from sensorfusion.readings.charts.question import ChartQuestion
from sensorfusion.readings.charts.series import Series, series
from sensorfusion.readings.rollups.buckets import WIDTHS, Column, Table, buckets, instant, raw
from sensorfusion.readings.rollups.question import Question
from sensorfusion.reports.queries import DAY, RESOLUTION, Station

MANY: Final = 600  # readings every 5 minutes or less often, as they are
STEPS: Final = 330  # 5 minutes for 27 hours, the longest day
SLOT_S: Final = 300  # of the readings of the last hours the last of each slot is kept
LAST_HOURS: Final = timedelta(hours=5)  # a tendency is the change in 3 hours, between two readings up to 2 hours apart
LAST_READINGS: Final = 2000  # of sensors that report more often, the ends of buckets
FAST_S: Final = LAST_HOURS.total_seconds() / LAST_READINGS


class Point(NamedTuple):
    at: float
    value: float


@dataclass(frozen=True, slots=True)
class Extreme:
    """`at` is None if the reading is no longer stored."""

    value: float
    at: datetime | None


@dataclass(frozen=True, slots=True)
class Recent:
    """Up to the newest reading: later ones are left to the page's script.

    `day`: all numbers since the day's beginning or for 24 hours, whichever is longer. `today`: the sum or the mean and
    the extremes of the site's day, of each quantity that has a value. `hours`: readings of the last hours.
    """

    day: Series
    today: Mapping[str, Column] = field(default_factory=dict)
    hours: Mapping[str, Sequence[Point]] = field(default_factory=dict)


def recent(station: Station) -> Recent:
    """Read the last day of all numbers."""
    return Recent(
        day=series(day_of(station)), today=_today(today_of(station)), hours=_hours(station, hours_of(station))
    )


def day_of(station: Station) -> ChartQuestion:
    """Return the question for all numbers since the day's beginning or for 24 hours, whichever is longer."""
    return ChartQuestion(
        sensor=station.sensor.id,
        quantities=tuple(station.numbers),
        start=min(station.day_start, station.ago(DAY)),
        end=_end(station),
        points=MANY if (station.interval_s or 0) >= SLOT_S else STEPS,
    )


def today_of(station: Station) -> Question:
    """Return the question for all numbers of the site's day."""
    return station.question(station.numbers, station.day_start, _end(station))


def hours_of(station: Station) -> Question:
    """Return the question for the last hours of what is averaged."""
    names = [name for name in station.numbers if quantity(name).combine == "mean"]
    end = _end(station)
    return station.question(names, end.astimezone(UTC) - LAST_HOURS, end)


def _end(station: Station) -> datetime:
    at = station.newest.observed_at
    return station.end if at is None else at + RESOLUTION


def _today(question: Question) -> dict[str, Column]:
    table = buckets(question, "1d")
    return {name: column for name, column in table.columns.items() if any(each is not None for each in column.value)}


def _hours(station: Station, question: Question) -> dict[str, list[Point]]:
    if not question.quantities:
        return {}
    if station.interval_s is not None and station.interval_s < FAST_S:
        table = buckets(question, "5m", extras=True)
        return {name: _points(table.last, column.last) for name, column in table.columns.items()}
    table = raw(question, limit=LAST_READINGS, newest=True)
    return {name: _slots(_points(table.t, column.value)) for name, column in table.columns.items()}


def _points(t: Sequence[float], values: Sequence[float | None]) -> list[Point]:
    return [Point(at, value) for at, value in zip(t, values, strict=True) if value is not None]


def _slots(points: Sequence[Point]) -> list[Point]:
    """Keep the last reading of each slot."""
    return list({point.at // SLOT_S: point for point in points}.values())


def extremes(station: Station, name: str, recent: Recent) -> tuple[Extreme, Extreme] | None:
    """Return today's lowest and highest value of a quantity with the instants of their readings."""
    column = recent.today.get(name)
    if column is None or column.low[0] is None or column.high[0] is None:
        return None
    low, high = (Sought(name, value, station.today) for value in (column.low[0], column.high[0]))
    at = observed(station.sensor.id, {low, high}, calendar=station.calendar)
    return _extreme(station, low, at), _extreme(station, high, at)


def _extreme(station: Station, sought: Sought, at: Mapping[Sought, datetime]) -> Extreme:
    found = at.get(sought)
    return Extreme(sought.value, found and found.astimezone(station.zone))


def wet_at(station: Station, name: str, recent: Recent) -> float | None:
    """Return when rain last fell, in epoch seconds: an amount arrived, or a counter increased."""
    day = recent.day
    last = _last_wet(name, _points(day.t, day.columns[name].value)) if name in day.columns else None
    if last is None or day.resolution == "raw":
        return last
    return _last_wet(name, _inside(station, name, last, WIDTHS[day.resolution])) or last


def _last_wet(name: str, points: Sequence[Point]) -> float | None:
    if quantity(name).combine == "sum":
        wet = [at for at, amount in points if amount > 0]
    else:
        wet = [later.at for earlier, later in pairwise(points) if step(earlier.value, later.value) > 0]
    return wet[-1] if wet else None


def _inside(station: Station, name: str, t: float, width_s: float) -> list[Point]:
    """Return the readings of a bucket and the one before it."""
    begin, end = instant(t), instant(t + width_s)
    before: Table = raw(station.question([name], begin - DAY, begin), limit=1, newest=True)
    inside = raw(station.question([name], begin, min(end, station.end)), limit=LAST_READINGS, newest=True)
    return [point for table in (before, inside) for point in _points(table.t, table.columns[name].value)]
