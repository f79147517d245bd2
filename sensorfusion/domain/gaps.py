"""Gaps in a series of instants: steps that are long compared with their neighbours.

A station's interval changes over the years (hourly from an archive, then every minute), so a single interval for its
whole history would make the slow years one long gap. Each step is compared with the median of the steps around it.
"""

import itertools
from collections.abc import Sequence
from typing import Final

FACTOR: Final = 2.5  # usual steps, the same factor as for "late" in liveness.py
NEIGHBOURS: Final = 5  # steps on either side: an outage does not move their median, a new interval soon does


def gaps(t: Sequence[float], *, least_s: float = 0.0) -> list[int]:
    """Return the indices in `t` (ascending, seconds) before which there was a gap of more than `least_s`.

    With fewer than three steps there is no usual interval, and no gap.
    """
    steps = [after - before for before, after in itertools.pairwise(t)]
    if len(steps) < 3:
        return []
    return [place + 1 for place, step in enumerate(steps) if step > least_s and step > FACTOR * _usual(steps, place)]


def durations(t: Sequence[float]) -> list[float | None]:
    """Return the seconds for which the value of each instant stands: those since the one before.

    After a gap they are the usual step: what was measured last says nothing about the whole silence. None for the first
    instant.
    """
    steps = [after - before for before, after in itertools.pairwise(t)]
    silent = {place - 1 for place in gaps(t)}
    return [None, *(_usual(steps, place) if place in silent else step for place, step in enumerate(steps))][: len(t)]


def _usual(steps: Sequence[float], place: int) -> float:
    around = sorted(steps[max(0, place - NEIGHBOURS) : place + NEIGHBOURS + 1])
    return around[len(around) // 2]
