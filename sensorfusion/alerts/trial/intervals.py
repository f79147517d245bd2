"""A sensor's usual interval along its history, as it was learned from the readings before each instant."""

from bisect import bisect_left
from collections.abc import Sequence
from itertools import pairwise
from typing import Final

from sensorfusion.domain.liveness import KEPT_DELTAS, Rhythm, usual_interval_s
from sensorfusion.events.prepared import fetch
from sensorfusion.readings.rollups.runs import BUCKET_S
from sensorfusion.readings.stored.selection import select

READ_AT_ONCE: Final = 2_000  # of a slow sensor, in which each step is a long one
_AT: Final = "extract(epoch FROM r.observed_at)::float8"
_BEFORE: Final = select(
    _AT, before="to_timestamp(%(at)s)", is_timely=True, then=f"ORDER BY r.observed_at DESC LIMIT {KEPT_DELTAS + 1}"
)
_FROM: Final = select(
    _AT, since="to_timestamp(%(at)s)", is_timely=True, then=f"ORDER BY r.observed_at LIMIT {READ_AT_ONCE}"
)


class Intervals:
    """Of one sensor, read where they are needed."""

    def __init__(self, sensor: int) -> None:
        self._sensor = sensor
        self._observed: Sequence[float] = ()
        self._learned: list[float | None] = []

    def usual_s(self, at: float) -> float | None:
        """Return the usual interval that was learned before an instant."""
        if self._observed and self._observed[KEPT_DELTAS] < at <= self._observed[-1]:
            return self._learned[bisect_left(self._observed, at) - 1]
        before = self._read(_BEFORE, at)[::-1]
        found = usual_interval_s([later - earlier for earlier, later in pairwise(before)])
        if found and found >= BUCKET_S and len(before) > KEPT_DELTAS:
            self._read_ahead(before[0])
        return found

    def _read_ahead(self, start: float) -> None:
        self._observed, rhythm = self._read(_FROM, start), Rhythm()
        self._learned = [None]
        for earlier, later in pairwise(self._observed):
            rhythm.add(later - earlier)
            self._learned.append(rhythm.usual_s)

    def _read(self, statement: str, at: float) -> list[float]:
        return [each for (each,) in fetch(statement, {"sensor": self._sensor, "at": at})]
