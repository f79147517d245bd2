"""Arithmetic of two series: rows of the same instant, their difference or ratio, a rolling mean, a line of best fit."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate
from typing import Final, NamedTuple

from sensorfusion.explore.selection import Operation

Number = float | None
PAIRS_LEAST: Final = 24  # below it a line of best fit says nothing


class Pair(NamedTuple):
    t: float
    a: float
    b: float


def paired(a: Sequence[tuple[float, Number]], b: Sequence[tuple[float, Number]]) -> list[Pair]:
    """Return the rows of instants at which both series have a value."""
    others = {t: value for t, value in b if value is not None}
    return [Pair(t, value, others[t]) for t, value in a if value is not None and t in others]


def computed(pairs: Sequence[Pair], operation: Operation, *, are_directions: bool = False) -> list[tuple[float, float]]:
    """Return difference or ratio of each pair; there is no ratio to zero. Directions differ by the shorter turn."""
    if operation is Operation.RATIO:
        return [(t, a / b) for t, a, b in pairs if b]
    if are_directions:
        return [(t, (a - b + 180) % 360 - 180) for t, a, b in pairs]
    return [(t, a - b) for t, a, b in pairs]


@dataclass(frozen=True, slots=True)
class Part:
    """A reading, or a bucket of `count` readings whose mean is `mean`; `t` is where it begins."""

    t: float
    mean: float
    count: float = 1.0


def rolling_means(parts: Sequence[Part], *, length_s: float, start: float) -> list[tuple[float, float]]:
    """Return at each part from `start` on the mean of all readings of the parts that begin in (t - length_s, t].

    `parts` are ascending. What is added up are differences from the first mean, so that no digits are lost.
    """
    if not parts:
        return []
    base, found, first = parts[0].mean, [], 0
    totals = list(accumulate(((part.mean - base) * part.count for part in parts), initial=0.0))
    counts = list(accumulate((part.count for part in parts), initial=0.0))
    for last, part in enumerate(parts):
        while parts[first].t <= part.t - length_s:
            first += 1
        if part.t >= start:
            many = counts[last + 1] - counts[first]
            found.append((part.t, base + (totals[last + 1] - totals[first]) / many))
    return found


@dataclass(frozen=True, slots=True)
class Fit:
    """b = slope * a + intercept by least squares; `left` is the standard deviation of what the line leaves over."""

    slope: float
    intercept: float
    r2: float
    left: float
    count: int


def fit(pairs: Sequence[Pair]) -> Fit | None:
    """Return the line of best fit of b over a, None for too few pairs, or if one of them never changes."""
    n = len(pairs)
    if n < PAIRS_LEAST:
        return None
    mean_a, mean_b = math.fsum(pair.a for pair in pairs) / n, math.fsum(pair.b for pair in pairs) / n
    aa = math.fsum((pair.a - mean_a) ** 2 for pair in pairs)
    bb = math.fsum((pair.b - mean_b) ** 2 for pair in pairs)
    ab = math.fsum((pair.a - mean_a) * (pair.b - mean_b) for pair in pairs)
    if not aa or not bb:
        return None
    slope = ab / aa
    left = math.fsum((pair.b - mean_b - slope * (pair.a - mean_a)) ** 2 for pair in pairs)
    return Fit(slope, mean_b - slope * mean_a, min(1.0, ab * ab / (aa * bb)), math.sqrt(left / n), n)
