"""Quality flags after QARTOD: impossible values are refused, doubtful ones are kept and flagged.

A value without a flag is good, or there is nothing to test it against (quantities outside the catalogue).
"""

from collections.abc import Mapping
from enum import IntEnum

from sensorfusion.domain.quantities import Quantity

GUST_TOLERANCE = 0.3  # m/s: mean and gust are rounded separately, often to 1 km/h each
DEW_POINT_TOLERANCE = 0.5  # K: humidity of 100 % read 3 % too high puts the dew point 0.5 K above the air
LARGEST = 1e100  # a larger value could overflow a sum, and is not a measurement
_NUMBER = (int, float)


class Flag(IntEnum):
    """QARTOD primary flags (IOOS manual for real-time quality control, table of flags)."""

    GOOD = 1
    NOT_EVALUATED = 2
    SUSPECT = 3
    BAD = 4
    MISSING = 9


def range_flag(quantity: Quantity, value: float | None) -> Flag:
    """Flag one value in the quantity's own unit: BAD outside the plausible range, MISSING without a value."""
    if value is None:
        return Flag.MISSING
    low, high = quantity.plausible_low, quantity.plausible_high
    if low is None and high is None:
        return Flag.NOT_EVALUATED
    if (low is None or value >= low) and (high is None or value <= high):
        return Flag.GOOD
    return Flag.BAD


def consistency_flags(values: Mapping[str, object]) -> dict[str, Flag]:
    """Flag contradictions within one reading: gust below mean wind, dew point above the air, crossed extremes."""
    flags: dict[str, Flag] = {}
    if "wind_gust" in values and _exceeds(values, "wind_speed", "wind_gust", GUST_TOLERANCE):
        flags["wind_gust"] = Flag.SUSPECT
    if "dew_point" in values and _exceeds(values, "dew_point", "temperature", DEW_POINT_TOLERANCE):
        flags["dew_point"] = Flag.SUSPECT
    if "temperature_min" in values and _exceeds(values, "temperature_min", "temperature_max", 0.0):
        flags["temperature_min"] = flags["temperature_max"] = Flag.SUSPECT
    return flags


def _exceeds(values: Mapping[str, object], higher: str, lower: str, tolerance: float) -> bool:
    left, right = values.get(higher), values.get(lower)
    return isinstance(left, _NUMBER) and isinstance(right, _NUMBER) and left > right + tolerance
