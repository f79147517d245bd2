"""Days and months of a site's calendar as instants: the day of an instant, and the days that a range touches.

A day begins at an hour of the local clock, by default midnight, and ends when the next one begins, so it has 23 or 25
hours where the clocks change. Days are consecutive intervals without gaps, even where the local clock shows the hour of
their beginning twice (Azores, each October) or never.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from itertools import pairwise
from typing import Final
from zoneinfo import ZoneInfo

from sensorfusion.domain.counters import Increases, Number, bridged
from sensorfusion.domain.restarts import restarts_of

_DAY: Final = timedelta(days=1)
# The longest days and months. No time zone ever set its clocks back by more than three hours (Casey, 2010).
LONGEST_DAY: Final = timedelta(hours=27)
LONGEST_MONTH: Final = timedelta(days=31, hours=3)
# Days that begin inside a 5-minute bucket cannot be merged from such buckets. No zone has had any since Liberia's in
# January 1972.
ALIGNED_SINCE: Final = datetime(1973, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Calendar:
    """How days are divided: time zone, and the hour at which they begin."""

    time_zone: str = "UTC"
    day_starts_h: int = 0

    def begin(self, day: date) -> datetime:
        """Return the instant at which a local day begins."""
        return datetime.combine(day, time(self.day_starts_h), ZoneInfo(self.time_zone)).astimezone(UTC)

    def day_of(self, instant: datetime) -> date:
        """Return the day that contains an instant; of a date that a zone skipped, the day before it."""
        local = instant.astimezone(ZoneInfo(self.time_zone)).date() + _DAY
        while self.begin(local) > instant:
            local -= _DAY
        return local

    def borders(self, start: datetime, end: datetime) -> list[datetime]:
        """Return the beginnings of the days that [start, end) touches, followed by the beginning of the next day."""
        zone = ZoneInfo(self.time_zone)
        # Two days on either side, as a zone may have skipped a date.
        before, after = start.astimezone(zone).date() - 2 * _DAY, end.astimezone(zone).date() + 2 * _DAY
        borders: list[datetime] = []
        for year in range(before.year, after.year + 1):
            begins = _begins(self, year)
            borders += begins[bisect_right(begins, borders[-1]) :] if borders else begins
        return borders[bisect_right(borders, start) - 1 : bisect_left(borders, end) + 1]

    def month_of(self, begin: datetime) -> tuple[datetime, datetime]:
        """Return the beginning of the month that contains a day, and of the next month; the day is given by its
        beginning.
        """
        first = begin.astimezone(ZoneInfo(self.time_zone)).date().replace(day=1)
        return self.begin(first), self.begin(next_month(first))

    def increases(self, name: str, column: Increases) -> list[Number]:
        """Return what a counter grew by in each bucket since the one before, also over restarts by this calendar."""
        return bridged(column, restarts_of(name, ZoneInfo(self.time_zone), self.day_starts_h))

    def touched(self, instants: Iterable[datetime], *, within: timedelta) -> list[tuple[datetime, datetime]]:
        """Return the days that [instant, instant + within) touches for any of the instants, sorted and unique."""
        found: dict[datetime, datetime] = {}
        for instant in instants:
            borders = self.borders(instant, instant + within)
            found.update(pairwise(borders))
        return sorted(found.items())


@lru_cache(maxsize=256)
def _begins(calendar: Calendar, year: int) -> list[datetime]:
    """Return the beginnings of the days of a year, ascending."""
    begins: list[datetime] = []
    day = date(year, 1, 1)
    while day.year == year:
        begin = calendar.begin(day)
        if not begins or begin > begins[-1]:  # a date that a zone skipped (Samoa, 30 December 2011) has no length
            begins.append(begin)
        day += _DAY
    return begins


def next_month(day: date) -> date:
    """Return the first day of the month after a day's month."""
    return (day.replace(day=1) + timedelta(days=31)).replace(day=1)


def aligned(borders: Sequence[datetime], *, to_s: int) -> bool:
    """Return whether all instants are multiples of `to_s` seconds since the epoch."""
    return all(border.timestamp() % to_s == 0 for border in borders)
