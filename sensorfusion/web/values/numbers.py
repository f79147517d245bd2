"""Numbers as text: fixed decimals, significant digits, and SI prefixes. `js/words/numbers.js` writes the same.

A real minus (U+2212), five digits and more in groups of three, halves rounded up as in browsers. The text has a decimal
point, as styles, drawings, forms and programs need it; `localised` is the last step of what people read.
"""

from decimal import ROUND_HALF_UP, Context, Decimal
from functools import lru_cache
from typing import Final, NamedTuple

from sensorfusion.domain.texts.translation import language

MINUS: Final = "\u2212"
NBSP: Final = "\u00a0"
PREFIXES: Final = ["f", "p", "n", "µ", "m", "", "k", "M", "G", "T", "P"]  # of 10^-15 to 10^15
SMALLEST_PLAIN: Final = -4  # exponent of the smallest number that is written without a power of ten
LARGEST_PLAIN: Final = 1e15  # from here on a float does not hold every decimal
GROUPED_FROM: Final = 5  # digits
# Symbols that take a prefix. Not the metre's kin by accident: "min" and "mbar" begin with an m as well.
_BASES: Final = frozenset(("A", "V", "W", "VA", "Wh", "Ah", "Hz", "J", "F", "H", "Ω", "T", "Pa", "m", "lm", "Bq", "Sv"))
_DIGITS: Final = Context(prec=400)  # enough for any float
_SEPARATORS: Final = {"de": str.maketrans(",.", ".,")}  # of languages whose numbers are not written as in English
_SUPERSCRIPTS: Final = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")


class Base(NamedTuple):
    """The unit that prefixes are put before, and the power of ten of the unit that numbers are in: kWh is Wh and 3."""

    symbol: str
    exponent: int


def base_of(symbol: str) -> Base | None:
    """Return the base of a unit that takes SI prefixes, or None."""
    if symbol in _BASES:
        return Base(symbol, 0)
    if symbol[1:] in _BASES and symbol[:1] in PREFIXES:
        return Base(symbol[1:], (PREFIXES.index(symbol[:1]) - PREFIXES.index("")) * 3)
    return None


def localised(text: str) -> str:
    """Write the text of a number as the language of the page does: 12,408.5 is 12.408,5 in German."""
    separators = _SEPARATORS.get(language()[:2])
    return text.translate(separators) if separators else text


@lru_cache(maxsize=4096)
def fixed(number: float, decimals: int) -> str:
    """Format a number with fixed decimals; zero has no sign, and halves are rounded up as in browsers."""
    text = f"{Decimal(abs(number)).quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP, _DIGITS):f}"
    return MINUS + text if number < 0 and float(text) else text


def grouped(text: str) -> str:
    """Group the digits before the point by three: 12,408, but 1115 as it is."""
    whole, point, rest = text.removeprefix(MINUS).partition(".")
    if len(whole) < GROUPED_FROM or not whole.isdigit():
        return text
    return f"{MINUS if text.startswith(MINUS) else ''}{int(whole):,}{point}{rest}"


def plain(number: float, digits: int = 12) -> str:
    """Format a number that was typed for a form or an address: its digits without noise, with no power of ten."""
    return f"{Decimal(f'{number:.{digits}g}') + 0:f}"


def significant(number: float, digits: int) -> str:
    """Format with significant digits, without zeros at the end: 21, 0.00006, 1.5 × 10⁻⁷; whole digits are all kept."""
    rounded = _rounded(number, digits)
    exponent = rounded.adjusted() if rounded else 0
    if exponent < SMALLEST_PLAIN or rounded >= LARGEST_PLAIN:
        text = f"{_plain(rounded.scaleb(-exponent))}{NBSP}×{NBSP}10{str(exponent).translate(_SUPERSCRIPTS)}"
    elif exponent >= digits:
        text = fixed(abs(number), 0)
    else:
        text = _plain(rounded)
    return MINUS + text if number < 0 and rounded else text


def prefixed(number: float, base: Base, digits: int) -> tuple[str, str]:
    """Format with significant digits before a unit with the prefix that leaves one to three digits before the point."""
    rounded = _rounded(number, digits)
    most = (len(PREFIXES) - 1) // 2 * 3
    exponent = (rounded.adjusted() + base.exponent) // 3 * 3 if rounded else base.exponent
    if abs(exponent) > most:
        return significant(number, digits), PREFIXES[(base.exponent + most) // 3] + base.symbol
    text = _plain(rounded.scaleb(base.exponent - exponent))
    return MINUS + text if number < 0 and rounded else text, PREFIXES[(exponent + most) // 3] + base.symbol


def _rounded(number: float, digits: int) -> Decimal:
    """Return the size of a number with so many significant digits."""
    return Context(prec=digits, rounding=ROUND_HALF_UP).plus(Decimal(abs(number)))


def _plain(number: Decimal) -> str:
    text = f"{number:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text
