"""The hours of a week in which a rule applies, by the wall clock of a site; instants are epoch seconds.

A span that passes midnight belongs to the weekday on which it begins. Where the clocks change, its edges are the
instants that `domain.local_time` finds for them, so a night may be an hour longer or shorter.
"""

from bisect import bisect_right
from dataclasses import dataclass
from functools import lru_cache
from typing import Final
from zoneinfo import ZoneInfo

from sensorfusion.domain.local_time import DAY_S, day_number, instant_s

MINUTES_OF_DAY: Final = 1440
EVERY_DAY: Final = frozenset(range(7))
_MONDAY: Final = 3  # 1 January 1970 was a Thursday
_LOOKED_AHEAD: Final = 9  # days: a week, and a day at both ends
_BEFORE_S: Final = 1e-3  # edges are whole seconds


@dataclass(frozen=True, slots=True)
class Hours:
    """Minutes [starts_min, ends_min) of the local day on these weekdays, 0 for Monday."""

    zone: ZoneInfo
    weekdays: frozenset[int] = EVERY_DAY
    starts_min: int = 0
    ends_min: int = MINUTES_OF_DAY

    def is_active(self, at: float) -> bool:
        """Return whether the rule applies at an instant."""
        today = day_number(at, zone=self.zone)
        return any(
            start <= at < end for day in (today - 1, today) if (span := _span(self, day)) for start, end in [span]
        )

    def next_change(self, at: float) -> float | None:
        """Return the next instant after `at` at which `is_active` changes; None if it never does."""
        changes = _changes(self, day_number(at, zone=self.zone))
        place = bisect_right(changes, at)
        return changes[place] if place < len(changes) else None


@lru_cache(maxsize=1024)
def _changes(hours: Hours, today: int) -> tuple[float, ...]:
    """Return the instants from yesterday on at which `is_active` changes."""
    spans = [span for day in range(today - 1, today + _LOOKED_AHEAD) if (span := _span(hours, day))]
    edges = sorted({edge for span in spans for edge in span})
    return tuple(edge for edge in edges if hours.is_active(edge) != hours.is_active(edge - _BEFORE_S))


@lru_cache(maxsize=4096)
def _span(hours: Hours, day: int) -> tuple[float, float] | None:
    if (day + _MONDAY) % 7 not in hours.weekdays:
        return None
    crosses = MINUTES_OF_DAY if hours.ends_min <= hours.starts_min else 0
    start, end = (
        instant_s(day * DAY_S + minute * 60, hours.zone) for minute in (hours.starts_min, hours.ends_min + crosses)
    )
    return (start, end) if start < end else None
