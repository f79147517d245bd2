"""A fast parser for usual lines of the line protocol: numbers and flags, without quotes and escapes.

Nothing else is parsed here: `points` has the whole grammar, and gets every line that is in any way unusual. For
what is parsed here both give the same result.
"""

from collections.abc import Mapping
from functools import lru_cache
from types import MappingProxyType
from typing import Final, NamedTuple

Value = float | int | bool

MOST_FIELDS: Final = 500
LONGEST_KEY: Final = 200  # characters of measurement and tags: longer ones are not remembered
_REMEMBERED: Final = 2_048  # series; devices send the same ones again and again
_NUMERAL: Final = "-0123456789."  # of these characters alone, `float` reads no more than the line protocol does
_DIGITS: Final = "-0123456789"
_LONGEST_NUMBER: Final = 64
_FLAGS: Final = {
    **dict.fromkeys(("t", "T", "true", "True", "TRUE"), True),
    **dict.fromkeys(("f", "F", "false", "False", "FALSE"), False),
}


class Series(NamedTuple):
    """The parts of a key."""

    measurement: str
    tags: Mapping[str, str]


class Plain(NamedTuple):
    """The parts of a line."""

    key: str
    series: Series
    fields: dict[str, Value]
    timestamp: int | None


def plain_line(line: str) -> Plain | None:
    """Parse one line without its end; return None if it is not a usual one."""
    if '"' in line or "\\" in line:
        return None
    key, _, rest = line.partition(" ")
    written, _, stamp = rest.partition(" ")
    if not stamp:
        timestamp = None
    elif len(stamp) < 20 and stamp.isascii() and stamp.isdigit():
        timestamp = int(stamp)
    else:
        return None
    series = _series(key) if len(key) <= LONGEST_KEY else None
    fields = _fields(written)
    return Plain(key, series, fields, timestamp) if series and fields else None


@lru_cache(maxsize=_REMEMBERED)
def _series(key: str) -> Series | None:
    """Split a key; one that begins with a blank or may be a comment is not usual."""
    measurement, *pairs = key.split(",")
    if not measurement[:1].isalnum():
        return None
    tags: dict[str, str] = {}
    for pair in pairs:
        name, equals, value = pair.partition("=")
        if not equals or not name or name in tags:
            return None
        tags[name] = value
    return Series(measurement, MappingProxyType(tags))


def _fields(written: str) -> dict[str, Value] | None:
    pairs = written.split(",")
    fields: dict[str, Value] = {}
    for pair in pairs:
        name, _, text = pair.partition("=")
        value = _value(text)
        if value is None or not name:
            return None
        fields[name] = value
    return fields if len(fields) == len(pairs) <= MOST_FIELDS else None


def _value(text: str) -> Value | None:
    if not text.strip(_NUMERAL) and len(text) <= _LONGEST_NUMBER:
        try:
            return float(text)
        except ValueError:  # such as 1.2.3
            return None
    if text[-1:] in "iu" and 1 < len(text) <= 20 and not text[:-1].strip(_DIGITS):
        try:
            return int(text[:-1])
        except ValueError:
            return None
    return _FLAGS.get(text)
