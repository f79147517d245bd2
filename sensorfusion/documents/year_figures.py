"""The figures of a year: each month, and what the months' days come to."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date

from sensorfusion.documents.figures import TEMPERATURE, Figures
from sensorfusion.documents.periods import Period, month_of
from sensorfusion.domain.weather import climate
from sensorfusion.domain.weather.climate import Days, Extreme


@dataclass(frozen=True, slots=True)
class Part:
    """A month of a year, or the whole of it; `wettest` is the day with the most rain."""

    period: Period
    days: int
    expected: int
    mean: float | None
    mean_high: float | None
    mean_low: float | None
    high: Extreme | None
    low: Extreme | None
    heating: float | None
    cooling: float | None
    rain: float | None
    wettest: Extreme | None
    wind: float | None
    top: Extreme | None
    direction: float | None
    highs: Sequence[float]
    lows: Sequence[float]
    rains: Sequence[float]

    @property
    def has_readings(self) -> bool:
        return self.days > 0

    @property
    def is_partial(self) -> bool:
        return self.days < self.expected


def parts(whole: Days, figures: Figures, *, until: date) -> tuple[list[Part], Part]:
    """Return the twelve months of a year's figures, and the year."""
    year = figures.period
    rained = whole if whole.rain is not None else replace(whole, rain=climate.rain_of(whole))
    months = [month_of(year.first.year, number) for number in range(1, 13)]
    found = [_part(rained, period, figures, until) for period in months if period]
    return found, _part(rained, year, figures, until)


def _part(whole: Days, period: Period, figures: Figures, until: date) -> Part:
    cut = whole.between(period.first, min(period.last, until))
    summary, column = climate.summarise(cut), cut.columns[figures.main]
    highs, lows = _there(column.high), _there(column.low)
    rains = [(value, day) for day, value in zip(cut.dates, cut.rain or (), strict=False) if value is not None]
    most = max(rains, key=lambda each: each[0], default=None)
    degrees = summary.degree_days if figures.main == TEMPERATURE else {}
    return Part(
        period=period,
        days=len(cut.dates),
        expected=len(period.up_to(until).days) if period.first <= until else 0,
        mean=summary.means.get(figures.main),
        mean_high=_mean(highs),
        mean_low=_mean(lows),
        high=summary.highs.get(figures.main),
        low=summary.lows.get(figures.main),
        heating=degrees.get("heating"),
        cooling=degrees.get("cooling"),
        rain=summary.sums.get("rain"),
        wettest=most and Extreme(*most),
        wind=summary.means.get("wind_speed"),
        top=summary.highs.get(figures.gust),
        direction=summary.direction,
        highs=highs,
        lows=lows,
        rains=[value for value, _ in rains],
    )


def _there(values: Sequence[float | None]) -> list[float]:
    return [value for value in values if value is not None]


def _mean(values: Sequence[float]) -> float | None:
    return sum(values) / len(values) if values else None


def counted(values: Sequence[float], holds: Callable[[float], bool]) -> int:
    """Count the days of which a value holds."""
    return sum(holds(value) for value in values)
