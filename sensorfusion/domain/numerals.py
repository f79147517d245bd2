"""Numbers as people and devices write them in text: with a decimal comma, with their unit, or as a word for none."""

import re
from math import isfinite
from typing import Final, NamedTuple

from sensorfusion.domain.units import MAX_SPELLING, UnknownUnit, unit_of

LONGEST: Final = 64  # characters: longer text is not a measured number
# `5,4` has a decimal comma. Three digits after it may be thousands: 1,013 is 1013 in one country and 1.013 in another.
_WRITTEN = re.compile(
    rf"""\s*+ (?P<number> [-+\u2212]?+ (?:[0-9]++(?>[.,][0-9]*+)?+ | [.,][0-9]++) (?>[eE][-+]?[0-9]++)?+ ) \s*+
         (?>(?P<unit> (?:[^\W\d_]|[°º˚%‰"'′″\ufffd]) .{{0,{MAX_SPELLING - 1}}} ))?+ \Z""",
    re.VERBOSE | re.DOTALL,
)
_THOUSANDS = re.compile(r"[-+\u2212]?[1-9][0-9]{0,2},[0-9]{3}")
_DASHES = re.compile(r"[-\u2010-\u2015.\s]*-[-\u2010-\u2015.\s]*|[\u2010-\u2015]+")
# For no value: NaN of C, Microsoft's C and JavaScript, null of several languages, and states of Home Assistant.
_MISSING: Final = frozenset(
    (
        *("nan", "+nan", "-nan", "nan(ind)", "-nan(ind)", "1.#qnan", "-1.#ind", "1.#ind", "null", "nil", "none"),
        *("undefined", "n/a", "#n/a", "n.a.", "unknown", "unavailable"),
    )
)
# Of a name that may stand for a text, these may be one: Namibia's code, a state.
_MISSING_NUMBERS: Final = _MISSING | {"na", "missing", "no data", "nodata", "not available"}
_MISSING_TEXTS: Final = frozenset(("", "--", "---"))
_INFINITE: Final = frozenset(("inf", "infinity", "1.#inf", "ovf"))


class Ambiguous(ValueError):
    """The text is one number in one country and another in the next; the message says which."""


class Written(NamedTuple):
    """A number and the unit behind it, empty if there is none."""

    number: float
    unit: str


def measured_in(text: str) -> Written | None:
    """Parse a number in text, with its unit if it has one: `21.5 °C`, `43%`, `5,4`; None if it is something else.

    :raises Ambiguous: its comma may part thousands or decimals.
    """
    match = _WRITTEN.match(text) if len(text) <= LONGEST else None
    if match is None:
        return None
    number = match["number"]
    if _THOUSANDS.fullmatch(number):
        raise Ambiguous(f"{number!r} may be {number.replace(',', '')} or {number.replace(',', '.')}: write a point")
    value = float(number.replace(",", ".").replace("\u2212", "-"))
    return Written(value, (match["unit"] or "").rstrip()) if isfinite(value) else None


def number_and_unit(text: str) -> tuple[float, str] | None:
    """Return a number in text and the code of its unit; None unless the unit is known."""
    try:
        written = measured_in(text)
        return (written.number, unit_of(written.unit).code) if written and written.unit else None
    except (Ambiguous, UnknownUnit):
        return None


def is_missing(text: str, *, kind: str) -> bool:
    """Return whether a text stands for a missing value of a quantity of this kind, "" for an unknown one."""
    word = text.strip()
    if kind == "text":
        return word in _MISSING_TEXTS
    if not word or _DASHES.fullmatch(word):
        return True
    return word.lower() in (_MISSING_NUMBERS if kind == "number" else _MISSING)


def is_infinite(text: str) -> bool:
    """Return whether a text is what programs print for infinity, or for a number that is too large for them."""
    return text.strip().lower().lstrip("+-") in _INFINITE
