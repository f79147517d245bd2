"""Silences, and the time that a reading stands for: docs/readings.md, "2.5 times the steps around"."""

from collections.abc import Sequence
from itertools import pairwise
from statistics import median_high
from typing import Final

LONG: Final = 2.5
AROUND: Final = 5  # steps on either side


def usual(steps: Sequence[float], place: int) -> float:
    """Return the usual step around one of them."""
    return median_high(steps[max(place - AROUND, 0) : place + AROUND + 1])


def silences(t: Sequence[float], *, width_s: float = 0.0) -> list[tuple[float, float]]:
    """Return the silences, each by the instants around it; three steps at least tell what is usual.

    `width_s` is the width of buckets: where they are usually filled, an empty one is a silence.
    """
    steps = [after - before for before, after in pairwise(t)]
    if len(steps) < 3:
        return []
    return [pair for place, pair in enumerate(pairwise(t)) if steps[place] > _longest(usual(steps, place), width_s)]


def _longest(usual_s: float, width_s: float) -> float:
    one_empty = 1.5 * width_s
    return one_empty if usual_s <= one_empty else LONG * usual_s


def stands_for_s(t: Sequence[float]) -> list[float | None]:
    """Return for each instant the seconds since the one before; the usual step after a silence."""
    steps = [after - before for before, after in pairwise(t)]
    after_silence = {end for _, end in silences(t)}
    found: list[float | None] = [None]
    found += [usual(steps, place) if t[place + 1] in after_silence else step for place, step in enumerate(steps)]
    return found[: len(t)]
