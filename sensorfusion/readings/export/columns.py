"""How readings look in files that leave the platform and come back the same: names of columns, and texts in CSV.

A spreadsheet takes a text that begins with `=`, `+`, `-` or `@` for a formula. Such a text is written with an
apostrophe before it, and so is every one that would come back as something else: a numeral, `true`, `false`, a text
that begins with an apostrophe itself. Reading takes one apostrophe away. Numbers are written as they are.
"""

from typing import Any, Final

from sensorfusion.domain.normalise import MAX_INTEGER

FIRST: Final = ("sensor", "observed_at", "received_at", "seq")
FLAGS: Final = "flags"
MORE: Final = "more"  # only in Parquet: values that their column cannot hold, as JSON
SENSOR: Final = FIRST[0]

_APOSTROPHE: Final = "'"
# The wide forms too, which spreadsheets set to Chinese or Japanese read alike.
_FORMULAS_BEGIN: Final = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
_BOOLEANS: Final = {"true": True, "false": False}


def is_exported(header: list[str]) -> bool:
    """Whether these are the columns of a file that the platform wrote."""
    end = header[-2:] if header[-1:] == [MORE] else header[-1:]
    return tuple(header[:4]) == FIRST and end[:1] == [FLAGS]


def plain(value: Any) -> Any:
    """Return a stored value as the checks take it back.

    A float of more than 18 digits before the point was stored as such digits, and reads as a whole number.
    """
    return float(value) if type(value) is int and not -MAX_INTEGER <= value <= MAX_INTEGER else value


def cell(value: Any) -> Any:
    """Return what stands in a CSV for a value; None for none."""
    if isinstance(value, str):
        return guarded(value)
    if isinstance(value, bool):
        return "true" if value else "false"
    return plain(value)


def guarded(text: str) -> str:
    """Write a text so that no spreadsheet takes it for a formula, and no reader for a number."""
    is_risky = text.startswith(_APOSTROPHE) or text.lstrip().startswith(_FORMULAS_BEGIN)
    return f"{_APOSTROPHE}{text}" if is_risky or text in _BOOLEANS or _is_number(text) or not text else text


def unguarded(text: str) -> str:
    """Return the text that was written."""
    return text.removeprefix(_APOSTROPHE)


def value_in(text: str) -> Any:
    """Return the value that `cell` wrote, of a quantity that may be anything; None for none."""
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
