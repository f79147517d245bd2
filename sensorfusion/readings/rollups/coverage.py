"""Coverage plans: which resolution answers each part of a range. Rollups where valid, as wide as fit, else readings."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import Final, Literal

from sensorfusion.readings.rollups.days import ALIGNED_SINCE, aligned

Width = Literal["5m", "1h", "1d"]
Source = Literal["raw", "5m", "1h", "1d"]
Span = tuple[datetime, datetime]

WIDTH_S: Final[dict[Literal["5m", "1h"], int]] = {"5m": 300, "1h": 3600}
_NARROWER: Final[dict[Literal["5m", "1h"], Source]] = {"1h": "5m", "5m": "raw"}
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_HOUR: Final = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Standing:
    """How far a sensor is rolled up, and which of these hours are dirty."""

    until: datetime | None
    dirty: Sequence[datetime]  # ascending
    raw_kept_from: datetime | None = None

    def holding(self, start: datetime, end: datetime) -> Iterator[Span]:
        """Yield the parts of [start, end) in which rollups are valid."""
        if self.until is None:
            return
        begin, end = start, min(end, self.until)
        for hour in self.dirty:
            if self.raw_kept_from is not None and hour < self.raw_kept_from:
                continue  # its readings are gone; the rollup is all there is
            if begin < hour < end:
                yield begin, hour
            begin = max(begin, hour + _HOUR)
        if begin < end:
            yield begin, end


@dataclass(slots=True)
class Coverage:
    """Parts of a range by resolution; together they cover the range, and none crosses a border of days."""

    spans: dict[Source, list[Span]] = field(default_factory=lambda: {"raw": [], "5m": [], "1h": [], "1d": []})

    def add(self, source: Source, start: datetime, end: datetime) -> None:
        stretches = self.spans[source]
        if start < end:
            if stretches and stretches[-1][1] == start:
                stretches[-1] = (stretches[-1][0], end)
            else:
                stretches.append((start, end))

    def join(self, other: "Coverage") -> None:
        """Add the parts of a later range."""
        for source, spans in other.spans.items():
            for start, end in spans:
                self.add(source, start, end)

    def fill(self, source: Source, start: datetime, end: datetime) -> None:
        """Cover a range with buckets as wide as `source`, and its edges with narrower ones."""
        if source == "raw" or source == "1d":
            self.add(source, start, end)
            return
        width = timedelta(seconds=WIDTH_S[source])
        low, high = -((_EPOCH - start) // width) * width + _EPOCH, (end - _EPOCH) // width * width + _EPOCH
        if low >= high:
            self.fill(_NARROWER[source], start, end)
            return
        self.fill(_NARROWER[source], start, low)
        self.add(source, low, high)
        self.fill(_NARROWER[source], high, end)


def plan_coverage(
    start: datetime,
    end: datetime,
    *,
    widest: Width,
    standing: Standing,
    borders: Sequence[datetime] = (),
    days_hold: bool = True,
) -> Coverage:
    """Divide [start, end) by the resolution that answers each part.

    :param borders: of days, if `widest` is a day; from before `start` to after `end`.
    :param days_hold: whether the daily rollups have these borders.
    """
    found, begin = Coverage(), start
    for low, high in standing.holding(start, end):
        found.add("raw", begin, low)
        if widest == "1d":
            _fill_days(found, low, high, borders, days_hold)
        else:
            found.fill(widest, low, high)
        begin = high
    found.add("raw", begin, end)
    return found


def _fill_days(found: Coverage, start: datetime, end: datetime, borders: Sequence[datetime], days_hold: bool) -> None:
    first, last = bisect_left(borders, start), bisect_right(borders, end) - 1
    whole = borders[first : last + 1]  # the borders of the days that are not cut by `start` or `end`
    if days_hold and len(whole) > 1 and whole[0] >= ALIGNED_SINCE and aligned(whole, to_s=300):
        found.fill("1h", start, whole[0])
        found.add("1d", whole[0], whole[-1])
        found.fill("1h", whole[-1], end)
    else:
        _fill_each_day(found, start, end, borders, days_hold)


def _fill_each_day(
    found: Coverage, start: datetime, end: datetime, borders: Sequence[datetime], days_hold: bool
) -> None:
    first = max(bisect_left(borders, start) - 1, 0)
    for begin, next_begin in pairwise(borders[first:]):
        if begin >= end:
            return
        low, high = max(begin, start), min(next_begin, end)
        is_whole = (low, high) == (begin, next_begin) and begin >= ALIGNED_SINCE
        if days_hold and is_whole and aligned((begin, next_begin), to_s=300):
            found.add("1d", low, high)
        elif low < high:
            found.fill("1h", low, high)
