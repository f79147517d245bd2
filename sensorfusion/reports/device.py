"""What a sensor says of itself and not of the weather: it has no tile and no chart of its own."""

from collections.abc import Iterable
from typing import Final

# At the foot of the page, in this order; then the batteries of a console's parts: battery_low.wh65.
DEVICE: Final = ("battery", "battery_voltage", "signal_strength", "signal_to_noise", "uptime")
_PARTS: Final = ("battery_low", "battery.", "battery_voltage.")


def is_of_the_device(name: str) -> bool:
    """Say whether a quantity is about the device, as are a console's own fields that nobody here knows."""
    return name in DEVICE or name.startswith(("console.", *_PARTS))


def at_the_foot(names: Iterable[str]) -> list[str]:
    """Choose what the foot of the page says of the device, in order."""
    present = set(names)
    return [*(name for name in DEVICE if name in present), *sorted(n for n in present if n.startswith(_PARTS))]
