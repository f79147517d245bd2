"""Quantities about the device and not the weather, which have neither tile nor chart."""

from collections.abc import Iterable
from functools import lru_cache
from typing import Final

from sensorfusion.domain.quantities import base_and_which

# At the foot of the page, in this order; then the batteries of a console's parts: battery_low.wh65.
DEVICE: Final = ("battery", "battery_voltage", "signal_strength", "signal_to_noise", "uptime")
_PARTS: Final = ("battery_low", "battery.", "battery_voltage.")


@lru_cache(maxsize=4096)
def is_of_the_device(name: str) -> bool:
    """Return whether a quantity is about the device; unknown fields of a console are, too."""
    return base_and_which(name)[0] in DEVICE or name.startswith(("console.", *_PARTS))


def at_the_foot(names: Iterable[str]) -> list[str]:
    """Return the device's quantities for the foot of the page, in order."""
    present = sorted(set(names))
    own = [name for base in DEVICE for name in present if base_and_which(name)[0] == base]
    return [*own, *(name for name in present if name.startswith(_PARTS))]
