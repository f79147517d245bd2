"""The figures of a report from daily values: each day, the whole period, and the same days of earlier years."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Final, NamedTuple

from sensorfusion.documents.periods import DAY, Period
from sensorfusion.domain.weather import climate, degree_days
from sensorfusion.domain.weather.climate import Days, Extreme, Summary

TEMPERATURE: Final = "temperature"
GUSTS: Final = ("wind_gust", "wind_speed")  # the strongest wind of a day, the best first


class Hours(NamedTuple):
    """How many hours of a day have readings, and how many it has had so far."""

    read: int
    expected: int


class Ends(NamedTuple):
    """When the highest value of a quantity on a day was observed, or the lowest."""

    name: str
    day: date
    is_high: bool


@dataclass(frozen=True, slots=True)
class Day:
    """The figures of a day in canonical units; None is not known. `heating` and `cooling` are of a temperature.

    `amount` is what was consumed or counted.
    """

    day: date
    hours: Hours
    mean: float | None = None
    high: float | None = None
    high_at: datetime | None = None
    low: float | None = None
    low_at: datetime | None = None
    heating: float | None = None
    cooling: float | None = None
    rain: float | None = None
    wind: float | None = None
    gust: float | None = None
    gust_at: datetime | None = None
    direction: float | None = None
    amount: float | None = None

    @property
    def has_readings(self) -> bool:
        return any(value is not None for value in (self.mean, self.rain, self.wind, self.gust, self.amount))

    @property
    def is_partial(self) -> bool:
        """Whether hours are missing: what is counted is what was read."""
        return self.hours.read < self.hours.expected


@dataclass(frozen=True, slots=True)
class Figures:
    """A period up to today: its days, those without readings included, and what they come to."""

    period: Period
    main: str
    gust: str
    days: list[Day]
    summary: Summary

    @property
    def has_readings(self) -> bool:
        return any(day.has_readings for day in self.days)

    @property
    def mean(self) -> float | None:
        return self.summary.means.get(self.main)

    @property
    def high(self) -> Extreme | None:
        return self.summary.highs.get(self.main)

    @property
    def low(self) -> Extreme | None:
        return self.summary.lows.get(self.main)

    @property
    def amount(self) -> float | None:
        there = [day.amount for day in self.days if day.amount is not None]
        return sum(there) if there else None

    @property
    def rain(self) -> float | None:
        return self.summary.sums.get("rain")

    @property
    def wind(self) -> float | None:
        return self.summary.means.get("wind_speed")

    @property
    def top_wind(self) -> Extreme | None:
        return self.summary.highs.get(self.gust)

    @property
    def hours(self) -> Hours:
        return Hours(sum(each.hours.read for each in self.days), sum(each.hours.expected for each in self.days))

    @property
    def coverage(self) -> float:
        return self.hours.read / self.hours.expected if self.hours.expected else 0.0

    @property
    def has_degree_days(self) -> bool:
        return self.main == TEMPERATURE and bool(self.summary.degree_days)

    def at(self, name: str, extreme: Extreme) -> datetime | None:
        """Return the instant of an extreme of the whole period."""
        day = self.days[(extreme.day - self.period.first).days]
        if name == self.main:
            return day.high_at if extreme.value == day.high else day.low_at
        return day.gust_at


def figures(
    whole: Days,
    period: Period,
    *,
    main: str,
    hours: Mapping[date, Hours],
    at: Mapping[Ends, datetime],
    amounts: Mapping[date, float] | None = None,
) -> Figures:
    """Compute the figures of a period from the days of a sensor.

    :param whole: with the day before the period at least, as a counter's increase is relative to it.
    :param amounts: what was consumed or counted on each day.
    """
    gust = next((name for name in GUSTS if name in whole.columns), GUSTS[0])
    rained = whole if whole.rain is not None else replace(whole, rain=climate.rain_of(whole))
    return Figures(
        period=period,
        main=main,
        gust=gust,
        days=[
            replace(_day(rained, day, main, gust, hours.get(day, Hours(0, 0)), at), amount=(amounts or {}).get(day))
            for day in period.days
        ],
        summary=climate.summarise(rained.between(period.first, period.last)),
    )


def _day(whole: Days, day: date, main: str, gust: str, hours: Hours, at: Mapping[Ends, datetime]) -> Day:
    found = climate.summarise(whole.between(day, day))
    mean, high, low = found.means.get(main), found.highs.get(main), found.lows.get(main)
    top = found.highs.get(gust)
    is_air = main == TEMPERATURE and mean is not None
    return Day(
        day,
        hours,
        mean=mean,
        high=value_of(high),
        high_at=at.get(Ends(main, day, True)),
        low=value_of(low),
        low_at=at.get(Ends(main, day, False)),
        heating=degree_days.heating(mean=mean) if is_air and mean is not None else None,
        cooling=degree_days.cooling(mean=mean) if is_air and mean is not None else None,
        rain=found.sums.get("rain"),
        wind=found.means.get("wind_speed"),
        gust=value_of(top),
        gust_at=at.get(Ends(gust, day, True)),
        direction=found.direction,
    )


def value_of(extreme: Extreme | None) -> float | None:
    """Return the value of an extreme, if there is one."""
    return None if extreme is None else extreme.value


def day_of(extreme: Extreme | None) -> date | None:
    """Return the day of an extreme, if there is one."""
    return None if extreme is None else extreme.day


@dataclass(frozen=True, slots=True)
class Usual:
    """What earlier years had: the mean of the same days, and of each day the usual lowest and highest value."""

    years: Sequence[int]
    mean: float | None
    band: list[tuple[float, float] | None]

    @property
    def words(self) -> str:
        first, last = self.years[0], self.years[-1]
        return f"{first}" if first == last else f"{first}\N{EN DASH}{last}"


ENOUGH: Final = 0.8  # of the days of an earlier year, for it to be compared with
AROUND: Final = 7 * DAY  # earlier years' days to either side that make the band of a day


def usual(whole: Days, period: Period, *, main: str, until: date) -> Usual | None:
    """Compute what is usual from all earlier years that have most of the same days; None without any.

    :param until: a period that is not over is compared with the same part of earlier years.
    """
    part = period.up_to(until)
    column = whole.columns[main]
    known = {
        day: (mean, low, high)
        for day, mean, low, high in zip(whole.dates, column.value, column.low, column.high, strict=True)
        if mean is not None and low is not None and high is not None
    }
    spans = {year: part.in_year(year) for year in sorted({day.year for day in known}) if year < period.first.year}
    means = {year: [known[day][0] for day in _between(*span) if day in known] for year, span in spans.items()}
    years = [year for year, there in means.items() if len(there) >= ENOUGH * len(part.days)]
    if not years:
        return None
    by_year = [sum(means[year]) / len(means[year]) for year in years]
    return Usual(years, sum(by_year) / len(by_year), [_band(known, period, day, years) for day in period.days])


def _between(first: date, last: date) -> list[date]:
    return Period("span", first, last).days


def _band(
    known: Mapping[date, tuple[float, float, float]], period: Period, day: date, years: Sequence[int]
) -> tuple[float, float] | None:
    middles = [Period("span", day, day).in_year(year + day.year - period.first.year)[0] for year in years]
    near = [known[each] for at in middles for each in _between(at - AROUND, at + AROUND) if each in known]
    if not near:
        return None
    return sum(low for _, low, _ in near) / len(near), sum(high for *_, high in near) / len(near)
