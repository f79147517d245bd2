"""Display of values: the units that readers choose, and numbers as text.

Numbers have a real minus (U+2212) and the separators of the page's language, units follow a no-break space. Scripts
format the page's data in the same way. How a sensor's own settings change this is in `web.values.presentation`.
"""

from collections.abc import Iterable
from dataclasses import asdict, dataclass, replace
from functools import lru_cache
from math import floor, log10
from typing import Any, Final, NamedTuple

from sensorfusion.domain.quantities import base_and_which, quantity
from sensorfusion.domain.quantities.states import NO_YES, Words, states_of, words_of
from sensorfusion.domain.texts.translation import gettext
from sensorfusion.domain.units import display_symbol
from sensorfusion.domain.weather.derived import WORDS
from sensorfusion.web.values.numbers import LARGEST_PLAIN, Base, base_of, grouped, localised, prefixed, significant
from sensorfusion.web.values.numbers import MINUS as MINUS
from sensorfusion.web.values.numbers import NBSP as NBSP
from sensorfusion.web.values.numbers import fixed as fixed
from sensorfusion.web.values.systems import codes

NOTHING: Final = "–"
NOISE: Final = 1e-6  # of a step
FINER_MOST: Final = 3  # decimals more than usual
_NAMED: Final = (6, 8, 10)  # forces in the sentence about limits: strong breeze, gale, storm
DIGITS: Final = 4  # significant, of quantities that nothing is known about, and of numbers with an SI prefix


class Steps(NamedTuple):
    """A unit whose whole numbers are intervals of another one, `of`; `starts` is where they begin, from 1 on.

    Such a number cannot be converted back, and the differences between them have unequal sizes. So limits are set,
    differences are told, and axes are drawn in the other unit, and means are taken before they are converted.
    """

    of: str
    starts: tuple[float, ...]

    def number(self, shown: float) -> str:
        """Return the number of the interval that contains a value, which is rounded to a decimal as the starts are."""
        tenths = float(fixed(max(0.0, shown), 1))
        return str(sum(start <= tenths for start in self.starts))


@dataclass(frozen=True, slots=True)
class Display:
    """shown = value * factor + offset, followed by `symbol`.

    With `digits`, numbers have significant digits instead of decimals. With `si`, numbers whose decimals would leave
    nothing of them, and those of 1000 and more, have an SI prefix: 18.5 µA, 1.84 kW. `states` are the words for no and
    yes, unless they are these. With `steps`, `factor`, `offset` and `decimals` are those of the unit beneath them.
    """

    factor: float
    offset: float
    symbol: str
    decimals: int
    digits: int = 0
    si: Base | None = None
    states: Words | None = None
    steps: Steps | None = None

    @property
    def linear(self) -> "Display":
        """The display to calculate with: of a unit with steps that of the unit beneath it."""
        return replace(self, symbol=self.steps.of, steps=None) if self.steps else self

    @property
    def limits_note(self) -> str:
        """What to say beside limits that are not typed in the unit of values; else nothing."""
        if not self.steps:
            return ""
        below = self.linear
        some = [(place, below.text(start)) for place, start in enumerate(self.steps.starts, 1) if place in _NAMED]
        begins = gettext("{force} begins at {speed}")
        named = ", ".join(begins.format(force=f"{place}{self.unit}", speed=text) for place, text in some)
        note = gettext("Limits are in {unit}, because a number of {symbol} is a span of speeds: {named}.")
        return note.format(unit=below.symbol, symbol=self.symbol, named=named)

    def parts(self, value: object) -> tuple[str, str]:
        """Format a canonical value as its number and the symbol behind it; texts and booleans have none."""
        if isinstance(value, bool):
            return (self.states or words_of(NO_YES))[value], ""
        if isinstance(value, int | float):
            return self._parts(value * self.factor + self.offset)
        return NOTHING if value is None else str(value), ""

    def number(self, value: object) -> str:
        """Format a canonical value without its unit, unless that has a prefix; texts and booleans are unchanged."""
        number, symbol = self.parts(value)
        return number if symbol in ("", self.symbol) else f"{number}{NBSP}{symbol}"

    def text(self, value: object) -> str:
        """Format a canonical value with its unit."""
        return _together(*self.parts(value))

    def exact(self, value: object) -> str:
        """Format a limit with its unit and all the decimals that it was set with."""
        return self.linear._holding(value).text(value)

    def exact_size(self, by: float) -> str:
        """Format the size of a difference that is a limit, with all the decimals that it was set with."""
        return replace(self.linear, offset=0.0)._holding(by).size(by)

    def apart(self, value: object, others: Iterable[object]) -> str:
        """Format a value so that it differs from others in what is shown, if it differs: no 18.0 above 18.0."""
        known = [other for other in others if other is not None]
        shown = self.linear if known else self
        different = [other for other in known if other != value]
        finest = [each for each in shown._finer() if all(each.text(value) != each.text(other) for other in different)]
        return (finest[0] if finest else shown).text(value)

    def _holding(self, value: object) -> "Display":
        finer = self._finer()
        return next((each for each in finer if each._holds(value)), finer[-1])

    def _finer(self) -> "list[Display]":
        steps = range(FINER_MOST + 1)
        return [
            replace(self, decimals=self.decimals + more, digits=self.digits and self.digits + more) for more in steps
        ]

    def _holds(self, value: object) -> bool:
        """Return whether nothing is lost by rounding, but the noise of converting units."""
        if isinstance(value, bool) or not isinstance(value, int | float):
            return True
        shown = value * self.factor + self.offset
        steps = shown / (self.step(shown) or 1.0)
        return abs(steps - round(steps)) < NOISE

    def bounds(self, low: float, high: float) -> tuple[str, str]:
        """Format two values, the first without its unit where the second's is meant for both: 500 W and 2.3 kW."""
        text = self.text(high)
        return (self.text if text == self.number(high) else self.number)(low), text

    def short(self, value: float) -> str:
        """Format a temperature with a bare degree sign, anything else with its unit."""
        return f"{self.number(value)}°" if self.symbol in ("°C", "°F") else self.text(value)

    def exact_short(self, value: float) -> str:
        """Format a limit as `short` does, with the decimals that it has."""
        return self.linear._holding(value).short(value)

    def difference(self, by: float, *, of: float | None = None) -> str:
        """Format a difference between two values, with its sign; `of` is one of them."""
        is_nothing = self.is_nothing(by, of=of)
        size = self._beside(*self.linear._parts(0.0 if is_nothing else by * self.factor))
        if is_nothing:
            return size
        return size if by < 0 else f"+{size}"

    def is_nothing(self, by: float, *, of: float | None = None) -> bool:
        """Return whether a difference is too small to be shown; `of` is one of the values."""
        if self.digits or self.si:
            return abs(by * self.factor) < self.step(0.0 if of is None else of * self.factor + self.offset) / 2
        return not float(fixed(abs(by) * self.factor, self.decimals))

    def size(self, by: float) -> str:
        """Format the size of a difference, without its sign and with its unit; a degree sign has no letter."""
        if self.symbol in ("°C", "°F"):
            return f"{self.bare(abs(by) * self.factor)}°"
        return _together(*self.linear._parts(abs(by) * self.factor))

    def step(self, shown: float) -> float:
        """Return one unit of the last digit that a number of this size is shown with; whole digits are all shown."""
        size = abs(shown)
        has_prefix = bool(self.si and size and not self._has_digits(size))
        if not self.digits and not has_prefix:
            return 10.0**-self.decimals
        if not size:
            return 0.0
        power = floor(log10(size)) - (self.digits or DIGITS) + 1
        return 10.0 ** (power if has_prefix or size >= LARGEST_PLAIN else min(power, 0))

    @property
    def unit(self) -> str:
        """The text after the number: nothing, a degree sign without a space, or a space and a unit."""
        return _together("", self.symbol)

    def _parts(self, shown: float) -> tuple[str, str]:
        if self.steps:
            return self.steps.number(shown), self.symbol
        if self.si and shown and not self._has_digits(abs(shown)):
            number, symbol = prefixed(shown, self.si, self.digits or DIGITS)
            return localised(number), symbol
        is_significant = self.digits or abs(shown) >= LARGEST_PLAIN
        text = significant(shown, self.digits or DIGITS) if is_significant else fixed(shown, self.decimals)
        return localised(grouped(text)), self.symbol

    def _has_digits(self, size: float) -> bool:
        """Return whether a size needs no prefix."""
        return (1.0 if self.digits else 10.0 ** (1 - self.decimals)) <= size < 1000  # of a prefix

    def bare(self, shown: float) -> str:
        """Format a number that is in this unit already, without its symbol unless that has a prefix."""
        return self._beside(*self._parts(shown))

    def _beside(self, number: str, symbol: str) -> str:
        return number if symbol == self.symbol else f"{number}{NBSP}{symbol}"


def _together(number: str, symbol: str) -> str:
    return f"{number}{NBSP}{symbol}" if symbol and symbol != "°" else number + symbol


# By the code of a choice, then by canonical unit; units that are missing are shown as they are.
_BY_UNIT: Final[dict[str, dict[str, Display]]] = {
    "f": {"Cel": Display(1.8, 32, "°F", 0)},
    "k": {"Cel": Display(1, 273.15, "K", 1)},  # 0 °C = 273.15 K exactly
    "kmh": {"m/s": Display(3.6, 0, "km/h", 0)},
    "mph": {"m/s": Display(1 / 0.44704, 0, "mph", 0)},  # 1 mph = 0.44704 m/s exactly
    "bft": {"m/s": Display(1, 0, "Bft", 1, steps=Steps("m/s", WORDS["beaufort"].edges))},
    "kn": {"m/s": Display(3600 / 1852, 0, "kn", 0)},  # 1 kn = 1852 m/h exactly
    "inhg": {"hPa": Display(1 / 33.8638866667, 0, "inHg", 2)},  # conventional inch of mercury
    "mmhg": {"hPa": Display(1 / 1.33322387415, 0, "mmHg", 1)},  # conventional millimetre of mercury
    "pa": {"hPa": Display(100, 0, "Pa", 0)},
    "in": {  # 1 in = 25.4 mm exactly
        "mm": Display(1 / 25.4, 0, "in", 2),
        "mm/h": Display(1 / 25.4, 0, "in/h", 2),
        "cm": Display(1 / 2.54, 0, "in", 1),
    },
    "mi": {"km": Display(1 / 1.609344, 0, "mi", 0)},  # 1 mi = 1609.344 m exactly
}
# A metre is short for a device's level and long for a visibility.
_BY_NAME: Final[dict[str, dict[str, Display]]] = {
    "km": {"visibility": Display(0.001, 0, "km", 1)},
    "mi": {"visibility": Display(1 / 1609.344, 0, "mi", 1), "cloud_base": Display(1 / 0.3048, 0, "ft", 0)},
}
# Quantities whose sizes range over many powers of ten; a meter's total, which only grows, is read in full.
_OF_ANY_SIZE: Final = frozenset(("power", "current", "voltage", "distance", "level"))


def display(name: str, system: str) -> Display:
    """Return how a quantity of the catalogue is shown to a reader of these units (metric if they are unknown)."""
    return of_states(name) if quantity(name).kind == "boolean" else _of_numbers(name, system)


@lru_cache(maxsize=4096)
def _of_numbers(name: str, system: str) -> Display:
    entry, base = quantity(name), base_and_which(name)[0]
    return _chosen(system)[1].get(base) or of_unit(
        entry.unit, system, decimals=entry.decimals, any_size=base in _OF_ANY_SIZE
    )


@lru_cache(maxsize=1024)
def _chosen(system: str) -> tuple[dict[str, Display], dict[str, Display]]:
    """Return the displays that differ from the canonical units': by unit and by name."""
    chosen = codes(system).values()
    return _merged(_BY_UNIT.get(code, {}) for code in chosen), _merged(_BY_NAME.get(code, {}) for code in chosen)


def _merged(tables: Iterable[dict[str, Display]]) -> dict[str, Display]:
    return {key: shown for table in tables for key, shown in table.items()}


def of_states(name: str) -> Display:
    """Return how a boolean is shown; a number of the same name has no unit."""
    states = states_of(name)
    return Display(1, 0, "", 2, DIGITS, states=words_of(states) if states else None)


def of_unit(unit: str, system: str, *, decimals: int, digits: int = 0, any_size: bool = False) -> Display:
    """Return how numbers in a unit are shown to a reader of these units.

    :param any_size: prefixes of the unit are used.
    """
    found = _chosen(system)[0].get(unit)
    symbol = display_symbol(unit)
    return found or Display(1, 0, symbol, decimals, digits, base_of(symbol) if any_size else None)


def table(displays: Iterable[tuple[str, Display]]) -> dict[str, dict[str, Any]]:
    """Return the displays for the page's data, without what is usual."""
    return {name: row(each) for name, each in displays}


def row(shown: Display) -> dict[str, Any]:
    """Return one display for the page's data."""
    return {key: part for key, part in asdict(shown).items() if part or key in _ALWAYS}


_ALWAYS: Final = ("factor", "offset", "symbol", "decimals")
