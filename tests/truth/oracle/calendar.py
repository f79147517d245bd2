"""Days of a site: from the hour at which they begin, by the local clock, to the next one's beginning."""

from bisect import bisect_right
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

DAY = timedelta(days=1)


@dataclass
class Calendar:
    """A zone and the hour at which days begin; the days from `first` to `last` as instants, in epoch seconds."""

    zone: str
    starts_h: int
    first: date
    last: date
    begins: list[float] = field(init=False)
    dates: list[date] = field(init=False)

    def __post_init__(self) -> None:
        every = [self.first + DAY * place for place in range((self.last - self.first).days + 2)]
        begins = [_first_instant(datetime.combine(day, time(self.starts_h)), ZoneInfo(self.zone)) for day in every]
        # A date that the zone skipped (Samoa, 30 December 2011) begins with the next one: it has no length.
        real = [place for place in range(len(every) - 1) if begins[place] < begins[place + 1]]
        self.dates = [every[place] for place in real]
        self.begins = [*(begins[place] for place in real), begins[-1]]

    def place(self, at: float) -> int:
        return bisect_right(self.begins, at) - 1

    def day(self, at: float) -> date:
        return self.dates[self.place(at)]

    def begin(self, at: float) -> float:
        """Return the beginning of the day that contains an instant."""
        return self.begins[self.place(at)]

    def span(self, day: date) -> tuple[float, float]:
        """Return a day as [start, end)."""
        place = self.dates.index(day)
        return self.begins[place], self.begins[place + 1]


def _first_instant(wall: datetime, zone: ZoneInfo) -> float:
    """Return the first instant at which the local clock shows this time or a later one.

    Where the clocks change there are two offsets to try: the time may be shown twice, or never.
    """
    near = wall.replace(tzinfo=UTC)
    offsets = {(near + timedelta(hours=shift)).astimezone(zone).utcoffset() for shift in (-26, 26)}
    tried = sorted(near - offset for offset in offsets if offset is not None)
    return next(each.timestamp() for each in tried if each.astimezone(zone).replace(tzinfo=None) >= wall)
