"""State of a sensor (live, late, offline), relative to its usual interval: the median of its last intervals."""

from bisect import bisect_left, insort
from collections import deque
from collections.abc import Sequence
from datetime import datetime, timedelta
from statistics import median
from typing import Literal

State = Literal["pending", "live", "late", "offline", "paused"]

KEPT_DELTAS = 11  # one outage does not move the median, and it adapts to a new interval soon
LATE_FACTOR, LATE_AT_LEAST_S = 2.5, 10.0
OFFLINE_FACTOR, OFFLINE_AT_LEAST_S = 5.0, 600.0
# While the interval is not known nothing is late: only silence is a fact.
UNKNOWN_LATE_S = UNKNOWN_OFFLINE_S = 3600.0
KNOWN_FROM = 4  # intervals: two readings sent by hand have no usual interval


def learn(deltas: Sequence[float], observed_s: float) -> tuple[float, ...]:
    """Return the last deltas with a new one appended; one that is not positive (late, corrected data) is ignored."""
    if observed_s <= 0:
        return tuple(deltas)
    return (*deltas, observed_s)[-KEPT_DELTAS:]


def usual_interval_s(deltas: Sequence[float]) -> float | None:
    """Return the usual seconds between two readings, None before the fifth reading."""
    return median(deltas) if len(deltas) >= KNOWN_FROM else None


class Rhythm:
    """The usual interval along a history, as `learn` and `usual_interval_s` find it, without sorting each time."""

    def __init__(self) -> None:
        self._deltas: deque[float] = deque()
        self._sorted: list[float] = []
        self.usual_s: float | None = None

    def add(self, observed_s: float) -> bool:
        """Add the time since the reading before; return whether the usual interval changed."""
        if observed_s <= 0:
            return False
        self._deltas.append(observed_s)
        first = self._deltas.popleft() if len(self._deltas) > KEPT_DELTAS else None
        if first == observed_s:
            return False
        insort(self._sorted, observed_s)
        if first is not None:
            del self._sorted[bisect_left(self._sorted, first)]
        before, self.usual_s = self.usual_s, self._usual()
        return self.usual_s != before

    def _usual(self) -> float | None:
        many, middle = len(self._sorted), len(self._sorted) // 2
        if many < KNOWN_FROM:
            return None
        return self._sorted[middle] if many % 2 else (self._sorted[middle - 1] + self._sorted[middle]) / 2


def state(*, last_at: datetime | None, interval_s: float | None, now: datetime, status: str) -> State:
    """Return a sensor's state at one instant; `status` is set by people ("paused" or anything else)."""
    if status == "paused":
        return "paused"
    if last_at is None:
        return "pending"
    late_s, offline_s = _limits_s(interval_s)
    if now >= last_at + timedelta(seconds=offline_s):
        return "offline"
    return "late" if now >= last_at + timedelta(seconds=late_s) else "live"


def next_change_at(
    *, last_at: datetime | None, interval_s: float | None, now: datetime, status: str
) -> datetime | None:
    """Return when the state changes if nothing more arrives, None if it then stays as it is."""
    current = state(last_at=last_at, interval_s=interval_s, now=now, status=status)
    if last_at is None or current not in ("live", "late"):
        return None
    late_s, offline_s = _limits_s(interval_s)
    return last_at + timedelta(seconds=late_s if current == "live" else offline_s)


def offline_after_s(interval_s: float | None) -> float:
    """Return the seconds of silence after which a sensor is offline."""
    return _limits_s(interval_s)[1]


def _limits_s(interval_s: float | None) -> tuple[float, float]:
    if interval_s is None:
        return UNKNOWN_LATE_S, UNKNOWN_OFFLINE_S
    return max(LATE_FACTOR * interval_s, LATE_AT_LEAST_S), max(OFFLINE_FACTOR * interval_s, OFFLINE_AT_LEAST_S)
