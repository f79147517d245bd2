"""Columns of export files, and the encoding of text in CSV, so that importing them restores the same values.

Spreadsheets interpret text that begins with `=`, `+`, `-` or `@` as a formula. Such text is prefixed with an
apostrophe, and so is text that would be read as another type: a numeral, `true`, `false`, and text that itself begins
with an apostrophe. Importing removes one apostrophe. Numbers are written as they are.
"""

from typing import Any, Final

from sensorfusion.domain.normalise import MAX_INTEGER

FIRST: Final = ("sensor", "observed_at", "received_at", "seq")
FLAGS: Final = "flags"
MORE: Final = "more"  # only in Parquet: values that do not fit the type of their column, as JSON
SENSOR: Final = FIRST[0]

_APOSTROPHE: Final = "'"
# Including the full-width forms, which spreadsheets set to Chinese or Japanese treat alike.
_FORMULAS_BEGIN: Final = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
_BOOLEANS: Final = {"true": True, "false": False}


def is_exported(header: list[str]) -> bool:
    """Return whether these are the columns of a file that the platform wrote."""
    end = header[-2:] if header[-1:] == [MORE] else header[-1:]
    return tuple(header[:4]) == FIRST and end[:1] == [FLAGS]


def plain(value: Any) -> Any:
    """Return a stored value as the import's checks accept it.

    PostgreSQL stores a float of more than 18 integer digits as those digits, which decode as an integer.
    """
    return float(value) if type(value) is int and not -MAX_INTEGER <= value <= MAX_INTEGER else value


def cell(value: Any) -> Any:
    """Return the CSV cell of a value; None if there is none."""
    if isinstance(value, str):
        return guarded(value)
    if isinstance(value, bool):
        return "true" if value else "false"
    return plain(value)


def guarded(text: str) -> str:
    """Encode text so that spreadsheets do not read it as a formula, and importers not as a number."""
    is_risky = text.startswith(_APOSTROPHE) or text.lstrip().startswith(_FORMULAS_BEGIN)
    return f"{_APOSTROPHE}{text}" if is_risky or text in _BOOLEANS or _is_number(text) or not text else text


def unguarded(text: str) -> str:
    """Decode text that `guarded` encoded."""
    return text.removeprefix(_APOSTROPHE)


def value_in(text: str) -> Any:
    """Decode a cell that `cell` encoded, of any type; None if it is empty."""
    if not text:
        return None
    if text.startswith(_APOSTROPHE):
        return text[1:]
    if text in _BOOLEANS:
        return _BOOLEANS[text]
    if not _is_number(text):
        return text
    return int(text) if text.lstrip("-").isdigit() else float(text)


def _is_number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return True
