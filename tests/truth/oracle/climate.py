"""Climate from days: records, normals, months and years, as docs/readings.md defines them."""

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Final, Literal

from tests.truth.oracle import rain
from tests.truth.oracle.buckets import Buckets
from tests.truth.oracle.calendar import Calendar
from tests.truth.oracle.quantities import COMBINES
from tests.truth.oracle.wind import mean_direction

End = Literal["max", "min"]
WARM: Final = 65.0  # °F: base of heating and cooling degree days (US National Weather Service)
COUNTS: Final[Mapping[str, tuple[str, End, Callable[[float], bool]]]] = {
    # ETCCDI's and the German weather service's days; a storm is Beaufort 8
    "frost": ("temperature", "min", lambda t: t < 0),
    "ice": ("temperature", "max", lambda t: t < 0),
    "summer": ("temperature", "max", lambda t: t >= 25),
    "hot": ("temperature", "max", lambda t: t >= 30),
    "tropical_night": ("temperature", "min", lambda t: t >= 20),
    "storm": ("wind_gust", "max", lambda speed: speed >= 17.2),
}
WET: Final = {"rain_0_2": 0.2, "rain_1": 1.0, "rain_10": 10.0, "rain_25": 25.0}


@dataclass(frozen=True)
class Day:
    """One quantity on one day."""

    mean: float | None
    low: float | None
    high: float | None


@dataclass(frozen=True)
class Extreme:
    """A record: its value and day, and the instants of that day at which it was observed."""

    value: float
    day: date
    instants: tuple[float, ...] = ()


@dataclass
class Days:
    """All days of a sensor, by date; `rain` in mm where anything tells it."""

    buckets: Buckets
    quantities: dict[str, dict[date, Day]] = field(default_factory=dict)
    rain: dict[date, float] = field(default_factory=dict)
    dates: list[date] = field(default_factory=list)

    def __post_init__(self) -> None:
        for name in COMBINES:
            of_one = self.buckets.rows(name, "1d")
            found = {self.calendar.day(start): Day(cell.value, cell.low, cell.high) for start, cell in of_one.items()}
            if found:
                self.quantities[name] = found
        self.rain = {self.calendar.day(at): mm for at, mm in rain.by_day(self.buckets.readings, self.calendar).items()}
        self.dates = sorted({day for of_one in self.quantities.values() for day in of_one})

    @property
    def calendar(self) -> Calendar:
        return self.buckets.calendar

    def extreme(self, name: str, end: End, first: date, last: date) -> Extreme | None:
        """Return the highest or lowest value between two dates, both included, and the first day that had it."""
        part: dict[date, float] = {}
        for day, each in sorted(self.quantities.get(name, {}).items()):
            value = each.high if end == "max" else each.low
            if value is not None and first <= day <= last:
                part[day] = value
        if not part:
            return None
        best = (max if end == "max" else min)(part.values())
        day = next(day for day, value in part.items() if value == best)
        return Extreme(best, day, tuple(self._instants(name, best, day)))

    def _instants(self, name: str, value: float, day: date) -> Iterator[float]:
        start, stop = self.calendar.span(day)
        for each in self.buckets.readings:
            if start <= each.at < stop and each.numbers.get(name) == value:
                yield each.at

    def wettest(self, first: date, last: date) -> Extreme | None:
        """Return the wettest day."""
        part = {day: mm for day, mm in sorted(self.rain.items()) if first <= day <= last}
        if not part:
            return None
        best = max(part.values())
        return Extreme(best, next(day for day, mm in part.items() if math.isclose(mm, best, abs_tol=5e-4)))


@dataclass(frozen=True)
class Summary:
    """A span of days, by the names of the API."""

    days: int
    means: dict[str, float]
    sums: dict[str, float]
    direction: float | None
    degree_days: dict[str, float]
    counted: dict[str, int]


def summary(days: Days, first: date, last: date) -> Summary:
    """Summarise the days from `first` to `last`, both included."""
    held = {
        name: [day for at, day in sorted(of_one.items()) if first <= at <= last]
        for name, of_one in days.quantities.items()
    }
    fell = [mm for day, mm in sorted(days.rain.items()) if first <= day <= last]
    means = {
        name: math.fsum(there) / len(there)
        for name, those in held.items()
        if COMBINES[name] == "mean" and (there := [day.mean for day in those if day.mean is not None])
    }
    return Summary(
        days=sum(first <= day <= last for day in days.dates),
        means=means,
        sums={"rain": math.fsum(fell)} if fell else {},
        direction=_direction(days, first, last),
        degree_days=_degree_days(held.get("temperature", [])),
        counted=_counted(held, fell),
    )


def _direction(days: Days, first: date, last: date) -> float | None:
    """Return the mean of all readings' directions, weighted by their speeds."""
    winds = (each for each in days.buckets.readings if first <= days.calendar.day(each.at) <= last)
    return mean_direction(
        (each.numbers["wind_direction"], each.numbers.get("wind_speed"))
        for each in winds
        if "wind_direction" in each.numbers
    )


def _degree_days(those: Sequence[Day]) -> dict[str, float]:
    base = (WARM - 32) / 1.8
    means = [day.mean for day in those if day.mean is not None]
    spans = [(day.low, day.high) for day in those if day.low is not None and day.high is not None]
    return {
        "heating": math.fsum(max(0.0, base - mean) for mean in means),
        "cooling": math.fsum(max(0.0, mean - base) for mean in means),
        # McMaster and Wilhelm 1997, method 2: extremes are held between 10 and 30 °C before they are averaged
        "growing": math.fsum((min(max(low, 10), 30) + min(max(high, 10), 30)) / 2 - 10 for low, high in spans),
    }


def _counted(held: Mapping[str, Sequence[Day]], fell: Sequence[float]) -> dict[str, int]:
    found = {
        name: sum(holds(value) for day in held[of] if (value := day.high if end == "max" else day.low) is not None)
        for name, (of, end, holds) in COUNTS.items()
        if of in held
    }
    return found | {name: sum(round(mm, 6) >= least for mm in fell) for name, least in WET.items()}


@dataclass(frozen=True)
class Normal:
    """What is normal on a calendar day or in a week."""

    mean: float
    low: float
    high: float
    years: int


def normals(days: Days, name: str, per: Literal["day", "week"], before: date) -> dict[int, Normal]:
    """Return the normals by calendar day or week, from the days before a date."""
    pooled: dict[int, list[tuple[int, float]]] = {}
    for day, each in days.quantities.get(name, {}).items():
        if day < before and each.mean is not None:
            pooled.setdefault(place_of(day, per), []).append((day.year, each.mean))
    return {place: _normal(pool) for place, pool in pooled.items()}


def place_of(day: date, per: Literal["day", "week"]) -> int:
    """Number the 365 days of a common year; 29 February is the 28th, and the last week has 8 days."""
    same = day.replace(year=2001, day=28 if (day.month, day.day) == (2, 29) else day.day)
    number = (same - date(2000, 12, 31)).days
    return number if per == "day" else min((number - 1) // 7 + 1, 52)


def _normal(pool: Sequence[tuple[int, float]]) -> Normal:
    values = sorted(value for _, value in pool)
    return Normal(math.fsum(values) / len(values), quantile(values, 0.1), quantile(values, 0.9), len(dict(pool)))


def quantile(ascending: Sequence[float], share: float) -> float:
    """Interpolate between neighbours: Hyndman and Fan 1996, definition 7."""
    place = share * (len(ascending) - 1)
    below = math.floor(place)
    above = min(below + 1, len(ascending) - 1)
    return ascending[below] + (place - below) * (ascending[above] - ascending[below])


def month_span(year: int, month: int) -> tuple[date, date]:
    """Return the first and the last day of a month."""
    first = date(year, month, 1)
    return first, (first + timedelta(days=31)).replace(day=1) - timedelta(days=1)
