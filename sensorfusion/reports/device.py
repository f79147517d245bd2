"""Quantities about the device and not the weather, which have neither tile nor chart."""

from collections.abc import Iterable
from typing import Final

# At the foot of the page, in this order; then the batteries of a console's parts: battery_low.wh65.
DEVICE: Final = ("battery", "battery_voltage", "signal_strength", "signal_to_noise", "uptime")
_PARTS: Final = ("battery_low", "battery.", "battery_voltage.")


def is_of_the_device(name: str) -> bool:
    """Return whether a quantity is about the device; unknown fields of a console are, too."""
    return name in DEVICE or name.startswith(("console.", *_PARTS))


def at_the_foot(names: Iterable[str]) -> list[str]:
    """Return the device's quantities for the foot of the page, in order."""
    present = set(names)
    return [*(name for name in DEVICE if name in present), *sorted(n for n in present if n.startswith(_PARTS))]
