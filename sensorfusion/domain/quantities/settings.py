"""What an owner says of the quantities of a sensor: name, unit, digits, order, colour, whether it is shown, its band.

`{"freezer_temperature": {"label": "Freezer", "unit": "Cel", "decimals": 1, "place": 1, "colour": "s1", "low": -24,
"high": -15}}`. The band is in the unit in which the quantity's values are stored, everything else is of its display.
"""

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, fields
from math import isfinite
from typing import Any, Final, TypeGuard

from sensorfusion.domain.normalise import MAX_QUANTITIES
from sensorfusion.domain.quantities import known_quantity
from sensorfusion.domain.quantities.names import is_allowed
from sensorfusion.domain.quantities.quantity import Quantity
from sensorfusion.domain.refusals import Refusal
from sensorfusion.domain.texts.plain_text import is_plain
from sensorfusion.domain.texts.translation import gettext
from sensorfusion.domain.units import UnknownUnit, WrongUnit, converter, unit_of

COLOURS: Final = (
    *("temp", "dew", "hum", "pres", "wind", "gust", "rain", "sun", "uv", "air"),
    *(f"s{number}" for number in range(1, 9)),
)
LONGEST_LABEL: Final = 60
LONGEST_UNIT: Final = 16
MOST_DECIMALS: Final = 9
MOST_DIGITS: Final = 12
MOST_PLACES: Final = 1000


@dataclass(frozen=True, slots=True, kw_only=True)
class QuantitySettings:
    """One quantity of one sensor. What is empty or None follows the catalogue, the sender and the reader."""

    label: str = ""
    unit: str = ""
    """The unit to show. Of a quantity in no known unit, the unit of its numbers."""
    decimals: int | None = None
    digits: int | None = None
    """Significant digits, in place of decimals."""
    place: int | None = None
    """Its place among the sensor's quantities; those without one follow."""
    colour: str = ""
    hidden: bool = False
    low: float | None = None
    """Lower end of the allowed band."""
    high: float | None = None

    @property
    def has_band(self) -> bool:
        return self.low is not None or self.high is not None

    def allows(self, value: float) -> bool:
        """Return whether a value is inside the band; its ends are."""
        return (self.low is None or value >= self.low) and (self.high is None or value <= self.high)


USUAL: Final = QuantitySettings()
ByQuantity = dict[str, QuantitySettings]
_NAMES: Final = tuple(each.name for each in fields(QuantitySettings))


def read(given: object) -> ByQuantity:
    """Parse the settings of a sensor's quantities; entries that say nothing are left out.

    :raises Refusal: `bad_quantities`, naming the error and the quantity.
    """
    if not isinstance(given, Mapping) or len(given) > MAX_QUANTITIES:
        raise _bad(
            gettext("Give an object of at most {most} quantities and their settings.").format(most=MAX_QUANTITIES)
        )
    found = {str(name): _settings(str(name), each) for name, each in given.items()}
    return {name: each for name, each in found.items() if each != USUAL}


def write(settings: Mapping[str, QuantitySettings]) -> dict[str, dict[str, Any]]:
    """Serialise settings to the format that `read` accepts, without what is usual."""
    return {
        name: {key: value for key, value in asdict(each).items() if value != getattr(USUAL, key)}
        for name, each in settings.items()
        if each != USUAL
    }


def stored(given: object) -> ByQuantity:
    """Return stored settings, which `read` has checked when they were written; what cannot be read is left out."""
    if not isinstance(given, Mapping):
        return {}
    return {
        name: QuantitySettings(**{key: value for key, value in each.items() if key in _NAMES})
        for name, each in given.items()
        if isinstance(each, Mapping)
    }


def in_order(names: Iterable[str], settings: Mapping[str, QuantitySettings]) -> list[str]:
    """Sort names by their places; those without one follow, in the order in which they are given."""
    return sorted(names, key=lambda name: _place(settings.get(name, USUAL).place))


def _place(place: int | None) -> tuple[bool, int]:
    return place is None, place or 0


def _settings(name: str, given: object) -> QuantitySettings:
    if not is_allowed(name):
        raise _bad(gettext("{name} is not a name of a quantity.").format(name=name[:64]))
    if not isinstance(given, Mapping):
        raise _bad(gettext("{name}: give an object of its settings.").format(name=name))
    if unknown := sorted(str(key) for key in given if key not in _NAMES):
        raise _bad(
            gettext("{name}: {unknown} is not a setting; use {known}.").format(
                name=name, unknown=unknown[0][:40], known=", ".join(_NAMES)
            )
        )
    made = QuantitySettings(
        label=_text(name, "label", given.get("label"), LONGEST_LABEL),
        unit=_unit(_text(name, "unit", given.get("unit"), LONGEST_UNIT)),
        decimals=_whole(name, "decimals", given.get("decimals"), 0, MOST_DECIMALS),
        digits=_whole(name, "digits", given.get("digits"), 1, MOST_DIGITS),
        place=_whole(name, "place", given.get("place"), 0, MOST_PLACES),
        colour=_colour(name, given.get("colour")),
        hidden=_flag(name, given.get("hidden")),
        low=_limit(name, "low", given.get("low")),
        high=_limit(name, "high", given.get("high")),
    )
    return _consistent(name, made)


def _consistent(name: str, made: QuantitySettings) -> QuantitySettings:
    known = known_quantity(name)
    if made.unit and known is not None:
        _check_unit(known, made.unit)
    if made.decimals is not None and made.digits is not None:
        raise _bad(gettext("{name}: give decimals or digits, not both.").format(name=name))
    if made.low is not None and made.high is not None and made.low >= made.high:
        raise _bad(gettext("{name}: low must be less than high.").format(name=name))
    return made


def _check_unit(known: Quantity, unit: str) -> None:
    try:
        converter(known.unit, unit)
    except (UnknownUnit, WrongUnit) as wrong:
        raise _bad(
            gettext("{name} is kept in {unit}: {wrong}.").format(
                name=known.name, unit=known.unit or gettext("no unit"), wrong=wrong
            )
        ) from None


def _text(name: str, key: str, given: object, longest: int) -> str:
    if given is None:
        return ""
    if not isinstance(given, str) or len(given.strip()) > longest or not is_plain(given):
        raise _bad(
            gettext("{name}: {key} is one line of at most {longest} characters.").format(
                name=name, key=key, longest=longest
            )
        )
    return given.strip()


def _unit(given: str) -> str:
    """Return the code of a known unit, another one as it is written."""
    try:
        return unit_of(given).code if given else ""
    except UnknownUnit:
        return given


def _whole(name: str, key: str, given: object, least: int, most: int) -> int | None:
    if given is None:
        return None
    if isinstance(given, bool) or not isinstance(given, int) or not least <= given <= most:
        raise _bad(
            gettext("{name}: {key} is a whole number from {least} to {most}.").format(
                name=name, key=key, least=least, most=most
            )
        )
    return given


def _colour(name: str, given: object) -> str:
    if given in (None, ""):
        return ""
    if given not in COLOURS:
        raise _bad(gettext("{name}: colour is one of {known}.").format(name=name, known=", ".join(COLOURS)))
    return str(given)


def _flag(name: str, given: object) -> bool:
    if given is not None and not isinstance(given, bool):
        raise _bad(gettext("{name}: hidden is true or false.").format(name=name))
    return bool(given)


def _limit(name: str, key: str, given: object) -> float | None:
    if given is None:
        return None
    if not _is_finite(given):
        raise _bad(gettext("{name}: {key} is a number.").format(name=name, key=key))
    return float(given)


def _is_finite(given: object) -> TypeGuard[float]:
    return isinstance(given, int | float) and not isinstance(given, bool) and abs(given) < 1e300 and isfinite(given)


def _bad(detail: str) -> Refusal:
    return Refusal("bad_quantities", detail, field="quantities")
