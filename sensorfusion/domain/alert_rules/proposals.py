"""Which rule fits a quantity, from what it is and from how it has been: the lowest and highest value of a month.

The limits are in canonical units. A known danger comes first (a freezer that thaws, frost, stale air, an empty
battery); otherwise the limit lies beyond everything that was seen.
"""

from dataclasses import dataclass, field
from math import ceil, floor, log10
from typing import Any, Final

from sensorfusion.domain.alert_rules.conditions import Condition
from sensorfusion.domain.quantities import Quantity, base_and_which, quantity

WAITS_S: Final = 600.0
FREEZER_C: Final = -18.0  # deep-frozen food: EU directive 89/108/EEC
STALE_AIR_PPM: Final = 1400.0  # DIN EN 13779, low indoor air quality
MOULD_PERCENT: Final = 70.0
BATTERY_PERCENT: Final = 20.0
FROST_WITHIN_C: Final = 10.0  # a place that came this near to frost may freeze
BEYOND: Final = 0.1  # of the range of a month


@dataclass(frozen=True, slots=True)
class Proposal:
    """The fields of a rule that differ from the usual ones; `rank` is lower the more it matters."""

    rank: int
    severity: str
    condition: Condition
    fields: dict[str, Any] = field(default_factory=dict)


def silence() -> Proposal:
    """Return the rule that every sensor can have."""
    return Proposal(2, "warning", Condition.SILENT, {"for_s": 0.0})


def proposal(name: str, *, low: float | None, high: float | None) -> Proposal | None:
    """Return the rule that fits a quantity whose lowest and highest value of a month are these."""
    base = base_and_which(name)[0]
    if base == "leak":
        return Proposal(0, "critical", Condition.EQUALS, {"expected": True})
    if base == "door_open":
        return Proposal(3, "warning", Condition.EQUALS, {"expected": True, "for_s": WAITS_S})
    if low is None or high is None or quantity(name).combine != "mean":
        return None
    known = _known(base, low, high)
    return known or _unusual(quantity(name), _beyond(low, high))


def _known(base: str, low: float, high: float) -> Proposal | None:
    if base == "battery":
        return Proposal(4, "warning", Condition.BELOW, {"low": BATTERY_PERCENT, "clear_low": BATTERY_PERCENT + 5})
    if base == "co2":
        return _above(3, "warning", STALE_AIR_PPM)
    if base == "humidity" and high < MOULD_PERCENT:
        return _above(5, "info", MOULD_PERCENT)
    return _of_warmth(low, high) if "temperature" in base else None


def _of_warmth(low: float, high: float) -> Proposal | None:
    if high < 0.0 and low < FREEZER_C:
        return _above(1, "critical", max(FREEZER_C, float(ceil(high + 0.5))), clear_high=0.5)
    if low < FROST_WITHIN_C:
        return Proposal(3, "warning", Condition.BELOW, {"low": 0.0, "clear_low": 0.5, "for_s": WAITS_S})
    return None


def _unusual(of: Quantity, limit: float) -> Proposal | None:
    """Return a rule for what was never seen; None where no good value is above the limit."""
    highest = of.plausible_high if of.clamp_high is None else of.clamp_high
    return _above(6, "info", limit) if highest is None or limit < highest else None


def _above(rank: int, severity: str, limit: float, *, clear_high: float = 0.0) -> Proposal:
    fields = {"high": limit, "for_s": WAITS_S}
    return Proposal(
        rank, severity, Condition.ABOVE, fields | ({"clear_high": limit - clear_high} if clear_high else {})
    )


def _beyond(low: float, high: float) -> float:
    """Return a round number above the highest value by a tenth of the range."""
    size = max(high - low, abs(high) * BEYOND, 1e-6)
    step = 10.0 ** floor(log10(size * BEYOND * 2))
    return round((floor((high + size * BEYOND) / step) + 1) * step, 9)
