"""JSON decoding for input from devices: bad input of any kind raises `NotJson`, and too much of it `RequestRefused`.

Valid JSON is decoded by msgspec. Only what it refuses is decoded again leniently (`lenient_json`), and so is an object
that has a name twice: msgspec would keep the last value without a word.
"""

from typing import Any

import msgspec

from sensorfusion.ingest.steps.lenient_json import NotMendable, decode_leniently
from sensorfusion.ingest.steps.work import check_elements

_decode: Any = msgspec.json.Decoder().decode
_NESTED = frozenset((dict, list))


class NotJson(Exception):
    """The text is not readable JSON; the message says where and why."""


def decode_json(text: bytes) -> Any:
    """Decode one JSON value. Numbers may be infinite, and values `Repeated`; the checks of values reject both.

    :raises NotJson: the text is not JSON, or is nested too deeply.
    :raises RequestRefused: too_large, before anything is decoded.
    """
    check_elements(text)
    try:
        decoded = _decode(text)
        if type(decoded) in _NESTED and _unfound(decoded, _names(text)) > 0:
            return decode_leniently(text)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        return _leniently(text, str(error))
    except RecursionError:
        raise NotJson("it is nested too deeply") from None
    return decoded


def is_json_line(line: bytes) -> bool:
    """Return whether a line by itself is an object or a list: then the lines after it are further values."""
    try:
        return isinstance(decode_json(line), dict | list)
    except NotJson:
        return False


def _leniently(text: bytes, strictly: str) -> Any:
    try:
        return decode_leniently(text)
    except NotMendable:
        raise NotJson(strictly) from None


def _names(text: bytes) -> int:
    """Count the names in a text; in strings, something may look like one. A program puts the same blank after each."""
    return text.count(b'":') + (text.count(b'" :') if b'" :' in text[:100] else 0)


def _unfound(given: Any, names: int) -> int:
    """Return how many of `names` names in a text are missing from its decoded value: then an object had one twice.

    A search ends when all names are found, mostly before it looks at single values.
    """
    if type(given) is list:
        return _unfound_in_list(given, names)
    names -= len(given)
    if names > 0:
        for each in given.values():
            if type(each) in _NESTED:
                names = _unfound(each, names)
    return names


def _unfound_in_list(level: list[Any], names: int) -> int:
    """Search a list level by level, which is twice as fast as one element after the other for a batch."""
    while level and names > 0:
        objects = [each for each in level if type(each) is dict]
        lists = [each for each in level if type(each) is list] if len(objects) < len(level) else ()
        names -= sum(map(len, objects))
        if names > 0:
            level = [inner for each in objects for inner in each.values() if type(inner) in _NESTED]
            level += [inner for each in lists for inner in each if type(inner) in _NESTED]
    return names
