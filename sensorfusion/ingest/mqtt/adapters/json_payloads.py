"""Parsers of payloads: JSON objects, single values, and names built from nested objects."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from sensorfusion.domain.encodings import AROUND, decode_text
from sensorfusion.domain.numerals import is_missing
from sensorfusion.ingest.steps.decoding import NotJson, decode_json
from sensorfusion.ingest.steps.refused import RequestRefused

DEEPEST = 4  # levels of nesting that become part of names
LONGEST_VALUE = 255  # bytes of a payload that holds a single value
_NOT_IN_NAMES = re.compile(r"[^A-Za-z0-9]+")
_WORDS = re.compile(r"(?<=[a-z])(?=[A-Z][a-z])")  # DewPoint, but neither DS18B20 nor mV


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


def single(payload: bytes) -> str | None:
    """Decode a payload that holds one value; return None if the device reports that it has none.

    :raises RequestRefused: unreadable, for anything but a short text.
    """
    text = decode_text(payload[: LONGEST_VALUE + 1]).strip(AROUND)
    if len(payload) > LONGEST_VALUE:
        raise RequestRefused("unreadable", f"The payload must be one value of at most {LONGEST_VALUE} bytes.")
    return None if is_missing(text, kind="") else text


def number(text: str | None) -> object:
    """Convert a numeral to a number; return other text unchanged."""
    try:
        return float(text) if text is not None else None
    except ValueError:
        return text


def scalars(given: Mapping[str, Any], prefix: str = "", depth: int = DEEPEST) -> Iterator[tuple[str, Any]]:
    """Yield names and values of an object and of nested ones; skip lists and objects that are nested too deeply."""
    for name, value in given.items():
        full = f"{prefix}_{name}" if prefix else name
        if isinstance(value, dict):
            if depth > 1:
                yield from scalars(value, full, depth - 1)
        elif not isinstance(value, list):
            yield snake(full), value


def snake(name: str) -> str:
    """Convert a device's name to the platform's style: DewPoint to dew_point, DS18B20-1 to ds18b20_1."""
    text = _NOT_IN_NAMES.sub("_", _WORDS.sub("_", name)).strip("_").lower()
    return text if text[:1].isalpha() else f"x_{text}"


def in_unit(value: object, unit: str) -> dict[str, object]:
    return {"value": value, "unit": unit}
