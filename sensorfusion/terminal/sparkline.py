"""A line of block characters: a chart of one row, for terminals."""

from collections.abc import Sequence
from typing import Final

BLOCKS: Final = "▁▂▃▄▅▆▇█"
GAP: Final = " "
_MIDDLE: Final = BLOCKS[3]  # of what does not change


def sparkline(values: Sequence[float | None]) -> str:
    """Draw values between the lowest and the highest of them; None is a gap."""
    known = [value for value in values if value is not None]
    if not known:
        return GAP * len(values)
    low, high = min(known), max(known)
    return "".join(GAP if value is None else _block(value, low, high) for value in values)


def _block(value: float, low: float, high: float) -> str:
    if high == low:
        return _MIDDLE
    return BLOCKS[min(int((value - low) / (high - low) * len(BLOCKS)), len(BLOCKS) - 1)]
