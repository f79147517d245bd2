"""How the quantities of one sensor are shown: its owner's settings, then what its device says, then the catalogue."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from math import log10, trunc
from typing import Final

from sensorfusion.domain.quantities import known_quantity
from sensorfusion.domain.quantities.likeness import is_count, likeness
from sensorfusion.domain.quantities.settings import USUAL, QuantitySettings
from sensorfusion.domain.quantities.states import states_of
from sensorfusion.domain.units import UnknownUnit, WrongUnit, conversion, display_symbol, unit_of
from sensorfusion.web.looks import Hue, Looks, looks
from sensorfusion.web.values.display import DIGITS, Display, display, of_states, of_unit
from sensorfusion.web.values.numbers import base_of

_DECIMALS_OF_UNIT: Final = {"temperature": 1}  # of numbers that nothing but their unit is known of


@dataclass(frozen=True, slots=True)
class Presentation:
    """`labels` and `units` are the device's words for quantities; `settings` the owner's."""

    labels: Mapping[str, str] = field(default_factory=dict)
    units: Mapping[str, str] = field(default_factory=dict)
    settings: Mapping[str, QuantitySettings] = field(default_factory=dict)

    def is_own(self, name: str) -> bool:
        """Return whether a quantity may be shown otherwise than the catalogue says."""
        return name in self.settings or name in self.units

    def settings_of(self, name: str) -> QuantitySettings:
        return self.settings.get(name, USUAL)

    def label(self, name: str) -> str:
        """Return what people call a quantity, empty if they gave it no name."""
        return self.settings_of(name).label or self.labels.get(name, "")

    def looks(self, name: str) -> Looks:
        found, colour = looks(name, self.label(name)), self.settings_of(name).colour
        return Looks(found.label, found.short, _hue(colour)) if colour else found

    def unit(self, name: str) -> str:
        """Return the unit that stored values are in: a UCUM code, or what the sender wrote; empty if none is known."""
        known = known_quantity(name)
        if known is not None:
            return known.unit
        like = likeness(name)
        return self.units.get(name) or (like.unit if like else self.settings_of(name).unit)

    def display(self, name: str, system: str) -> Display:
        """Return how the values of a quantity are shown in a unit system; a unit that was chosen is stronger."""
        chosen = self.settings_of(name)
        system = "metric" if chosen.unit else system
        shown = display(name, system) if known_quantity(name) else self._of_own(name, system)
        if chosen.unit:
            shown = _in_unit(shown, self.unit(name), chosen.unit)
        if chosen.decimals is not None:
            return replace(shown, decimals=chosen.decimals, digits=0, si=None)
        if chosen.digits is not None:
            takes_prefix = shown.factor == 1
            return replace(shown, digits=chosen.digits, si=base_of(shown.symbol) if takes_prefix else None)
        return shown

    def limits_note(self, names: Iterable[str], system: str) -> str:
        """Say why the limits of some quantities are not typed in the unit that the reader chose, if that is so."""
        return next((note for name in names if (note := self.display(name, system).limits_note)), "")

    def _of_own(self, name: str, system: str) -> Display:
        """Return the display of a quantity that is not in the catalogue."""
        unit, like = self.unit(name), likeness(name)
        if like and unit == like.entry.unit:
            return display(like.entry.name, system)
        if not unit and is_count(name):
            return Display(1, 0, "", 0)
        if not unit and states_of(name):
            return of_states(name)
        decimals = _DECIMALS_OF_UNIT.get(_dimension(unit))
        if decimals is not None:
            return of_unit(unit, system, decimals=decimals)
        return of_unit(unit, system, decimals=2, digits=DIGITS, any_size=True)


AS_USUAL: Final = Presentation()


def _in_unit(shown: Display, stored: str, wanted: str) -> Display:
    """Return the display in another unit; a unit that numbers cannot be converted to says what they are in."""
    try:
        factor, offset = conversion(stored, wanted)
    except (UnknownUnit, WrongUnit):
        symbol = display_symbol(wanted)
        return Display(1, 0, symbol, shown.decimals, shown.digits, base_of(symbol) if shown.digits else None)
    symbol = unit_of(wanted).symbol
    decimals = max(0, shown.decimals - trunc(log10(factor)))
    # A unit that numbers are converted to was chosen for its size: 0.5 kW is not 500 W then.
    takes_prefix = shown.si and factor == 1
    return Display(factor, offset, symbol, decimals, shown.digits, base_of(symbol) if takes_prefix else None)


def _dimension(unit: str) -> str:
    try:
        return unit_of(unit).dimension
    except UnknownUnit:
        return ""


def _hue(colour: str) -> Hue:
    return colour  # type: ignore[return-value]  # `domain.quantities.settings.COLOURS` are the hues
