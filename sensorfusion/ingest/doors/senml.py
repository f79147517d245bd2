"""SenML in JSON (RFC 8428), at `/api/v1/senml` and, by its media type, at `/api/v1/readings`.

A record's full name is the base name plus its own, such as `urn:dev:mac:0024befffe804ff1/temp`: the part after the last
colon or slash is the quantity, and for gateways the part before it names the sensor. Without a gateway, that part tells
two sources of one quantity apart. Records of the same sensor and instant form one reading.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from math import isfinite

from sensorfusion.domain.quantities.names import fold
from sensorfusion.ingest.doors.answers import refusal, say
from sensorfusion.ingest.doors.credentials import from_header
from sensorfusion.ingest.doors.door import Answer, Ignored, Request, check_count
from sensorfusion.ingest.doors.payloads import NAMES
from sensorfusion.ingest.steps.batch import Field, Sent
from sensorfusion.ingest.steps.decoding import NotJson, decode_json
from sensorfusion.ingest.steps.naming import fields_of
from sensorfusion.ingest.steps.receipts import Receipt
from sensorfusion.ingest.steps.refused import RequestRefused

VERSION = 10  # RFC 8428, section 4.4
RELATIVE_BELOW = 2**28  # RFC 8428, section 4.5.3: smaller times are relative to now
_FURTHEST_S = 10.0**10  # seconds from now or from 1970; beyond any calendar
_VALUES = ("v", "vs", "vb", "vd")
# RFC 8428, section 12.1: units that are spelled differently here.
UNITS = {"%RH": "%", "%EL": "%", "lon": "deg", "lat": "deg", "/": "1", "count": "1"}
# The quantity of a record without a name of its own.
BY_UNIT = {
    "Cel": "temperature", "K": "temperature", "%RH": "humidity", "Pa": "pressure", "hPa": "pressure",
    "lx": "illuminance", "W/m2": "solar_radiation", "m/s": "wind_speed", "%EL": "battery", "V": "voltage",
    "W": "power", "A": "current", "m": "distance",
}  # fmt: skip


class SenML:
    """The door of SenML packs."""

    methods = ("POST",)

    def credential(self, request: Request) -> str:
        return from_header(request)

    def decode(self, request: Request) -> Sequence[Sent]:
        return decode_senml(request.body)

    def accepted(self, request: Request, receipt: Receipt) -> Answer:
        return say(200, receipt)

    def refused(self, request: Request, refused: RequestRefused) -> Answer:
        return refusal(refused)


@dataclass(slots=True)
class _Base:
    """The base fields in effect, which records take over from those before them."""

    name: str = ""
    time: float = 0.0
    unit: str = ""
    value: float = 0.0
    sum: float = 0.0

    def update(self, record: Mapping[str, object]) -> None:
        self.name = _text(record, "bn", self.name)
        self.time = _number(record, "bt", self.time)
        self.unit = _text(record, "bu", self.unit)
        self.value = _number(record, "bv", self.value)
        self.sum = _number(record, "bs", self.sum)
        if _number(record, "bver", VERSION) > VERSION:
            raise RequestRefused("unreadable", f"SenML of a version after {VERSION} is not supported.")
        unknown = next((label for label in record if label.endswith("_")), None)
        if unknown:
            raise RequestRefused(
                "unreadable", f"The field {unknown[:32]!r} must be understood (RFC 8428), but is not supported."
            )


def decode_senml(body: bytes) -> Sequence[Sent]:
    """Decode a pack of records.

    :raises RequestRefused: unreadable or too_large.
    :raises Ignored: a pack of base fields only.
    """
    try:
        decoded = decode_json(body)
    except NotJson as error:
        raise RequestRefused("unreadable", f"The body is not JSON: {error}.") from None
    if not isinstance(decoded, list) or not all(isinstance(record, dict) for record in decoded):
        raise RequestRefused("unreadable", "A SenML pack is a list of records.")
    check_count(len(decoded))
    readings: dict[tuple[str, object], list[Field]] = {}
    for sensor, at, name, value in _resolved(decoded):
        readings.setdefault((sensor, at), []).extend(_fields(sensor, name, value))
    if not readings:
        raise Ignored
    return [Sent({}, at, sensor=sensor, fields=fields) for (sensor, at), fields in readings.items()]


def _fields(sensor: str, name: str, value: object) -> Iterator[Field]:
    """Yield the field of a value; the part of its full name that names the sensor belongs to its identity."""
    for field in fields_of([(name, value)], NAMES):
        if sensor:
            which = re.split("[:/]", sensor)[-1] or field.which
            quantity = field.quantity or fold(name)
            yield field._replace(source=f"{sensor}/{field.source}", quantity=quantity, which=which, also=name)
        else:
            yield field


def _resolved(records: Sequence[Mapping[str, object]]) -> Iterator[tuple[str, object, str, object]]:
    """Yield each value with its sensor, instant and quantity."""
    base = _Base()
    for record in records:
        base.update(record)
        own, unit = _text(record, "n", ""), _text(record, "u", base.unit)
        sensor, quantity = _parts(base.name, own, unit)
        at = _instant(base.time + _number(record, "t", 0.0))
        label = next((label for label in _VALUES if label in record), None)
        if label == "v" or (label is None and base.value and "s" not in record):
            value: object = base.value + _number(record, "v", 0.0)
            yield sensor, at, quantity, _with_unit(value, unit)
        elif label:
            yield sensor, at, quantity, record[label]
        if "s" in record:
            yield sensor, at, f"{quantity}.sum", base.sum + _number(record, "s", 0.0)


def _parts(base: str, own: str, unit: str) -> tuple[str, str]:
    """Split a record's full name into the sensor's name and the quantity."""
    if not own:
        return base.rstrip(":/"), BY_UNIT.get(unit, "value")
    whole = base + own
    cut = max(whole.rfind(":"), whole.rfind("/"))
    return (whole[:cut], whole[cut + 1 :]) if cut >= 0 else (base, own)


def _instant(time: float) -> object:
    if abs(time) > _FURTHEST_S:
        return time  # later read as milliseconds, or rejected
    return timedelta(seconds=time) if time < RELATIVE_BELOW else time


def _with_unit(value: object, unit: str) -> object:
    unit = UNITS.get(unit, unit)
    return {"value": value, "unit": unit} if unit else value


def _number(record: Mapping[str, object], label: str, default: float) -> float:
    value = record.get(label, default)
    if isinstance(value, bool) or not isinstance(value, int | float) or abs(value) > 1e300 or not isfinite(value):
        raise RequestRefused("unreadable", f"The field {label} of a SenML record must be a number.")
    return float(value)


def _text(record: Mapping[str, object], label: str, default: str) -> str:
    value = record.get(label, default)
    if not isinstance(value, str):
        raise RequestRefused("unreadable", f"The field {label} of a SenML record must be text.")
    return value
