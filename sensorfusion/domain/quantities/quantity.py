"""What the catalogue says of one quantity: unit, limits, and how values combine over time."""

from dataclasses import dataclass
from typing import Literal

Kind = Literal["number", "text", "boolean"]
Combine = Literal["mean", "vector", "sum", "counter", "last"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Quantity:
    """One quantity that can be measured."""

    name: str = ""
    unit: str = ""
    """UCUM code of the canonical unit, which values are kept in and limits are written in; empty: there is none."""
    kind: Kind = "number"
    decimals: int = 1
    """Digits after the point that instruments resolve: shown, and three more are kept after a conversion of units."""
    impossible_below: float | None = None
    """Hard limit: a lower value is rejected."""
    plausible_low: float | None = None
    """A lower value is kept and flagged bad."""
    plausible_high: float | None = None
    """A higher value is kept and flagged bad."""
    impossible_above: float | None = None
    """Hard limit: a higher value is rejected."""
    clamp_high: float | None = None
    """A higher value that is plausible is kept as this one."""
    source: str = ""
    """Where the limits come from."""
    combine: Combine = "mean"
    """How values combine over time: a `sum` is an amount since the previous reading, a `counter` a running total that
    only grows until it restarts from zero (rain since midnight too), so its growth adds up; `last` is a state."""
    cf_name: str = ""
    """Its name in the CF standard name table, where it has one."""
