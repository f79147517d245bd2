"""Converts the fields of a weather console to readings: known fields in canonical units, unknown ones under a prefix.

A bad field never invalidates the others, with one exception: a barometer in the wrong unit shows that the whole console
is set to other units.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from sensorfusion.domain.console_fields import (
    BETWEEN_INHG_AND_HPA,
    INHG,
    NOT_MEASURED,
    Family,
    Field,
    FieldUnits,
    Reader,
    readers,
    second_gauge,
)
from sensorfusion.domain.normalise import RefusedValue
from sensorfusion.ingest.doors.consoles.time import observed_at
from sensorfusion.ingest.steps.batch import Sent
from sensorfusion.sensors.keys.secrets import public_part

Fields = Mapping[str, str]
# Prefix for unknown fields. No quantity begins with it, so an unknown number is never taken for a quantity.
UNKNOWN = "console."
LONGEST_NAME = 48
MOST_BARS = 5  # six bars mean that the sensor is powered by cable

_NOT_IN_NAMES = re.compile(r"[^a-z0-9_.:-]")
_FLAGS = {"0": False, "1": True, "0.0": False, "1.0": True}


@dataclass(frozen=True, slots=True)
class Settings:
    """How the fields of one sensor's console are interpreted."""

    units: FieldUnits = "as_named"
    rain_gauge: str = "auto"


@dataclass(slots=True)
class _Found:
    values: dict[str, object] = field(default_factory=dict)
    refused: list[RefusedValue] = field(default_factory=list)


def readings_of(given: Fields, twice: Iterable[str], *, family: Family, settings: Settings) -> list[Sent]:
    """Convert the fields of one upload to a reading.

    `twice` names fields that were sent with two different values; they are rejected.
    """
    known = readers(family, settings.units)
    if problem := _wrong_units(given, known, settings.units):
        return [Sent(None, problem=problem)]
    found = _values(given, known, _piezo_counts(given, known, settings.rain_gauge))
    for name in twice:
        found.refused.append(RefusedValue(_clean(name), "conflict", f"{_clean(name)} was sent with two values"))
    at, is_doubtful = observed_at(given.get("dateutc", ""))
    return [Sent(found.values, at, refused=tuple(found.refused), is_time_doubtful=is_doubtful)]


def _wrong_units(given: Fields, known: Mapping[str, Reader], units: FieldUnits) -> tuple[str, str] | None:
    for name, value in given.items():
        reader = known.get(name)
        if reader is None or reader.field.unit != INHG:
            continue
        number = _number(value)
        if number is None or number <= 0:
            continue
        if units == "as_named" and number > BETWEEN_INHG_AND_HPA:
            return "wrong_units", f"{name}={value[:16]} is not a pressure in inHg: this console sends metric units."
        if units != "as_named" and number < BETWEEN_INHG_AND_HPA:
            return "wrong_units", f"{name}={value[:16]} is not a pressure in hPa: this console sends °F, mph and inHg."
    return None


def _piezo_counts(given: Fields, known: Mapping[str, Reader], chosen: str) -> bool:
    if chosen != "auto":
        return chosen == "piezo"
    return not any(name in known and _is_tipping(known[name].field) and given[name].strip() for name in given)


def _is_tipping(each: Field) -> bool:
    return each.quantity.startswith("rain_") and not each.is_piezo


def _values(given: Fields, known: Mapping[str, Reader], piezo_counts: bool) -> _Found:
    found = _Found()
    for name, text in given.items():
        reader = known.get(name)
        if reader is not None:
            _read(found, reader, name, text, piezo_counts)
        elif name not in NOT_MEASURED and public_part(text) is None:
            _keep(found, name, text)
    return found


def _read(found: _Found, reader: Reader, name: str, text: str, piezo_counts: bool) -> None:
    quantity = reader.field.quantity
    if quantity.startswith("rain_") and reader.field.is_piezo != piezo_counts:
        quantity = second_gauge(reader.field).quantity
    if reader.field.unit == "V" and text.strip() in ("0", "1"):  # older firmware only reports whether it is low
        found.values[quantity.replace("battery_voltage", "battery_low")] = text.strip() == "1"
        return
    if quantity in found.values:
        found.refused.append(
            RefusedValue(name, "bad_name", f"{name} stands for {quantity}, which this reading already has")
        )
        return
    if reader.low <= reader.high and (number := _number(text)) is not None:
        value = round(reader.convert(number), reader.decimals)
        if reader.low <= value <= reader.high:
            found.values[quantity] = value
            return
    found.values[quantity] = _looked_at(reader, text)


def _looked_at(reader: Reader, text: str) -> object:
    """Return a value that is not a plain number, with its unit, for the checks that all values pass."""
    match reader.field.kind:
        case "is_low" | "yes_no":
            return _FLAGS.get(text.strip(), text)
        case "is_ok":
            flag = _FLAGS.get(text.strip())
            return text if flag is None else not flag
        case "bars":
            number = _number(text)
            return text if number is None or number < 0 else min(number, MOST_BARS) * 100 / MOST_BARS
        case "text":
            return text
    number = _number(text)
    return number if number is not None and reader.low > reader.high else {"value": text, "unit": reader.unit}


def _keep(found: _Found, name: str, text: str) -> None:
    cleaned = _clean(name)
    if cleaned in found.values:
        found.refused.append(RefusedValue(cleaned, "bad_name", f"{cleaned} is the name of two fields"))
        return
    number = _number(text)
    found.values[cleaned] = text if number is None else number


def _clean(name: str) -> str:
    return UNKNOWN + (_NOT_IN_NAMES.sub("_", name)[:LONGEST_NAME] or "unnamed")


def _number(text: str) -> float | None:
    """Parse a number; reject what only Python accepts as a numeral, such as underscores."""
    if len(text) > 32 or "_" in text:
        return None
    try:
        number = float(text)
    except ValueError:
        return None
    return number if -1e300 < number < 1e300 else None
