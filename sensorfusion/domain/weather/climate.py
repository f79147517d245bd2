"""Climate statistics from daily values: records, normals, and the summary of a month or a year.

A day is a day of the site. Of each quantity a day has its mean, lowest and highest value; the exact instants are looked
up by the code that has the readings.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Final, Literal

from sensorfusion.domain.counters import Number, Totals, growth
from sensorfusion.domain.quantities import quantity
from sensorfusion.domain.rounding import rounded, rounded_column
from sensorfusion.domain.weather import degree_days
from sensorfusion.domain.weather.derivation import COUNTERS
from sensorfusion.domain.weather.wind import heading

Span = Literal["month", "year", "all"]
SPANS: Final[tuple[Span, ...]] = ("month", "year", "all")
Per = Literal["day", "week"]
RAIN: Final = ("rain", *COUNTERS)  # the quantities that tell how much rain fell, the best first
RAIN_DECIMALS: Final = 6  # all digits of a gauge, without the noise that differences of counters leave
# Numbers of calendar days, by month and day; 29 February counts as the 28th.
_DAY_NUMBERS: Final = {
    (day.month, day.day): number for number in range(1, 366) for day in [date(2000, 12, 31) + timedelta(days=number)]
} | {(2, 29): 59}
# Counted days and nights: which extreme of which quantity, and its condition (°C, mm, m/s). Those of the temperature
# follow the German weather service and ETCCDI, a storm begins at force 8.
COUNTED: Final[Mapping[str, tuple[str, Literal["low", "high", "sum"], Callable[[float], bool], str]]] = {
    "frost": ("temperature", "low", lambda value: value < 0, "lowest below 0 °C"),
    "ice": ("temperature", "high", lambda value: value < 0, "highest below 0 °C"),
    "summer": ("temperature", "high", lambda value: value >= 25, "highest at least 25 °C"),
    "hot": ("temperature", "high", lambda value: value >= 30, "highest at least 30 °C"),
    "tropical_night": ("temperature", "low", lambda value: value >= 20, "lowest at least 20 °C"),
    "rain_0_2": ("rain", "sum", lambda value: value >= 0.2, "at least 0.2 mm of rain"),
    "rain_1": ("rain", "sum", lambda value: value >= 1, "at least 1 mm of rain"),
    "rain_10": ("rain", "sum", lambda value: value >= 10, "at least 10 mm of rain"),
    "rain_25": ("rain", "sum", lambda value: value >= 25, "at least 25 mm of rain"),
    "storm": ("wind_gust", "high", lambda value: value >= 17.2, "a gust of at least 17.2 m/s"),
}


@dataclass(frozen=True, slots=True)
class Days:
    """Days in order, without those that have no reading; `columns` are as long as `dates`.

    `growth` of counters is set where it is known better than from their values. `rain` is the amount per day, where it
    was requested: a counter's amount also depends on the day before. `vectors` are the sums of each day's directions,
    to the east and to the north.
    """

    dates: Sequence[date]
    columns: Mapping[str, Totals]
    growth: Mapping[str, Sequence[Number]] = field(default_factory=dict)
    vectors: Mapping[str, Sequence[tuple[float, float] | None]] = field(default_factory=dict)
    rain: Sequence[Number] | None = None

    def between(self, first: date, last: date) -> "Days":
        """Return the days from `first` to `last`, both included."""
        part = slice(bisect_left(self.dates, first), bisect_right(self.dates, last))
        cut = {name: Cut(each.value[part], each.low[part], each.high[part]) for name, each in self.columns.items()}
        grown = {name: values[part] for name, values in self.growth.items()}
        vectors = {name: values[part] for name, values in self.vectors.items()}
        return Days(self.dates[part], cut, grown, vectors, None if self.rain is None else self.rain[part])


@dataclass(frozen=True, slots=True)
class Cut:
    """Part of a column."""

    value: Sequence[Number]
    low: Sequence[Number]
    high: Sequence[Number]


@dataclass(frozen=True, slots=True)
class Extreme:
    """A value and the first day that had it; `is_new` if that day is today and the record was another day's before."""

    value: float
    day: date
    is_new: bool = False


@dataclass(frozen=True, slots=True)
class Records:
    high: Extreme | None
    low: Extreme | None


@dataclass(frozen=True, slots=True)
class Normal:
    """The normal range of a calendar day or week: 80 of 100 days are within `low` to `high`. `place` counts from 1."""

    place: int
    mean: float
    low: float
    high: float
    years: int


@dataclass(frozen=True, slots=True)
class Summary:
    """A range of days. `means`, `sums`, `highs` and `lows` by quantity; `counted` only for available quantities.

    `direction` is the mean of all readings' directions, each weighted by its wind speed, without calms.
    """

    days: int
    means: Mapping[str, float]
    sums: Mapping[str, float]
    highs: Mapping[str, Extreme]
    lows: Mapping[str, Extreme]
    direction: float | None
    degree_days: Mapping[str, float]
    counted: Mapping[str, int]


def records(dates: Sequence[date], column: Totals, *, today: date) -> dict[Span, Records]:
    """Return the highest and the lowest value of this month, of this year and of all days."""
    begins: dict[Span, date] = {"month": today.replace(day=1), "year": today.replace(month=1, day=1), "all": date.min}
    end = bisect_right(dates, today)
    found = {}
    for span, begin in begins.items():
        part = slice(bisect_left(dates, begin), end)
        high = _extreme(dates[part], column.high[part], sign=1, today=today)
        found[span] = Records(high, _extreme(dates[part], column.low[part], sign=-1, today=today))
    return found


def _extreme(
    dates: Sequence[date], values: Sequence[Number], *, sign: int, today: date | None = None
) -> Extreme | None:
    there = [value for value in values if value is not None]
    if not there:
        return None
    best = max(there) if sign > 0 else min(there)
    day = dates[values.index(best)]
    return Extreme(best, day, day == today and len(there) > 1)


def normals(dates: Sequence[date], values: Sequence[Number], *, per: Per) -> list[Normal]:
    """Compute mean and the 10th and 90th percentile of each calendar day or week over the years.

    29 February counts as the 28th, so that there are 365 days, and weeks of 7 of them from 1 January on; the last one
    has 8. Percentiles are interpolated between neighbouring values (Hyndman and Fan 1996, type 7).
    """
    pooled: dict[int, list[tuple[int, float]]] = {}
    for day, value in zip(dates, values, strict=True):
        if value is not None:
            number = _DAY_NUMBERS[day.month, day.day]
            pooled.setdefault(number if per == "day" else min(51, (number - 1) // 7) + 1, []).append((day.year, value))
    return [_normal(place, pooled[place]) for place in sorted(pooled)]


def _normal(place: int, pool: Sequence[tuple[int, float]]) -> Normal:
    values = sorted(value for _, value in pool)
    years = len({year for year, _ in pool})
    return Normal(place, sum(values) / len(values), percentile(values, 0.1), percentile(values, 0.9), years)


def percentile(ascending: Sequence[float], share: float) -> float:
    """Return the interpolated value below which this share of the values lies."""
    below, part = divmod(share * (len(ascending) - 1), 1)
    low, high = ascending[int(below)], ascending[min(int(below) + 1, len(ascending) - 1)]
    return low + part * (high - low)


def rain_of(days: Days) -> list[Number] | None:
    """Return the amount of rain on each day, from the first quantity that has a value on it; None if none ever has.

    A station may send other quantities after its firmware or its console was changed. A day without any value has no
    data, which is not 0 mm.
    """
    amounts = [_amounts(days, name) for name in RAIN if name in days.columns]
    fell = [next((value for value in each if value is not None), None) for each in zip(*amounts, strict=True)]
    # 432.0 - 431.8 is 0.19999999999998863 in floats, which would be no day of 0.2 mm; a gauge's tip may be 0.2794 mm.
    return rounded_column(fell, RAIN_DECIMALS) if _there(fell) else None


def _amounts(days: Days, name: str) -> Sequence[Number]:
    if name not in COUNTERS:
        return days.columns[name].value
    return days.growth[name] if name in days.growth else growth(days.columns[name])


def summarise(days: Days) -> Summary:
    """Summarise days."""
    rain = rain_of(days) if days.rain is None else days.rain
    measured = {name: column for name, column in days.columns.items() if quantity(name).combine == "mean"}
    sums = {
        name: sum(there)
        for name, column in days.columns.items()
        if quantity(name).combine == "sum" and (there := _there(column.value))
    }
    if rain is not None and _there(rain):
        sums["rain"] = sum(_there(rain))
    return Summary(
        days=len(days.dates),
        means={name: sum(there) / len(there) for name, each in measured.items() if (there := _there(each.value))},
        sums={name: rounded(value, RAIN_DECIMALS) for name, value in sums.items()},
        highs=_extremes(days.dates, {name: each.high for name, each in measured.items()}, sign=1),
        lows=_extremes(days.dates, {name: each.low for name, each in measured.items()}, sign=-1),
        direction=_direction(days),
        degree_days=_degree_days(days),
        counted=_counted(days, rain),
    )


def _there(values: Iterable[Number]) -> list[float]:
    return [value for value in values if value is not None]


def _extremes(dates: Sequence[date], columns: Mapping[str, Sequence[Number]], *, sign: int) -> dict[str, Extreme]:
    found = {name: _extreme(dates, values, sign=sign) for name, values in columns.items()}
    return {name: extreme for name, extreme in found.items() if extreme}


def _direction(days: Days) -> float | None:
    there = [each for each in days.vectors.get("wind_direction", ()) if each]
    return heading(east=sum(east for east, _ in there), north=sum(north for _, north in there))


def _degree_days(days: Days) -> dict[str, float]:
    column = days.columns.get("temperature")
    if column is None:
        return {}
    means = _there(column.value)
    spans = [
        (low, high) for low, high in zip(column.low, column.high, strict=True) if low is not None and high is not None
    ]
    return {
        "heating": sum(degree_days.heating(mean=mean) for mean in means),
        "cooling": sum(degree_days.cooling(mean=mean) for mean in means),
        "growing": sum(degree_days.growing(low=low, high=high) for low, high in spans),
    }


def _counted(days: Days, rain: Sequence[Number] | None) -> dict[str, int]:
    found = {}
    for name, (measured, part, holds, _) in COUNTED.items():
        column = days.columns.get(measured)
        values = rain if measured == "rain" else getattr(column, part, None)
        if values is not None:
            found[name] = sum(holds(value) for value in _there(values))
    return found
