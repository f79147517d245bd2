"""Statistics of a series over a span: docs/explore.md, "Figures".

A number stands until the next one, after a silence for the usual step, and never beyond the span; a bucket for what of
it is in the span.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from tests.truth.oracle import exact
from tests.truth.oracle.buckets import WIDTHS, Buckets, Resolution, Rows
from tests.truth.oracle.gaps import stands_for_s
from tests.truth.oracle.quantities import COMBINES


@dataclass(frozen=True)
class Explored:
    """The figures by the names of the API; None is unknown."""

    low: float
    mean: float | None
    high: float
    deviation: float | None
    total: float | None
    count: int | None
    above_s: float
    below_s: float


def explored(
    buckets: Buckets, name: str, basis: Resolution, span: tuple[float, float], level: float, joined: Rows | None
) -> Explored:
    """Return the statistics of [start, end); deviation and times are of the basis.

    :param joined: the rows of the basis if some of them are derived: all figures are then of them.
    """
    part = buckets.between(*span)
    cells = part.rows(name, basis) if joined is None else joined
    rows = {at: cell.value for at, cell in sorted(cells.items()) if cell.value is not None}
    numbers = list(rows.values())
    if joined is None:
        numbers = [each.numbers[name] for each in part.readings if name in each.numbers]
    lengths = (
        _of_readings(list(rows), span) if basis == "raw" else [_of_bucket(buckets, at, basis, span) for at in rows]
    )
    stands = list(zip(rows.values(), lengths, strict=True))
    is_mean = COMBINES[name] == "mean"
    return Explored(
        low=min(numbers),
        mean=exact.mean(numbers) if is_mean else None,
        high=max(numbers),
        deviation=exact.deviation(rows.values()) if is_mean and len(rows) > 1 else None,
        total=exact.total(numbers) if COMBINES[name] == "sum" else None,
        count=len(numbers) if joined is None else None,
        above_s=math.fsum(length for value, length in stands if value > level),
        below_s=math.fsum(length for value, length in stands if value < level),
    )


def _of_readings(t: Sequence[float], span: tuple[float, float]) -> list[float]:
    """A number stands for the step after it, as backwards in time it would for the one before."""
    backwards = stands_for_s([-at for at in reversed(t)])[::-1]
    known = sorted(each for each in backwards if each is not None)
    usual = known[len(known) // 2] if known else 0.0
    return [min(usual if each is None else each, span[1] - at) for at, each in zip(t, backwards, strict=True)]


def _of_bucket(buckets: Buckets, at: float, basis: Resolution, span: tuple[float, float]) -> float:
    calendar = buckets.calendar
    ends = calendar.begins[calendar.place(at) + 1] if basis == "1d" else at + WIDTHS[basis]
    return min(ends, span[1]) - max(at, span[0])
