"""Days and months of a site's calendar as instants: which day an instant is in, and the days that a span touches.

A day begins at an hour of the local clock, at midnight unless the site says otherwise. It lasts until the next one
begins: 23 or 25 hours where the clocks change. Days are intervals that follow each other without a gap, also where the
clock shows the hour of their beginning twice (Azores, each October) or never.
"""

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from typing import Final
from zoneinfo import ZoneInfo

_DAY: Final = timedelta(days=1)
# How long days and months are at most. Clocks never went back by more than three hours (Casey, 2010).
LONGEST_DAY: Final = timedelta(hours=27)
LONGEST_MONTH: Final = timedelta(days=31, hours=3)
# Days that begin inside a bucket of 5 minutes cannot be made of such buckets. No zone has had any since Liberia's
# in January 1972.
ALIGNED_SINCE: Final = datetime(1973, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Calendar:
    """By what days are cut."""

    time_zone: str = "UTC"
    day_starts_h: int = 0

    def begin(self, day: date) -> datetime:
        """Return when a local day begins."""
        return datetime.combine(day, time(self.day_starts_h), ZoneInfo(self.time_zone)).astimezone(UTC)

    def borders(self, start: datetime, end: datetime) -> list[datetime]:
        """Return where the days that [start, end) touches begin, and at last where the day after them does."""
        day = start.astimezone(ZoneInfo(self.time_zone)).date() - _DAY
        borders = [self.begin(day)]
        while borders[-1] < end:
            day += _DAY
            begin = self.begin(day)
            if begin > borders[-1]:  # a day that a zone left out (Samoa, 30 December 2011) has no length
                borders.append(begin)
        return borders[max(bisect_right(borders, start) - 1, 0) :]

    def month_of(self, begin: datetime) -> tuple[datetime, datetime]:
        """Return when the month begins that a day is in, and when the next one does; the day by its beginning."""
        first = begin.astimezone(ZoneInfo(self.time_zone)).date().replace(day=1)
        return self.begin(first), self.begin(next_month(first))

    def touched(self, instants: Iterable[datetime], *, within: timedelta) -> list[tuple[datetime, datetime]]:
        """Return the days that stretches of time touch, each once, in order."""
        found: dict[datetime, datetime] = {}
        for instant in instants:
            borders = self.borders(instant, instant + within)
            found.update(pairwise(borders))
        return sorted(found.items())


def next_month(day: date) -> date:
    """Return the first day of the month after the one that a day is in."""
    return (day.replace(day=1) + timedelta(days=31)).replace(day=1)


def aligned(borders: Sequence[datetime], *, to_s: int) -> bool:
    """Say whether all these instants are multiples of so many seconds since the epoch."""
    return all(border.timestamp() % to_s == 0 for border in borders)
