"""Parsers of payloads: JSON objects, single values, and the leaves of nested objects."""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from sensorfusion.domain.encodings import AROUND, decode_text
from sensorfusion.domain.numerals import is_missing
from sensorfusion.ingest.steps.decoding import NotJson, decode_json
from sensorfusion.ingest.steps.refused import RequestRefused

DEEPEST = 4  # levels of nesting that become part of names
LONGEST_NAME = 255  # characters of a name that becomes part of others
_BEGINNING = 64  # bytes, of which blanks and marks of encodings take a few
LONGEST_VALUE = 255  # bytes of a payload that holds a single value
_NOT_IN_NAMES = re.compile(r"[^A-Za-z0-9]+")
_WORDS = re.compile(r"(?<=[a-z])(?=[A-Z][a-z])")  # DewPoint, but neither DS18B20 nor mV


class Leaf(NamedTuple):
    """A value in nested objects, and the names that lead to it. Lists, and what is nested too deeply, stay whole."""

    path: tuple[str, ...]
    value: Any

    @property
    def is_scalar(self) -> bool:
        return not isinstance(self.value, list | dict)

    @property
    def numbers(self) -> Sequence[Any]:
        """Return the elements of a list of scalars, [] for anything else."""
        given = self.value if isinstance(self.value, list) else []
        return given if not any(isinstance(each, list | dict) for each in given) else []


def json_object(payload: bytes) -> dict[str, Any]:
    """Decode a JSON object.

    :raises RequestRefused: unreadable, for anything else.
    """
    decoded = json_value(payload)
    if not isinstance(decoded, dict):
        raise RequestRefused("unreadable", "The payload must be a JSON object.")
    return decoded


def json_value(payload: bytes) -> Any:
    """Decode JSON.

    :raises RequestRefused: unreadable.
    """
    try:
        return decode_json(payload)
    except NotJson as error:
        raise RequestRefused("unreadable", f"The payload is not JSON: {error}.") from None


def is_object(payload: bytes) -> bool:
    """Return whether a payload looks like a JSON object, and not like a single value."""
    return decode_text(payload[:_BEGINNING]).lstrip(AROUND).startswith("{")


def single(payload: bytes) -> str | None:
    """Decode a payload that holds one value; return None if the device reports that it has none.

    :raises RequestRefused: unreadable, for anything but a short text.
    """
    text = decode_text(payload[: LONGEST_VALUE + 1]).strip(AROUND)
    if len(payload) > LONGEST_VALUE:
        raise RequestRefused("unreadable", f"The payload must be one value of at most {LONGEST_VALUE} bytes.")
    if len(text) > 1 and text[0] == text[-1] == '"':  # a text as JSON
        text = text[1:-1]
    return None if is_missing(text, kind="") else text


def number(text: str | None) -> Any:
    """Convert a numeral to a number; return other text unchanged."""
    try:
        return float(text) if text is not None and "_" not in text else text
    except ValueError:
        return text


def leaves(given: Mapping[str, Any], path: tuple[str, ...] = ()) -> Iterator[Leaf]:
    """Yield the values of an object and of nested ones."""
    for name, value in given.items():
        full = (*path, name)
        if isinstance(value, dict) and len(full) < DEEPEST and len(name) <= LONGEST_NAME:
            yield from leaves(value, full)
        else:
            yield Leaf(full, value)


def snake(name: str) -> str:
    """Convert a device's name to the platform's style: DewPoint to dew_point, DS18B20-1 to ds18b20_1."""
    text = _NOT_IN_NAMES.sub("_", _WORDS.sub("_", name)).strip("_").lower()
    return text if text[:1].isalpha() else f"x_{text}"
