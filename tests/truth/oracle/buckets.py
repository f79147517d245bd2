"""Buckets of the chart API: which numbers are in each, and what stands for them."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final, Literal

from tests.truth.oracle import exact
from tests.truth.oracle.calendar import Calendar
from tests.truth.oracle.quantities import COMBINES
from tests.truth.oracle.stored import Counted
from tests.truth.oracle.wind import mean_direction

Resolution = Literal["raw", "5m", "1h", "1d", "hour of day"]
WIDTHS: Final[Mapping[str, int]] = {"5m": 300, "1h": 3600}


@dataclass(frozen=True)
class Cell:
    """What stands for a bucket of one quantity, and its extremes; `last_at` is the instant of its last number."""

    value: float | None
    low: float | None
    high: float | None
    last_at: float


Rows = dict[float, Cell]  # by the bucket's start


def start_of(at: float, resolution: Resolution, calendar: Calendar) -> float:
    """Return the start of an instant's bucket: aligned to the epoch, or the site's day."""
    if resolution == "raw":
        return at
    if resolution == "1d":
        return calendar.begin(at)
    if resolution == "hour of day":  # counted from the beginning of the day, which may be inside an hour of UTC
        begin = calendar.begin(at)
        return begin + math.floor((at - begin) / 3600) * 3600
    return math.floor(at / WIDTHS[resolution]) * WIDTHS[resolution]


@dataclass
class Buckets:
    """The readings that count, and the calendar of their site; buckets are made once."""

    readings: Sequence[Counted]
    calendar: Calendar
    _made: dict[tuple[str, Resolution], Rows] = field(default_factory=dict)

    def rows(self, name: str, resolution: Resolution) -> Rows:
        """Return the buckets of one quantity that hold any number, in order."""
        if (name, resolution) not in self._made:
            self._made[name, resolution] = self._rows(name, resolution)
        return self._made[name, resolution]

    def _rows(self, name: str, resolution: Resolution) -> Rows:
        held: dict[float, list[Counted]] = {}
        for each in self.readings:
            if name in each.numbers:
                held.setdefault(start_of(each.at, resolution, self.calendar), []).append(each)
        return {start: _cell(name, those, is_raw=resolution == "raw") for start, those in held.items()}

    def between(self, start: float, end: float) -> "Buckets":
        """Return the readings of [start, end) alone."""
        return Buckets([each for each in self.readings if start <= each.at < end], self.calendar)


def _cell(name: str, those: Sequence[Counted], *, is_raw: bool) -> Cell:
    numbers, last_at = [each.numbers[name] for each in those], those[-1].at
    if is_raw:
        return Cell(numbers[0], numbers[0], numbers[0], last_at)
    combine = COMBINES[name]
    if combine == "vector":
        return Cell(
            mean_direction((each.numbers[name], each.numbers.get("wind_speed")) for each in those), None, None, last_at
        )
    stands = {"mean": exact.mean(numbers), "sum": exact.total(numbers), "counter": numbers[-1]}
    return Cell(stands[combine], min(numbers), max(numbers), last_at)
