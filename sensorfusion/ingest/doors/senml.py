"""SenML in JSON (RFC 8428), at `/api/v1/senml` and, by its media type, at `/api/v1/readings`.

A record's full name is the base name plus its own, such as `urn:dev:mac:0024befffe804ff1/temp`: the part after the last
colon or slash is the quantity, and for gateways the part before it names the sensor. Without a gateway, that part tells
two sources of one quantity apart. Records of the same sensor and instant form one reading. A record that cannot be read
is rejected by itself; a pack is refused as a whole where RFC 8428 says so: for a later version, and for a field that
must be understood.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from math import isfinite

from sensorfusion.domain.quantities.names import fold
from sensorfusion.domain.repeated import without_repeats
from sensorfusion.ingest.doors.answers import refusal, say
from sensorfusion.ingest.doors.credentials import from_header
from sensorfusion.ingest.doors.description import ANYTHING, About
from sensorfusion.ingest.doors.door import Answer, Ignored, Request
from sensorfusion.ingest.doors.payloads import NAMES
from sensorfusion.ingest.steps.batch import Field, Sent
from sensorfusion.ingest.steps.decoding import NotJson, decode_json
from sensorfusion.ingest.steps.naming import fields_of
from sensorfusion.ingest.steps.receipts import Receipt
from sensorfusion.ingest.steps.refused import RequestRefused
from sensorfusion.ingest.steps.work import check_count

VERSION = 10  # RFC 8428, section 4.4
RELATIVE_BELOW = 2**28  # RFC 8428, section 4.5.3: smaller times are relative to now
LONGEST_NAME = 1_000  # characters, with the base name, which every record repeats
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
    key_may_be_in_body = False
    about = About(
        summary="Send readings as SenML",
        detail="RFC 8428, in JSON. Each name is that of a quantity, after that of the sensor for gateways.",
        keys=("bearer",),
        body={"application/senml+json": {"type": "array", "items": ANYTHING}},
    )

    def credential(self, request: Request) -> str:
        return from_header(request)

    def decode(self, request: Request) -> Sequence[Sent]:
        return decode_senml(request.body)

    def accepted(self, request: Request, receipt: Receipt) -> Answer:
        return say(200, receipt)

    def refused(self, request: Request, refused: RequestRefused) -> Answer:
        return refusal(refused)


class _BadRecord(Exception):
    """The record cannot be read; the message says why."""


@dataclass(slots=True)
class _Base:
    """The base fields in effect, which records take over from those before them.

    An unreadable one is in `bad` until the next one of its label: the records between cannot be read either.
    """

    name: str = ""
    time: float = 0.0
    unit: str = ""
    value: float = 0.0
    sum: float = 0.0
    bad: dict[str, str] = field(default_factory=dict)

    def update(self, record: Mapping[str, object]) -> None:
        for label, name, read in _BASE:
            if label in record:
                self._set(label, name, read, record)
        if self.bad:
            raise _BadRecord(next(iter(self.bad.values())))

    def _set(self, label: str, name: str, read: "_Read", record: Mapping[str, object]) -> None:
        try:
            setattr(self, name, read(record, label))
            self.bad.pop(label, None)
        except _BadRecord as bad:
            self.bad[label] = str(bad)


def decode_senml(body: bytes) -> Sequence[Sent]:
    """Decode a pack of records.

    :raises RequestRefused: unreadable or too_large.
    :raises Ignored: a pack of base fields only.
    """
    try:
        decoded = decode_json(body)
    except NotJson as error:
        raise RequestRefused("unreadable", f"The body is not JSON: {error}.") from None
    if not isinstance(decoded, list):
        raise RequestRefused("unreadable", "A SenML pack is a list of records.")
    check_count(len(decoded))
    readings: dict[tuple[str, object], list[tuple[str, object]]] = {}
    base, bad = _Base(), []
    for number, record in enumerate(decoded):
        try:
            for sensor, at, name, value in _resolved(record, base):
                readings.setdefault((sensor, at), []).append((name, value))
        except _BadRecord as why:
            bad.append(Sent(None, problem=("unreadable", f"record {number}: {why}")))
    if not readings and not bad:
        raise Ignored
    return [*(_reading(sensor, at, pairs) for (sensor, at), pairs in readings.items()), *bad]


def _reading(sensor: str, at: object, pairs: Iterable[tuple[str, object]]) -> Sent:
    fields = [each for name, value in without_repeats(pairs).items() for each in _fields(sensor, name, value)]
    return Sent({}, at, sensor=sensor, fields=fields)


def _fields(sensor: str, name: str, value: object) -> Iterator[Field]:
    """Yield the field of a value; the part of its full name that names the sensor belongs to its identity."""
    for one in fields_of([(name, value)], NAMES):
        if sensor:
            which = re.split("[:/]", sensor)[-1] or one.which
            quantity = one.quantity or fold(name)
            yield one._replace(source=f"{sensor}/{one.source}", quantity=quantity, which=which, also=name)
        else:
            yield one


def _resolved(record: object, base: _Base) -> Iterator[tuple[str, object, str, object]]:
    """Yield each value of a record with its sensor, instant and quantity."""
    if not isinstance(record, dict):
        raise _BadRecord("it is not an object")
    _check_understood(record)
    base.update(record)
    own = _text(record, "n") if "n" in record else ""
    unit = _text(record, "u") if "u" in record else base.unit
    sensor, quantity = _parts(base.name, own, unit)
    at = _instant(base.time + (_number(record, "t") if "t" in record else 0.0))
    label = next((label for label in _VALUES if label in record), None)
    if label == "v" or (label is None and base.value and "s" not in record):
        yield sensor, at, quantity, _with_unit(_sum(base.value, record.get("v", 0.0)), unit)
    elif label:
        yield sensor, at, quantity, record[label]
    if "s" in record:
        yield sensor, at, f"{quantity}.sum", _sum(base.sum, record["s"])


def _check_understood(record: Mapping[str, object]) -> None:
    """Refuse the pack where RFC 8428 (4.4) asks for it."""
    version = record.get("bver", VERSION)
    if not isinstance(version, int | float) or version > VERSION:
        raise RequestRefused("unreadable", f"SenML of a version after {VERSION} is not supported.")
    unknown = next((label for label in record if label.endswith("_")), None)
    if unknown:
        raise RequestRefused(
            "unreadable", f"The field {unknown[:32]!r} must be understood (RFC 8428), but is not supported."
        )


def _parts(base: str, own: str, unit: str) -> tuple[str, str]:
    """Split a record's full name into the sensor's name and the quantity."""
    if len(base) + len(own) > LONGEST_NAME:
        raise _BadRecord(f"its name has more than {LONGEST_NAME:,} characters")
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


def _sum(base: float, value: object) -> object:
    """Add a value to its base; what is no number is left to the checks, which reject it by name."""
    is_number = isinstance(value, int | float) and not isinstance(value, bool) and abs(value) < 1e300
    return base + value if is_number else value  # type: ignore[operator]  # a number by then


def _number(record: Mapping[str, object], label: str) -> float:
    value = record[label]
    if isinstance(value, bool) or not isinstance(value, int | float) or abs(value) > 1e300 or not isfinite(value):
        raise _BadRecord(f"the field {label} must be a number")
    return float(value)


def _text(record: Mapping[str, object], label: str) -> str:
    value = record[label]
    if not isinstance(value, str):
        raise _BadRecord(f"the field {label} must be text")
    return value


_Read = Callable[[Mapping[str, object], str], object]
_BASE: Sequence[tuple[str, str, _Read]] = (
    ("bn", "name", _text),
    ("bt", "time", _number),
    ("bu", "unit", _text),
    ("bv", "value", _number),
    ("bs", "sum", _number),
)
