"""Gaps in a series of instants: steps that are long compared with their neighbours.

A station's interval changes over the years (hourly from an archive, then every minute), so a single interval for its
whole history would make the slow years one long gap. Each step is compared with the median of the steps around it.

Buckets are different: where they are usually filled, an empty one is a gap, however short.
"""

import itertools
import math
from collections.abc import Sequence
from typing import Final

FACTOR: Final = 2.5  # usual steps, the same factor as for "late" in liveness.py
NEIGHBOURS: Final = 5  # steps on either side: an outage does not move their median, a new interval soon does
FEWEST: Final = 3  # steps that make a rhythm
BUCKET_GAP: Final = 1.5  # widths: one empty bucket is a gap; a day of 25 h at a clock change is not
JITTER: Final = 1.1  # widths: the longest interval of a sensor that is expected to fill every bucket


def gaps(
    t: Sequence[float], *, least_s: float = 0.0, width_s: float = 0.0, interval_s: float | None = None
) -> list[int]:
    """Return the indices in `t` (ascending, seconds) before which there was a gap of more than `least_s`.

    With fewer than three steps the interval is the sensor's; if that is unknown, there is no gap.

    :param width_s: the width of buckets, of which `t` are the starts or the middles; 0 for readings.
    :param interval_s: the sensor's usual interval, if known.
    """
    steps = [after - before for before, after in itertools.pairwise(t)]
    least_s = max(least_s, BUCKET_GAP * width_s)  # `_longest` returns no less
    return [
        place + 1
        for place, step in enumerate(steps)
        if step > least_s and step > _longest(_interval(steps, place, interval_s), width_s, interval_s)
    ]


def _interval(steps: Sequence[float], place: int, interval_s: float | None) -> float:
    return (interval_s or math.inf) if len(steps) < FEWEST else usual(steps, place)


def _longest(usual_s: float, width_s: float, interval_s: float | None) -> float:
    """Return the longest step that is no gap."""
    one_empty = BUCKET_GAP * width_s
    if usual_s <= one_empty and (interval_s or 0) <= JITTER * width_s:
        return one_empty
    return max(FACTOR * usual_s, one_empty)


def durations(t: Sequence[float]) -> list[float | None]:
    """Return the seconds for which the value of each instant stands: those since the one before.

    After a gap they are the usual step: what was measured last says nothing about the whole silence. None for the first
    instant.
    """
    steps = [after - before for before, after in itertools.pairwise(t)]
    silent = {place - 1 for place in gaps(t)}
    return [None, *(usual(steps, place) if place in silent else step for place, step in enumerate(steps))][: len(t)]


def usual(steps: Sequence[float], place: int) -> float:
    """Return the median of the steps around a place, which must not be empty."""
    around = sorted(steps[max(0, place - NEIGHBOURS) : place + NEIGHBOURS + 1])
    return around[len(around) // 2]
