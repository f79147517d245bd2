"""The figures of a year from its readings alone: of each month and of the year, in canonical units."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any, Final

from tests.documents.oracle import Expected, Rows, Site, direction, expected
from tests.truth.oracle.stored import Reading

# Classes of counted days and NOAA's, as docs/reports.md and WeeWX have them: part of a day, and what holds of it.
CLASSES: Final[Mapping[str, tuple[str, Callable[[float], bool]]]] = {
    "Frost days": ("low", lambda value: value < 0),
    "Ice days": ("high", lambda value: value < 0),
    "Summer days": ("high", lambda value: value >= 25),
    "Hot days": ("high", lambda value: value >= 30),
    "Tropical nights": ("low", lambda value: value >= 20),
    "Days with rain": ("rain", lambda value: value >= 0.2 - 1e-9),
    "Wet days": ("rain", lambda value: value >= 1 - 1e-9),
    "Very wet days": ("rain", lambda value: value >= 10 - 1e-9),
    "Extremely wet days": ("rain", lambda value: value >= 25 - 1e-9),
    "Gale gusts": ("gust", lambda value: value >= 17.2),
}


@dataclass(frozen=True)
class Year:
    """The days of a year that have readings, and the rows behind them."""

    site: Site
    days: Mapping[date, Expected]
    rows: Rows

    def part(self, month: int | None) -> "Year":
        """Return one month of it."""
        if month is None:
            return self
        rows = [row for row in self.rows if self.site.day_of(row[0]).month == month]
        return Year(self.site, {day: each for day, each in self.days.items() if day.month == month}, rows)

    def values(self, name: str) -> list[float]:
        return [getattr(each, name) for each in self.days.values()]

    def mean(self, name: str) -> float:
        """A mean of a span is that of its days."""
        return sum(self.values(name)) / len(self.days)

    def end(self, name: str, pick: Any) -> tuple[float, date]:
        """Return the extreme of days and the first day that has it."""
        value = pick(self.values(name))
        return value, min(day for day, each in self.days.items() if abs(getattr(each, name) - value) < 1e-9)

    def count(self, name: str, holds: Callable[[float], bool]) -> int:
        return sum(holds(value) for value in self.values(name))

    @property
    def direction(self) -> float | None:
        return direction([values for _, values in self.rows])


def year_of(site: Site, number: int, readings: Sequence[Reading]) -> Year:
    """Recompute a year from what `/readings` answers."""
    rows = [(datetime.fromtimestamp(each.at, UTC), each.values) for each in readings]
    within = [row for row in rows if site.day_of(row[0]).year == number]
    return Year(site, dict(sorted(expected(site, within).items())), within)
