"""Display of values: the units of each unit system, and numbers as text.

Numbers have a real minus (U+2212), units follow a no-break space. Scripts format the page's data in the same way.
"""

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from decimal import ROUND_HALF_UP, Context, Decimal
from typing import Any, Final

from sensorfusion.domain.quantities import base_and_which, quantity
from sensorfusion.domain.units import display_symbol

NBSP: Final = "\u00a0"
MINUS: Final = "\u2212"
NOTHING: Final = "–"
_DIGITS: Final = Context(prec=400)  # enough for any float


@dataclass(frozen=True, slots=True)
class Display:
    """shown = value * factor + offset, followed by `symbol`."""

    factor: float
    offset: float
    symbol: str
    decimals: int

    def number(self, value: object) -> str:
        """Format a canonical value without its unit; texts and booleans are unchanged."""
        if isinstance(value, bool):
            return "yes" if value else "no"
        if isinstance(value, int | float):
            return fixed(value * self.factor + self.offset, self.decimals)
        return NOTHING if value is None else str(value)

    def text(self, value: object) -> str:
        """Format a canonical value with its unit."""
        return self.number(value) + self.unit if isinstance(value, int | float) else self.number(value)

    def short(self, value: float) -> str:
        """Format a temperature with a bare degree sign, anything else with its unit."""
        return f"{self.number(value)}°" if self.symbol in ("°C", "°F") else self.text(value)

    def difference(self, by: float) -> str:
        """Format a difference between two values, with its sign."""
        size = fixed(by * self.factor, self.decimals)
        return size if by < 0 or self.is_nothing(by) else f"+{size}"

    def is_nothing(self, by: float) -> bool:
        """Return whether a difference is too small to be shown."""
        return not float(fixed(abs(by) * self.factor, self.decimals))

    def size(self, by: float) -> str:
        """Format the size of a difference, without its sign and with its unit; a degree sign has no letter."""
        number = fixed(abs(by) * self.factor, self.decimals)
        return f"{number}°" if self.symbol in ("°C", "°F") else number + self.unit

    @property
    def unit(self) -> str:
        """The text after the number: nothing, a degree sign without a space, or a space and a unit."""
        return f"{NBSP}{self.symbol}" if self.symbol and self.symbol != "°" else self.symbol


def fixed(number: float, decimals: int) -> str:
    """Format a number with fixed decimals; zero has no sign, and halves are rounded up as in browsers."""
    text = f"{Decimal(abs(number)).quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP, _DIGITS):f}"
    return MINUS + text if number < 0 and float(text) else text


_FAHRENHEIT: Final = Display(1.8, 32, "°F", 0)
_MPH: Final = Display(1 / 0.44704, 0, "mph", 0)  # 1 mph = 0.44704 m/s exactly
_KILOMETRES: Final = Display(0.001, 0, "km", 1)
_MILES: Final = Display(1 / 1609.344, 0, "mi", 1)  # 1 mi = 1609.344 m exactly
_FEET: Final = Display(1 / 0.3048, 0, "ft", 0)  # 1 ft = 0.3048 m exactly
_INCHES: Final = Display(1 / 25.4, 0, "in", 2)  # 1 in = 25.4 mm exactly

# By canonical unit. Metric shows canonical units except for long distances, scientific shows SI units.
_SCIENTIFIC: Final = {"Cel": Display(1, 273.15, "K", 1), "hPa": Display(100, 0, "Pa", 0)}  # 0 °C = 273.15 K exactly
_UK: Final = {"m/s": _MPH, "km": Display(1 / 1.609344, 0, "mi", 0)}
_US: Final = {
    **_UK,
    "Cel": _FAHRENHEIT,
    "hPa": Display(1 / 33.8638866667, 0, "inHg", 2),  # conventional inch of mercury
    "mm": _INCHES,
    "mm/h": Display(1 / 25.4, 0, "in/h", 2),
    "cm": Display(1 / 2.54, 0, "in", 1),
}
_BY_UNIT: Final[dict[str, dict[str, Display]]] = {"metric": {}, "scientific": _SCIENTIFIC, "uk": _UK, "us": _US}
# A metre is short for a device's level and long for a visibility.
_IMPERIAL_DISTANCES: Final = {"visibility": _MILES, "cloud_base": _FEET}
_BY_NAME: Final[dict[str, dict[str, Display]]] = {
    "metric": {"visibility": _KILOMETRES},
    "scientific": {},
    "uk": _IMPERIAL_DISTANCES,
    "us": _IMPERIAL_DISTANCES,
}


def display(name: str, system: str) -> Display:
    """Return how a quantity is shown in a unit system (metric if the system is unknown)."""
    entry = quantity(name)
    by_name, by_unit = _BY_NAME.get(system, _BY_NAME["metric"]), _BY_UNIT.get(system, {})
    chosen = by_name.get(base_and_which(name)[0]) or by_unit.get(entry.unit)
    return chosen or Display(1, 0, display_symbol(entry.unit), entry.decimals)


def table(names: Iterable[str], system: str) -> dict[str, dict[str, Any]]:
    """Return the displays for the page's data."""
    return {name: asdict(display(name, system)) for name in names}
