"""Counters (running totals that restart from zero): their increase and its rate.

A value below the previous one means a restart, and the whole new value counts as increase (`rollup.step`). Counters of
the calendar also restart unseen (`restarts`).
"""

from collections.abc import Sequence
from typing import Protocol

from sensorfusion.domain.restarts import Restarts
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


class Increases(Protocol):
    """A counter in buckets: the increase within each, and its first and last value with their instants."""

    @property
    def growth(self) -> Sequence[Number]: ...
    @property
    def first(self) -> Sequence[Number]: ...
    @property
    def last(self) -> Sequence[Number]: ...
    @property
    def first_at(self) -> Sequence[Number]: ...
    @property
    def last_at(self) -> Sequence[Number]: ...


def bridged(column: Increases, restarts: Restarts | None) -> list[Number]:
    """Add to a counter's increase within each bucket the increase since the previous bucket with a value.

    Exact for any number of restarts: the increase within was computed reading by reading.
    """
    grown: list[Number] = []
    before: tuple[float, float] | None = None
    rows = zip(column.growth, column.first, column.first_at, column.last, column.last_at, strict=True)
    for inside, first, first_at, last, last_at in rows:
        if inside is None or first is None or first_at is None or last is None or last_at is None:
            grown.append(None)
            continue
        grown.append(inside + (increase(before, (first, first_at), restarts) if before else 0.0))
        before = last, last_at
    return grown


def increase(before: tuple[float, float], after: tuple[float, float], restarts: Restarts | None) -> float:
    """Return a counter's increase between two values, each with its instant (epoch seconds)."""
    (old, old_at), (new, new_at) = before, after
    if restarts and restarts.between(old_at, new_at, is_unchanged=new == old):
        return new
    return step(old, new)


def hourly_rate(amounts: Sequence[Number], hours: Sequence[Number]) -> list[Number]:
    """Divide amounts by their hours; None where either is missing or no time has passed."""
    return [
        None if amount is None or not length else amount / length for amount, length in zip(amounts, hours, strict=True)
    ]
