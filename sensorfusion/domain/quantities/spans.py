"""Spans of time in which a quantity was in one state: open or closed, heating or idle, inside its allowed band.

A reading holds until the next one of its quantity. Where that was long in coming, the state is known up to the reading
and unknown from there to the next: no span reaches over a gap. How long "long" is, `LONGEST_STEPS` says.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Final

LONGEST_STEPS: Final = 2.5  # as for "late" in liveness.py
# Of the steps between readings this share is no longer than the usual one: a door that reports when it moves, and every
# hour, has many short steps, and its hours are usual all the same.
USUAL_SHARE: Final = 0.9
FEWEST_STEPS: Final = 20  # for a share of them to mean something
LONGEST_S: Final = 86_400.0


@dataclass(frozen=True, slots=True)
class Span:
    """`state` from `start` up to `end`, in epoch seconds; `low` and `high` of its numbers, if it has any."""

    state: str
    start: float
    end: float
    low: float | None = None
    high: float | None = None

    @property
    def length_s(self) -> float:
        return self.end - self.start


@dataclass(frozen=True, slots=True)
class Spans:
    """What is known of a quantity between `start` and `end`; what no span covers is unknown.

    `readings`: of how many readings the spans were found, those around them included.
    """

    spans: Sequence[Span]
    start: float
    end: float
    longest_s: float
    readings: int = 0

    def between(self, start: float, end: float) -> "Spans":
        """Return the part between two instants, its spans cut at both."""
        inside = [
            replace(each, start=max(each.start, start), end=min(each.end, end))
            for each in self.spans
            if each.start < end and (each.end > start or each.start >= start)
        ]
        return replace(self, spans=inside, start=max(start, self.start), end=min(end, self.end))

    def times(self, state: str) -> int:
        """Count how often a state was entered, or was there already; a gap inside one does not make it two."""
        return sum(
            each.state == state and (before is None or before.state != state)
            for before, each in pairwise([None, *self.spans])
            if each is not None
        )

    def total_s(self, *states: str) -> float:
        return sum(each.length_s for each in self.spans if each.state in states)

    @property
    def known_s(self) -> float:
        return sum(each.length_s for each in self.spans)

    def longest(self, *states: str) -> Span | None:
        return max(self.of(*states), key=lambda each: each.length_s, default=None)

    def of(self, *states: str) -> list[Span]:
        return [each for each in self.spans if each.state in states]

    @property
    def since(self) -> float | None:
        """When the newest state began, as far as it is known."""
        return self.spans[-1].start if self.spans else None


def lasting(spans: Spans, now: float) -> Spans:
    """Return the spans with the newest one lasting until now, unless its last reading is too long ago."""
    if not spans.spans or now - spans.spans[-1].end > spans.longest_s:
        return spans
    *others, last = spans.spans
    return replace(spans, spans=[*others, replace(last, end=max(now, last.end))])


def states(spans: Iterable[Span]) -> list[str]:
    """Return the states, the one of the longest time first."""
    lengths: dict[str, float] = {}
    for each in spans:
        lengths[each.state] = lengths.get(each.state, 0.0) + each.length_s
    return sorted(lengths, key=lambda state: (-lengths[state], state))
