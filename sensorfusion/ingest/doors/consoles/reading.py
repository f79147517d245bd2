"""Converts the fields of a weather console to readings: known fields in canonical units, unknown ones under a prefix.

A bad field never invalidates the others, with one exception: a barometer in the wrong unit shows that the whole console
is set to other units.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from sensorfusion.domain.consoles.field import INHG, Field
from sensorfusion.domain.consoles.networks import Family
from sensorfusion.domain.consoles.readers import (
    BETWEEN_INHG_AND_HPA,
    NOT_MEASURED,
    FieldUnits,
    Reader,
    readers,
    soil_reader,
)
from sensorfusion.domain.consoles.wslink import SOIL, connection_of, kind_of
from sensorfusion.domain.normalise import RefusedValue
from sensorfusion.domain.quantities.names import LONGEST, fold
from sensorfusion.domain.rounding import rounded
from sensorfusion.ingest.doors.consoles.time import observed_at
from sensorfusion.ingest.steps.batch import Field as Sourced
from sensorfusion.ingest.steps.batch import Sent
from sensorfusion.sensors.keys.secrets import public_part

Fields = Mapping[str, str]
# Prefix for unknown fields. No quantity begins with it, so an unknown number is never taken for a quantity.
UNKNOWN = "console."
MOST_BARS = 5  # six bars mean that the sensor is powered by cable
MISSING = frozenset((-9999.0, -999.9))

_FLAGS = {"0": False, "1": True, "0.0": False, "1.0": True}
_MILLISECONDS_FROM = 1e11


@dataclass(frozen=True, slots=True)
class Settings:
    """How the fields of one sensor's console are interpreted."""

    units: FieldUnits = "as_named"
    rain_gauge: str = "auto"


def readings_of(given: Fields, twice: Iterable[str], *, family: Family, settings: Settings) -> list[Sent]:
    """Convert the fields of one upload to a reading.

    `twice` names fields that were sent with two different values; they are rejected.
    """
    known = readers(family, settings.units)
    if problem := _wrong_units(given, known, settings.units):
        return [Sent(None, problem=problem)]
    fields = list(_fields(given, known, settings.rain_gauge))
    refused = tuple(RefusedValue(_unknown(name), "conflict", f"{name} was sent with two values") for name in twice)
    at, is_doubtful = observed_at(given.get("dateutc") or given.get("datetime", ""))
    if family == "wslink" and isinstance(at, datetime):
        at = at.replace(tzinfo=None)  # consoles differ in the zone of `datetime`, so what is learned of it counts
    return [Sent({}, at, fields=fields, refused=refused, is_time_doubtful=is_doubtful)]


def _wrong_units(given: Fields, known: Mapping[str, Reader], units: FieldUnits) -> tuple[str, str] | None:
    for name, value in given.items():
        reader = known.get(name)
        if reader is None or reader.field.unit != INHG or not reader.field.quantity.endswith("pressure"):
            continue
        number = _number(value)
        if number is None or number <= 0:
            continue
        if units == "as_named" and number > BETWEEN_INHG_AND_HPA:
            return "wrong_units", f"{name}={value[:16]} is not a pressure in inHg: this console sends metric units."
        if units != "as_named" and number < BETWEEN_INHG_AND_HPA:
            return "wrong_units", f"{name}={value[:16]} is not a pressure in hPa: this console sends °F, mph and inHg."
    return None


def _fields(given: Fields, known: Mapping[str, Reader], rain_gauge: str) -> Iterator[Sourced]:
    for name, text in given.items():
        if _is_missing(text) or _is_disconnected(name, given):
            continue
        reader = (soil_reader(name) if _is_soil(name, given) else None) or known.get(name)
        if reader is not None:
            yield _read(reader, name, text, rain_gauge)
        elif name not in NOT_MEASURED and public_part(text) is None:
            number = _number(text)
            yield Sourced(name, text if number is None else number, _unknown(name), label=_label(name))


def _is_missing(text: str) -> bool:
    return text.strip() in ("", "--", "---") or ("-99" in text and _number(text) in MISSING)


def _is_soil(name: str, given: Fields) -> bool:
    """Return whether a channel of WSLink is a soil probe: its kind is sent beside it."""
    kind = kind_of(name)
    return kind != "" and given.get(kind) == SOIL


def _is_disconnected(name: str, given: Fields) -> bool:
    """Return whether a sensor of WSLink says that it is not connected: its last values may still be sent."""
    connection = connection_of(name)
    return connection not in ("", name) and given.get(connection) == "0"


def _read(reader: Reader, name: str, text: str, rain_gauge: str) -> Sourced:
    field = reader.field
    if field.unit == "V" and text.strip() in ("0", "1"):  # older firmware only reports whether it is low
        low = field.quantity.replace("battery_voltage", "battery_low")
        return Sourced(f"{name} (flag)", text.strip() == "1", low)
    quantity, which, rank = field.quantity, field.which, field.rank
    if quantity.startswith("rain_"):
        quantity, which, rank = _of_gauge(field, rain_gauge)
    return Sourced(name, _value(reader, text), quantity, "", which, rank)


def _of_gauge(field: Field, chosen: str) -> tuple[str, str, int]:
    """Return the quantity of rain, what tells it from that of the other gauge, and its rank.

    Without a choice the tipping bucket is the main gauge where both are seen, and the only gauge is where one is. What
    was decided once stays, whichever of the two a later reading lacks.
    """
    if chosen == "auto":
        return field.quantity, "2" if not field.which else field.which, field.rank + 10 * field.is_piezo
    is_main = field.is_piezo == (chosen == "piezo")
    return (field.quantity if is_main else f"{field.quantity}_2"), field.which, field.rank


def _value(reader: Reader, text: str) -> object:
    if reader.low <= reader.high and (number := _number(text)) is not None:
        value = rounded(reader.convert(number), reader.decimals)
        if reader.low <= value <= reader.high:
            return value
    return _looked_at(reader, text)


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
        case "epoch":
            return _instant(text)
    number = _number(text)
    return number if number is not None and reader.low > reader.high else {"value": text, "unit": reader.unit}


def _instant(text: str) -> object:
    """Return the time of an epoch as text: a chart of it would say nothing. Zero means that it never was."""
    number = _number(text)
    if number is None:
        return text
    try:
        instant = datetime.fromtimestamp(number / (1000 if number >= _MILLISECONDS_FROM else 1), UTC)
    except (OverflowError, OSError, ValueError):
        return text
    return instant.strftime("%Y-%m-%dT%H:%M:%SZ") if number > 0 else None


def _unknown(name: str) -> str:
    return UNKNOWN + fold(name, longest=LONGEST - len(UNKNOWN))


def _label(name: str) -> str:
    """Return the name as the console wrote it, if that is not how it is stored."""
    return "" if _unknown(name) == UNKNOWN + name else name


def _number(text: str) -> float | None:
    """Parse a number; reject what only Python accepts as a numeral, such as underscores."""
    if len(text) > 32 or "_" in text:
        return None
    try:
        number = float(text)
    except ValueError:
        return None
    return number if -1e300 < number < 1e300 else None
