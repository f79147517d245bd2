"""Properties of a quantity in the catalogue: unit, limits, and how values combine over time."""

from dataclasses import dataclass
from typing import Literal

Kind = Literal["number", "text", "boolean"]
Combine = Literal["mean", "vector", "sum", "counter", "last"]
Period = Literal["day", "week", "month", "year"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Quantity:
    """One measurable quantity."""

    name: str = ""
    unit: str = ""
    """UCUM code of the canonical unit, in which values are stored and limits are given; empty: none."""
    kind: Kind = "number"
    decimals: int = 1
    """Decimals that instruments resolve and pages show; three more are kept after a conversion of units."""
    impossible_below: float | None = None
    """Hard limit: a lower value is rejected."""
    plausible_low: float | None = None
    """A lower value is kept and flagged bad."""
    plausible_high: float | None = None
    """A higher value is kept and flagged bad."""
    impossible_above: float | None = None
    """Hard limit: a higher value is rejected."""
    clamp_low: float | None = None
    """A lower possible value is stored as this one: the noise of an instrument around a physical zero."""
    clamp_high: float | None = None
    """A higher plausible value is stored as this one."""
    source: str = ""
    """The source of the limits."""
    combine: Combine = "mean"
    """How values combine over time.

    A `sum` is an amount since the previous reading; a `counter` is a running total that only grows until it restarts
    from zero (rain since midnight too), so its increases add up; `last` is a state.
    """
    restarts: Period | None = None
    """Of a counter: after which part of the calendar it restarts, also where no value is below the one before."""
    weighed_by: str = ""
    """Of a direction: the speed of the same reading that weighs it in means."""
    cf_name: str = ""
    """Its name in the CF standard name table, if it has one."""
