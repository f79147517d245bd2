"""When counters of the calendar restart: rain of the day, the week, the month or the year, and the like.

A value below the one before shows a restart by itself. A sensor that was silent over its restart may come back with a
higher value: all of it has fallen since. A device whose clock is late restarts after the calendar does, so a value soon
after the beginning of a day still belongs to the day before; one that has not changed is given longer, because devices
may keep standard time all year. A value at the very beginning of a day is the day before's. Within one hour of UTC only
a lower value shows a restart, so that rollups of hours do not depend on a calendar, whose days may begin in an hour.

`readings.rollups.sql` has the same rule in SQL.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta, tzinfo
from typing import Final

from sensorfusion.domain.quantities import Period, quantity

HOUR_S: Final = 3600
LATE: Final = timedelta(minutes=15)
UNCHANGED_LATE: Final = timedelta(hours=2)
# Devices begin their weeks on Sunday or on Monday: a silence tells a restart if it contains the beginnings of both.
WEEK_BEGINS_WITHIN: Final = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Restarts:
    """The restarts of a counter by the calendar of its site."""

    period: Period
    zone: tzinfo
    day_starts_h: int = 0

    def between(self, before_at: float, after_at: float, *, is_unchanged: bool) -> bool:
        """Return whether the counter restarted between two readings (epoch seconds)."""
        if before_at // HOUR_S == after_at // HOUR_S:
            return False
        late = UNCHANGED_LATE if is_unchanged else LATE
        begin = _begin(self._local(after_at - late.total_seconds()), self.period)
        return begin >= self._local(before_at)

    def _local(self, at: float) -> datetime:
        """Return the local time, moved so that days begin at midnight; by the clock, not by seconds."""
        return datetime.fromtimestamp(at, self.zone).replace(tzinfo=None) - timedelta(hours=self.day_starts_h)


def restarts_of(name: str, zone: tzinfo, day_starts_h: int) -> Restarts | None:
    """Return the restarts of a quantity, None if the calendar does not restart it."""
    period = quantity(name).restarts
    return None if period is None else Restarts(period, zone, day_starts_h)


def _begin(local: datetime, period: Period) -> datetime:
    """Return the latest beginning of a period, of weeks the earlier of both."""
    day = local.replace(hour=0, minute=0, second=0, microsecond=0)
    if period == "week":
        return day - timedelta(days=day.weekday()) - WEEK_BEGINS_WITHIN
    if period == "month":
        return day.replace(day=1)
    return day.replace(month=1, day=1) if period == "year" else day
