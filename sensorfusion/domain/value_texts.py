"""Splits a text such as `21.5 °C` into its number and its unit, as decoders of some devices send values."""

import re

from sensorfusion.domain.units import MAX_SPELLING, UnknownUnit, unit_of

_LONGEST_NUMBER = 32  # characters
_SHAPE = re.compile(r"\s*([-+\u2212]?\d{1,20}(?:\.\d{0,12})?)\s*([^\d\s.,:;/-][^\d]{0,30}\d?)\s*\Z")


def number_and_unit(text: str) -> tuple[float, str] | None:
    """Return the number and the code of its unit; None unless the text is a number followed by a known unit."""
    match = _SHAPE.match(text) if len(text) <= _LONGEST_NUMBER + MAX_SPELLING else None
    if match is None:
        return None
    try:
        return float(match[1].replace("\u2212", "-")), unit_of(match[2].strip()).code
    except UnknownUnit:
        return None
