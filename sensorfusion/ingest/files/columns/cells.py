"""Reads the text of one cell: numbers with either decimal mark, numbers with a unit, and marks of missing values."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from sensorfusion.domain.units import UnknownUnit, WrongUnit, unit_in_context

EXACT_DIGITS = 15  # digits that a float represents exactly; longer integers are parsed as int
# Marks that programs write for missing values, in any case, in addition to those that every door knows; and any text
# of dashes only, with or without a decimal point.
MISSING: Final = frozenset(("na", "n/a", "#n/a", "n/d", "nan", "null", "none", "nil", "missing"))
_DASHES: Final = re.compile(r"[-–—]+(?:[.,][-–—]+)?\Z")
_BLANK: Final = "'\u2019\u00a0\u202f\u2009 "  # between thousands, besides the other decimal mark
_IN_BLANKS: Final = re.compile(rf"[+-]?\d{{1,3}}(?:[{_BLANK}]\d{{3}})+(?:[.,]\d+)?\Z")
_IN_POINTS: Final = re.compile(r"[+-]?[1-9]\d{0,2}(?:\.\d{3})+(?P<rest>,\d+)?\Z")
_IN_COMMAS: Final = re.compile(r"[+-]?[1-9]\d{0,2}(?:,\d{3})+(?P<rest>\.\d+)?\Z")
_WITH_COMMA: Final = re.compile(r"[+-]?\d*,\d+\Z")
_WITH_POINT: Final = re.compile(r"[+-]?\d*\.\d+\Z")
_WITH_UNIT: Final = re.compile(
    rf"(?P<number>[+-]?(?:\d[\d.,{_BLANK}]*\d|\d|[.,]\d+)(?:[eE][+-]?\d+)?)[.,]?\s*(?P<unit>[^\d\s:/.,;+*_-].{{0,31}})\Z"
)
_TIME: Final = re.compile(
    r"(?:\d{4}[-/.]\d{1,2}[-/.]\d{1,2}|\d{1,2}[-/.]\d{1,2}[-/.]\d{2,4}|\d{1,2}[ -][A-Za-z]{3,9}\.?,?[ -]\d{2,4}"
    r"|[A-Za-z]{3,9}\.? \d{1,2},? \d{4}|\d{1,2}:\d{2}(?::\d{2})?\s?(?:[aApP]\.?(?:[mM]\.?)?)?\Z|\d{8}T\d{4}"
    r"|(?:1[7-9]|20)\d{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])(?:\d{4}|\d{6})?\Z)"
)
_WORDS: Final = frozenset(("on", "off", "true", "false", "yes", "no"))


@dataclass(frozen=True, slots=True)
class Decimals:
    """The decimal mark of a file, "" if its numbers do not show which, and a number that is unclear for that."""

    mark: str
    unclear: str = ""


def is_missing(text: str) -> bool:
    return not text or text.casefold() in MISSING or _DASHES.match(text) is not None


def is_time(text: str) -> bool:
    """Return whether a text looks like a date or a time of day."""
    return _TIME.match(text.strip()) is not None


def is_value(text: str) -> bool:
    """Return whether a text is a value and no name: a number, a time, a mark, yes or no."""
    text = text.strip()
    if is_missing(text) or is_time(text) or text.casefold() in _WORDS:
        return True
    return isinstance(numeral(text, "."), int | float) or isinstance(numeral(text, ","), int | float) or _measured(text)


def numeral(text: str, mark: str) -> float | int | str:
    """Return the number that a text writes with this decimal mark; the other mark may separate thousands."""
    if _IN_BLANKS.match(text):
        text = text.translate(dict.fromkeys(map(ord, _BLANK)))
    if mark == ",":
        if _IN_POINTS.match(text):
            text = text.replace(".", "")
        if _WITH_COMMA.match(text):
            text = text.replace(",", ".")
    elif "," in text and _IN_COMMAS.match(text):
        text = text.replace(",", "")
    return number_in(text)


def number_in(text: str) -> float | int | str:
    """Return the text as a number if it is one, because numerals of an unknown quantity would otherwise stay text."""
    try:
        number = float(text)
        return text if "_" in text else int(text) if len(text) > EXACT_DIGITS and text.lstrip("-").isdigit() else number
    except ValueError:
        return text


def with_unit(text: str, mark: str, *, kept_in: str) -> dict[str, object] | None:
    """Return the number and the unit of a text such as `28.9 °C`, or None if it is no number with something behind."""
    found = _WITH_UNIT.match(text)
    number = numeral(found["number"].strip(), mark) if found else ""
    if found is None or isinstance(number, str):
        return None
    unit = found["unit"].strip()
    try:
        return {"value": number, "unit": unit_in_context(unit, kept_in=kept_in)}
    except (UnknownUnit, WrongUnit):
        return {"value": number, "unit": unit}  # refused by the checks, in words that name the unit


def decimals_of(texts: Iterable[str], *, delimiter: str) -> Decimals:
    """Return the decimal mark of a file from some of its cells."""
    counts = {",": 0, ".": 0}
    unclear = ""
    for text in texts:
        found = _WITH_UNIT.match(text)
        mark, is_unclear = _mark(found["number"].strip() if found else text)
        if mark and not is_unclear:
            counts[mark] += 1
        elif is_unclear and (mark == "," or delimiter == ";"):
            unclear = unclear or text
    if counts[","] != counts["."]:
        return Decimals(max(counts, key=lambda mark: counts[mark]))
    return Decimals("", unclear) if unclear else Decimals(".")


def _mark(text: str) -> tuple[str, bool]:
    """Return the decimal mark that a number shows, and whether it may as well separate thousands."""
    if grouped := _IN_POINTS.match(text):
        return (",", False) if grouped["rest"] or text.count(".") > 1 else (".", True)
    if grouped := _IN_COMMAS.match(text):
        return (".", False) if grouped["rest"] or text.count(",") > 1 else (",", True)
    if _WITH_COMMA.match(text):
        return ",", False
    return (".", False) if _WITH_POINT.match(text) else ("", False)


def _measured(text: str) -> bool:
    """Return whether a text is a number with a unit behind it."""
    found = _WITH_UNIT.match(text)
    if found is None:
        return False
    try:
        unit_in_context(found["unit"], kept_in=found["unit"])
    except (UnknownUnit, WrongUnit):
        return False
    return not isinstance(numeral(found["number"].strip(), "."), str)
