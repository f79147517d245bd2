"""Mean directions: sums of vectors as long as the wind was fast, without calms (WMO-No. 8, part I, chapter 5)."""

import math
from collections.abc import Iterable
from typing import Final

CALM: Final = 0.5  # m/s: WMO-No. 8 asks for vanes that start at 0.5 m/s or less; below, a direction means nothing
CANCELLED: Final = 1e-6


def mean_direction(winds: Iterable[tuple[float, float | None]]) -> float | None:
    """Return the direction of the sum of (direction, speed); a wind without a speed has the weight 1."""
    east = north = weights = 0.0
    for direction, speed in winds:
        weight = 1.0 if speed is None else speed
        if weight >= CALM:
            east += weight * math.sin(math.radians(direction))
            north += weight * math.cos(math.radians(direction))
            weights += weight
    if not weights or math.hypot(east, north) / weights < CANCELLED:
        return None
    return math.degrees(math.atan2(east, north)) % 360
