"""What the oracle knows before it looks at a page: the readings, the site's clock, and the newest values."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from statistics import median
from zoneinfo import ZoneInfo

from tests.truth.oracle.buckets import Buckets
from tests.truth.oracle.climate import Days
from tests.truth.oracle.evaporation import Where
from tests.truth.oracle.newest import Newest, newest
from tests.truth.oracle.quantities import COMBINES
from tests.truth.oracle.stored import BAD, Counted, Excluded, Reading

TOGETHER_S = 1800.0
KEPT_STEPS = 11


@dataclass(frozen=True)
class Known:
    """`kept` are the readings that retention left; `range` is the page's, such as 24h."""

    readings: Sequence[Reading]
    kept: Sequence[Reading]
    excluded: Sequence[Excluded]
    buckets: Buckets
    where: Where
    now: float
    range: str

    @cached_property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.buckets.calendar.zone)

    def local(self, at: float) -> datetime:
        return datetime.fromtimestamp(at, self.zone)

    @cached_property
    def here(self) -> datetime:
        """Now, by the site's clock."""
        return self.local(self.now)

    @cached_property
    def newest(self) -> Newest:
        return newest(self.readings, self.excluded)

    @property
    def observed_at(self) -> float:
        assert self.newest.at is not None
        return self.newest.at

    @property
    def names(self) -> list[str]:
        return [name for name in self.newest.values if name in COMBINES]

    def value(self, name: str) -> float | None:
        return self.newest.values.get(name)

    def current(self, name: str) -> float | None:
        """Return the newest value unless it is old or bad: docs/figures.md."""
        is_old = self.newest.times.get(name, 0.0) < self.observed_at - TOGETHER_S
        return None if is_old else self.good(name)

    def good(self, name: str) -> float | None:
        """Return the newest value unless it is bad."""
        return None if self.newest.flags.get(name) == BAD else self.value(name)

    @cached_property
    def interval_s(self) -> float | None:
        """Return the median of the last steps by which the newest instant moved on, in order of arrival."""
        steps: list[float] = []
        last: float | None = None
        for each in sorted(self.readings, key=lambda each: (each.received_at, each.at)):
            if each.is_ahead:
                continue
            if last is not None and each.at > last:
                steps.append(each.at - last)
            last = each.at if last is None else max(each.at, last)
        return median(steps[-KEPT_STEPS:]) if steps else None

    @cached_property
    def state(self) -> str:
        return self._judged(self.observed_at)

    def state_of(self, at: float) -> str:
        """Return the state of a value: its sensor's, or offline if the value alone has stopped."""
        return "offline" if self._judged(at) == "offline" else self.state

    def _judged(self, at: float) -> str:
        silent_s, usual_s = self.now - at, self.interval_s
        late_s, offline_s = (600.0, 3600.0) if usual_s is None else (max(2.5 * usual_s, 10), max(5 * usual_s, 600))
        return "offline" if silent_s >= offline_s else "late" if silent_s >= late_s else "live"

    @property
    def is_reporting(self) -> bool:
        return self.state != "offline"

    @cached_property
    def today(self) -> date:
        return self.buckets.calendar.day(self.now)

    @cached_property
    def day_begin(self) -> float:
        return self.buckets.calendar.begin(self.now)

    @cached_property
    def days(self) -> Days:
        return Days(self.buckets)

    def between(self, name: str, start: float, end: float = float("inf")) -> list[tuple[float, float]]:
        """Return the instants and numbers of a quantity that count in [start, end)."""
        return [(each.at, each.numbers[name]) for each in self.counted(start, end) if name in each.numbers]

    def counted(self, start: float, end: float = float("inf")) -> list[Counted]:
        return [each for each in self.buckets.readings if start <= each.at < end]

    def is_kept(self, at: float) -> bool:
        """Return whether the reading of an instant was left by retention."""
        return at in self._kept

    @cached_property
    def _kept(self) -> frozenset[float]:
        return frozenset(each.at for each in self.kept)

    @property
    def is_whole(self) -> bool:
        """Return whether retention removed nothing."""
        return len(self.kept) == len(self.readings)
