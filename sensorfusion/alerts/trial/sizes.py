"""How much each value of a column differs from those of the time before it, as far as it matters to a rule.

Of a few readings together, the lowest and the highest value are compared with those of the time before. Only where
these allow a change that is not clear is each reading compared, as `Window` does for live judging.
"""

from array import array
from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import accumulate
from operator import sub
from typing import Final

from sensorfusion.alerts.trial.codes import CODES, codes_of
from sensorfusion.domain.alert_rules.conditions import Condition, Rule, Signal
from sensorfusion.domain.normalise import is_number
from sensorfusion.readings.stored.columns import Columns, epoch_s

TOGETHER: Final = 12  # readings
_CLEAR: Final = bytes([CODES[Signal.CLEAR]])
_UNKNOWN: Final = CODES[Signal.UNKNOWN]
_SIDES: Final = (Condition.RISES, Condition.FALLS)
Part = tuple[int, int]
Pick = Callable[..., float]  # min or max


class Sizes:
    """The changes that a rule is about, along columns in their order."""

    def __init__(self, rule: Rule) -> None:
        self._rule, self._within_s = rule, rule.within_s
        high = rule.high or 0.0
        self._clear = high if rule.clear_high is None else min(high, rule.clear_high)
        self._is_rise, self._is_fall = (rule.condition in (each, Condition.CHANGES) for each in _SIDES)
        self._at: list[float] = []  # of the time before
        self._values: list[float] = []

    def codes(self, found: Columns) -> bytes:
        """Return what each value says, as codes of signals."""
        if isinstance(found.values, array):
            return self._of_numbers(found.at, found.values)
        places = [place for place, value in enumerate(found.values) if is_number(value)]
        said = self._of_numbers([found.at[each] for each in places], [found.values[each] for each in places])
        codes = bytearray([_UNKNOWN]) * len(found.values)
        for place, code in zip(places, said, strict=True):
            codes[place] = code
        return bytes(codes)

    def _of_numbers(self, micros: Sequence[int], numbers: Sequence[float]) -> bytes:
        before = len(self._at)
        at = [*self._at, *map(epoch_s, micros)]
        values = [*self._values, *numbers]
        parts = list(_joined(self._suspected(at, values), at, self._within_s))
        said = codes_of(self._rule, [size for part in parts for size in self._sizes(at, values, part)])
        codes, done = bytearray(_CLEAR) * len(at), 0
        for start, end in parts:
            codes[start:end] = said[done : done + end - start]
            done += end - start
        if at:
            kept = bisect_left(at, at[-1] - self._within_s)
            self._at, self._values = at[kept:], values[kept:]
        return bytes(codes[before:])

    def _suspected(self, at: Sequence[float], values: Sequence[float]) -> Iterator[Part]:
        """Yield the parts in which there may be a change that is not clear."""
        starts = range(0, len(at), TOGETHER)
        lows = [min(values[each : each + TOGETHER]) for each in starts]
        highs = [max(values[each : each + TOGETHER]) for each in starts]
        ends = [at[min(each + TOGETHER, len(at)) - 1] for each in starts]
        reached = 0
        for place, start in enumerate(starts):
            first = at[start] - self._within_s
            while ends[reached] < first:
                reached += 1
            rise = highs[place] - min(lows[reached : place + 1]) if self._is_rise else 0.0
            fall = max(highs[reached : place + 1]) - lows[place] if self._is_fall else 0.0
            if rise > self._clear or fall > self._clear:
                yield start, min(start + TOGETHER, len(at))

    def _sizes(self, at: Sequence[float], values: Sequence[float], part: Part) -> Iterable[float]:
        now = values[slice(*part)]
        rises = list(map(sub, now, self._extreme(min, at, values, part))) if self._is_rise else []
        if not self._is_fall:
            return rises
        falls = map(sub, self._extreme(max, at, values, part), now)
        return map(max, rises, falls) if rises else falls

    def _extreme(self, pick: Pick, at: Sequence[float], values: Sequence[float], part: Part) -> Iterable[float]:
        """Return the lowest or the highest value of the time before each of a part, and itself.

        It is the most extreme of three: what leaves the time within the part, what is in it all along, and what came.
        """
        start, end = part
        first, last = (bisect_left(at, at[each] - self._within_s) for each in (start, end - 1))
        if last > start:
            return self._one_by_one(pick, at, values, part)
        staying = pick(values[last:start]) if last < start else values[start]
        leaving = [*accumulate(reversed(values[first:last]), pick, initial=staying)][::-1]
        places = (bisect_left(at, each - self._within_s, first, last) - first for each in at[start:end])
        return map(pick, accumulate(values[start:end], pick), map(leaving.__getitem__, places))

    def _one_by_one(self, pick: Pick, at: Sequence[float], values: Sequence[float], part: Part) -> Iterator[float]:
        """Yield what `_extreme` returns of a time that is shorter than the part."""
        first = bisect_left(at, at[part[0]] - self._within_s)
        for place in range(*part):
            while at[first] < at[place] - self._within_s:
                first += 1
            yield pick(values[first : place + 1])


def _joined(parts: Iterator[Part], at: Sequence[float], most_s: float) -> Iterator[Part]:
    """Join parts that follow each other, until they are as long as the time."""
    begun: Part | None = None
    for start, end in parts:
        if begun and begun[1] == start and at[end - 1] - at[begun[0]] <= most_s:
            begun = (begun[0], end)
        else:
            if begun:
                yield begun
            begun = (start, end)
    if begun:
        yield begun
