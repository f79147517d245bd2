"""Queries of the pages: a sensor's current values, its last day, its year, its wind; each is a single short query."""

from bisect import bisect_right
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from functools import cached_property, lru_cache
from typing import Final
from zoneinfo import ZoneInfo

from sensorfusion.domain import liveness, local_time
from sensorfusion.domain.liveness import State
from sensorfusion.domain.normalise import is_number
from sensorfusion.domain.quality import Flag
from sensorfusion.domain.quantities import quantity
from sensorfusion.domain.rounding import rounded
from sensorfusion.domain.weather.climate import Days
from sensorfusion.domain.weather.wind import ROSE_CLASSES, Rose, WindSample, sector
from sensorfusion.readings import queries as readings
from sensorfusion.readings.charts.question import ChartQuestion
from sensorfusion.readings.charts.recent import half_hours_of
from sensorfusion.readings.charts.series import Series, series
from sensorfusion.readings.climate import queries as climate
from sensorfusion.readings.queries import Newest
from sensorfusion.readings.rollups.buckets import Table, Width, buckets, instant, raw
from sensorfusion.readings.rollups.days import Calendar
from sensorfusion.readings.rollups.question import Question
from sensorfusion.reports.charts.spans import Span
from sensorfusion.sensors.models import Sensor
from sensorfusion.sensors.naming.queries import presentations_of
from sensorfusion.web.looks import Looks
from sensorfusion.web.values.display import Display
from sensorfusion.web.values.freshness import why_at
from sensorfusion.web.values.presentation import Presentation

DAY: Final = timedelta(days=1)
RESOLUTION: Final = timedelta(microseconds=1)  # of instants, here and in the database
DAY_BEFORE_LASTS: Final = timedelta(hours=1)
DAY_BEFORE_POINTS: Final = 150  # readings each minute, or means of 5 minutes where they come faster
SAME_TIME_S, SAME_TIME_INTERVALS = 1800.0, 0.75  # tolerance around a time of day: the greater of both
SECTORS: Final = 16
MOST_LINES: Final = 1024  # of half-hours that are remembered rounded, by the half-hours themselves
SPREAD_READINGS: Final = 600  # of 10 minutes


@dataclass(frozen=True)  # without slots: what is asked a dozen times a page is computed once
class Station:
    """A sensor at one instant; `now` is in the site's time zone."""

    sensor: Sensor
    newest: Newest
    now: datetime
    state: State
    interval_s: float | None
    presentation: Presentation = field(default_factory=Presentation)

    def looks(self, name: str) -> Looks:
        """Return label and colour of a quantity of this sensor."""
        return self.presentation.looks(name)

    def display(self, name: str, system: str) -> Display:
        """Return how values of a quantity of this sensor are written in a unit system."""
        return self.presentation.display(name, system)

    @cached_property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.sensor.site.time_zone)

    @cached_property
    def calendar(self) -> Calendar:
        return climate.calendar_of(self.sensor)

    @cached_property
    def today(self) -> date:
        """The site's current day, which may begin at another hour than midnight."""
        return climate.today(self.sensor, now=self.now)

    @cached_property
    def day_start(self) -> datetime:
        """The beginning of the site's current day."""
        return self.calendar.begin(self.today).astimezone(self.zone)

    @property
    def day_end(self) -> datetime:
        """The beginning of the site's next day."""
        return self.calendar.begin(self.today + timedelta(days=1)).astimezone(self.zone)

    def ago(self, length: timedelta) -> datetime:
        """Return the instant before now by an elapsed time: `now - length` would be a time of the wall clock."""
        return (self.now.astimezone(UTC) - length).astimezone(self.zone)

    def day_before(self, at: datetime) -> datetime:
        """Return the same time of the day before."""
        return instant(local_time.day_before_s(at.timestamp(), self.zone)).astimezone(self.zone)

    @cached_property
    def place(self) -> tuple[float, float] | None:
        """Latitude and longitude: the sensor's own, else its site's."""
        for each in (self.sensor, self.sensor.site):
            if each.latitude is not None and each.longitude is not None:
                return each.latitude, each.longitude
        return None

    @property
    def elevation_m(self) -> float | None:
        own = self.sensor.elevation_m
        return self.sensor.site.elevation_m if own is None else own

    @cached_property
    def observed_at(self) -> datetime | None:
        at = self.newest.observed_at
        return None if at is None else at.astimezone(self.zone)

    @property
    def end(self) -> datetime:
        """The instant before which everything is past or present; a clock may be some minutes ahead of ours."""
        at = self.newest.observed_at
        return self.now if at is None else max(self.now, at + RESOLUTION)

    def question(self, names: Sequence[str], start: datetime, end: datetime) -> Question:
        """Return the question for quantities over [start, end), by the site's days."""
        return Question(sensor=self.sensor.id, quantities=tuple(names), start=start, end=end, calendar=self.calendar)

    @cached_property
    def numbers(self) -> list[str]:
        """The quantities whose newest value is a number."""
        return [name for name, value in self.newest.values.items() if is_number(value)]

    def value(self, name: str) -> float | None:
        value = self.newest.values.get(name)
        return float(value) if is_number(value) else None

    def is_old(self, name: str) -> bool:
        """Return whether the newest value of a quantity is too old to stand beside those of the newest reading."""
        at, newest_at = self.newest.older.get(name), self.newest.observed_at
        return at is not None and newest_at is not None and newest_at.timestamp() - at > readings.BELONGS_TOGETHER_S

    def current(self, name: str) -> float | None:
        """Return the newest value of a quantity unless it is old or bad: then nothing is concluded from it."""
        return None if self.is_old(name) or self.is_over(name) else self.good(name)

    def is_over(self, name: str) -> bool:
        """Return whether the newest value is a count of a day that has ended."""
        at = self.value_at(name) if quantity(name).restarts == "day" else None
        return at is not None and at < self.day_start

    def standing(self, name: str) -> object:
        """Return the newest value as it may be shown now, None for the count of a day that has ended."""
        return None if self.is_over(name) else self.newest.values[name]

    def good(self, name: str) -> float | None:
        """Return the newest value of a quantity unless it is bad."""
        return None if (self.newest.flags or {}).get(name) == Flag.BAD else self.value(name)

    @property
    def is_reporting(self) -> bool:
        """Whether the newest reading is of the present."""
        return self.state in ("live", "late")

    @cached_property
    def why(self) -> str:
        """Why the newest reading is not fresh, in words; empty if it is."""
        return why_at(self.state, self.newest.observed_at, now=self.now, zone=self.zone)

    def state_of(self, name: str) -> State:
        """Return the state of a quantity: that of the sensor, or offline if the quantity alone has stopped."""
        at, status = self.value_at(name), self.sensor.status
        own = liveness.state(last_at=at, interval_s=self.interval_s, now=self.now, status=status)
        return own if own == "offline" else self.state

    def why_of(self, name: str) -> str:
        """Return why a quantity's newest value is not fresh, in words; empty if it is."""
        return why_at(self.state_of(name), self.value_at(name), now=self.now, zone=self.zone)

    def value_at(self, name: str) -> datetime | None:
        """Return when the newest value of a quantity was observed."""
        older = self.newest.older.get(name)
        return self.observed_at if older is None else instant(older).astimezone(self.zone)


def stations(sensors: Sequence[Sensor], *, now: datetime) -> list[Station]:
    """Return sensors (selected with their sites) with their newest values."""
    ids = [sensor.id for sensor in sensors]
    newest, presentations = readings.newest(ids), presentations_of(sensors)
    return [_station(sensor, newest[sensor.id], presentations[sensor.id], now) for sensor in sensors]


def _station(sensor: Sensor, newest: Newest, presentation: Presentation, now: datetime) -> Station:
    return Station(
        sensor=sensor,
        newest=newest,
        now=now.astimezone(ZoneInfo(sensor.site.time_zone)),
        state=readings.state_of(sensor, newest, now=now),
        interval_s=readings.usual_interval(sensor, newest),
        presentation=presentation,
    )


def day_before(station: Station, names: Sequence[str]) -> Series:
    """Return the values from a day before the newest reading, and of the hour after that, which the page will reach."""
    question = day_before_of(station, names)
    return Series("raw", [], {}) if question is None else series(question)


def day_before_of(station: Station, names: Sequence[str]) -> ChartQuestion | None:
    """Return the question of `day_before`, None for a sensor without readings."""
    if station.observed_at is None:
        return None
    at, within = station.day_before(station.observed_at), timedelta(seconds=same_time_s(station.interval_s))
    return ChartQuestion(
        sensor=station.sensor.id,
        quantities=tuple(names),
        start=at.astimezone(UTC) - within,
        end=at.astimezone(UTC) + DAY_BEFORE_LASTS + within,
        points=DAY_BEFORE_POINTS,
    )


def same_time_s(interval_s: float | None) -> float:
    """Return the tolerance in seconds around a time of day for comparisons."""
    return max(SAME_TIME_S, SAME_TIME_INTERVALS * (interval_s or 0))


def wind_spread(station: Station) -> list[tuple[float, WindSample]]:
    """Return the winds of the 10 minutes up to the newest reading."""
    until = station.newest.observed_at
    if until is None:
        return []
    winds = station.question(["wind_direction", "wind_speed"], until - timedelta(minutes=10), until + RESOLUTION)
    found = raw(winds, limit=SPREAD_READINGS)
    return [
        (t, WindSample(direction, speed))
        for t, direction, speed in zip(
            found.t, found.columns["wind_direction"].value, found.columns["wind_speed"].value, strict=True
        )
    ]


def chart(station: Station, names: Sequence[str], span: Span) -> Series:
    """Return the columns of a chart over a span."""
    return series(chart_of(station, names, span))


def chart_of(station: Station, names: Sequence[str], span: Span, *, of_day_before: bool = False) -> ChartQuestion:
    """Return the question for the lines of a chart over a span, or of the same times of the day before."""
    start, end = span.start, station.end.astimezone(station.zone) if span.is_live else span.end
    if of_day_before:
        start, end = station.day_before(start), station.day_before(end)
    return ChartQuestion(
        sensor=station.sensor.id,
        quantities=tuple(names),
        start=start,
        end=end,
        calendar=station.calendar,
        points=span.points,
    )


def bins(
    station: Station,
    names: Sequence[str],
    *,
    start: datetime,
    width: Width,
    end: datetime | None = None,
    extras: bool = False,
) -> Table:
    """Return buckets from an instant on, up to another or to the present."""
    return buckets(station.question(names, start, end or station.end), width, extras=extras)


def month(station: Station, names: Sequence[str]) -> Table | None:
    """Return the days of the site's current month, None if there are none."""
    table = bins(station, names, start=month_start(station), width="1d")
    return table if table.t else None


def same_day_last_year(station: Station, names: Sequence[str]) -> Table | None:
    """Return the day with today's date a year ago, None if nothing was measured on it."""
    table = buckets(last_year_of(station, names), "1d")
    return table if table.t else None


def last_year_of(station: Station, names: Sequence[str]) -> Question:
    """Return the question of `same_day_last_year`."""
    day, calendar = day_last_year(station.today), station.calendar
    return station.question(names, calendar.begin(day), calendar.begin(day + DAY))


def day_last_year(today: date) -> date:
    """Return the same date of the year before; of 29 February it is 28 February."""
    is_leap_day = (today.month, today.day) == (2, 29)
    return today.replace(year=today.year - 1, day=28 if is_leap_day else today.day)


def month_start(station: Station) -> datetime:
    """Return the beginning of the site's current month."""
    return station.calendar.begin(station.today.replace(day=1))


def all_days(station: Station, names: Sequence[str]) -> Days:
    """Return all days up to today."""
    return climate.days(station.sensor, names, last=station.today)


def rose(station: Station, *, length: timedelta) -> Rose:
    """Return the shares of directions and speeds over the last days, by means of 5 minutes."""
    return rose_between(station, station.ago(length), station.end)


def winds_of(station: Station, start: datetime, end: datetime) -> Question:
    """Return the question for directions and speeds in [start, end)."""
    return station.question(["wind_direction", "wind_speed"], start, end)


def rose_between(station: Station, start: datetime, end: datetime, *, width: Width = "5m") -> Rose:
    """Return the shares of directions and speeds in [start, end), by means of buckets of a width.

    Each hour has the same weight, however often the wind was measured in it: a sensor's interval may change.
    """
    direction, speed = "wind_direction", "wind_speed"
    found = buckets(winds_of(station, start, end), width, extras=True)
    calm = ROSE_CLASSES[0]
    winds = [
        (t // 3600, towards, blowing, many or 0)
        for t, towards, blowing, many in zip(
            found.t, found.columns[direction].value, found.columns[speed].value, found.columns[speed].count, strict=True
        )
        if blowing is not None and (towards is not None or blowing < calm)
    ]
    hourly = Counter(hour for hour, *_ in winds)
    shares = [[0.0] * len(ROSE_CLASSES) for _ in range(SECTORS)]
    calms = 0.0
    for hour, towards, blowing, _ in winds:
        weight = 1 / hourly[hour] / len(hourly)
        if towards is None or blowing < calm:
            calms += weight
        else:
            shares[sector(towards, count=SECTORS)][bisect_right(ROSE_CLASSES, blowing) - 1] += weight
    return Rose(round(sum(many for *_, many in winds)), calms, tuple(tuple(row) for row in shares))


def sparks(by_quantity: dict[str, list[int]], *, now: datetime) -> dict[int, list[tuple[float, float]]]:
    """Return half-hourly means of the last 24 hours for many sensors, each for the quantity it is listed under.

    Each with the instant of its last reading; values observed after a sensor's newest reading are excluded.
    """
    digits = {sensor: quantity(name).decimals + 1 for name, sensors in by_quantity.items() for sensor in sensors}
    return {
        sensor: list(_rounded(tuple(points), digits[sensor]))
        for sensor, points in half_hours_of(by_quantity, start=now - DAY).items()
    }


@lru_cache(maxsize=MOST_LINES)
def _rounded(points: tuple[tuple[float, float], ...], digits: int) -> tuple[tuple[float, float], ...]:
    return tuple((t, rounded(value, digits)) for t, value in points)
