"""Weeks of the year: seven days each from 1 January on, so that a week has the same dates in every year.

29 February counts as the 28th: the week that has it is a day longer in leap years, and week 52, which ends on
31 December, always is. Normals (`climate.normals`) are of the same weeks.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final, Self

LAST: Final = 52
_DAY: Final = timedelta(days=1)
_COMMON_YEAR: Final = 2001  # any year without 29 February


@dataclass(frozen=True, slots=True)
class Week:
    """`number` counts from 1."""

    year: int
    number: int

    @classmethod
    def of(cls, day: date) -> Self:
        """Return the week that contains a day."""
        is_leap_day = (day.month, day.day) == (2, 29)
        counted = date(_COMMON_YEAR, day.month, 28 if is_leap_day else day.day).timetuple().tm_yday
        return cls(day.year, min(LAST - 1, (counted - 1) // 7) + 1)

    @property
    def first(self) -> date:
        return (date(_COMMON_YEAR, 1, 1) + (self.number - 1) * 7 * _DAY).replace(year=self.year)

    @property
    def last(self) -> date:
        return self.next.first - _DAY

    @property
    def next(self) -> Self:
        is_last = self.number == LAST
        return type(self)(self.year + 1, 1) if is_last else type(self)(self.year, self.number + 1)

    def earlier(self, years: int) -> Self:
        """Return the same week some years before."""
        return type(self)(self.year - years, self.number)


def weeks(first: date, last: date) -> list[Week]:
    """Return the weeks that the days from `first` to `last`, both included, are in."""
    found = [Week.of(first)]
    while found[-1].last < last:
        found.append(found[-1].next)
    return found
