"""Counters (running totals that restart from zero): their increase and its rate.

A value below the previous one means a restart, and the whole new value counts as increase (`rollup.step`).
"""

from collections.abc import Sequence
from typing import Protocol

from sensorfusion.domain.rollup import step

Number = float | None


class Totals(Protocol):
    """A counter in buckets: its last, lowest and highest value in each; for single readings all three are the same."""

    @property
    def value(self) -> Sequence[Number]: ...
    @property
    def low(self) -> Sequence[Number]: ...
    @property
    def high(self) -> Sequence[Number]: ...


def growth(totals: Totals) -> list[Number]:
    """Compute a counter's increase in each bucket since the end of the previous one; None where there is no value.

    For the first bucket only the increase within it is known. A bucket may hold one restart.
    """
    grown: list[Number] = []
    before: Number = None
    for last, low, high in zip(totals.value, totals.low, totals.high, strict=True):
        if last is None or low is None or high is None:
            grown.append(None)
            continue
        grown.append(_within(low if before is None else before, low, high, last))
        before = last
    return grown


def _within(before: float, low: float, high: float, last: float) -> float:
    if low >= before:
        return last - before
    # It restarted, and its whole last value is new. The part of `high` above both ends was reached before the restart.
    return (max(0.0, high - before) if high > last else 0.0) + last


def bridged(*, within: Sequence[Number], first: Sequence[Number], last: Sequence[Number]) -> list[Number]:
    """Add to a counter's increase within each bucket the increase since the previous bucket with a value.

    Exact for any number of restarts: `within` was computed reading by reading.
    """
    grown: list[Number] = []
    before: Number = None
    for inside, begin, end in zip(within, first, last, strict=True):
        if inside is None or begin is None:
            grown.append(None)
            continue
        grown.append(inside if before is None else inside + step(before, begin))
        before = end
    return grown


def hourly_rate(amounts: Sequence[Number], hours: Sequence[Number]) -> list[Number]:
    """Divide amounts by their hours; None where either is missing or no time has passed."""
    return [
        None if amount is None or not length else amount / length for amount, length in zip(amounts, hours, strict=True)
    ]
