"""The decoded payload of a device: which fields it has, and at which instants.

Decoders differ by maker. Payloads of SenseCAP and of Cayenne's format have rules of their own; any other is flattened,
and its names are looked up in the vocabulary of devices. A device may send older readings along, each with its time.
"""

from collections.abc import Iterator, Mapping
from typing import Final

from sensorfusion.ingest.doors.lorawan.cayenne import by_channel, meaning_of
from sensorfusion.ingest.doors.lorawan.messages import Measured
from sensorfusion.ingest.doors.lorawan.sensecap import is_sensecap, measurements
from sensorfusion.ingest.doors.payloads import NAMES, device_fields
from sensorfusion.ingest.steps.batch import Field

# Lists of older readings of the same probes, as Milesight's decoders name them among others.
_HISTORIES: Final = frozenset(("history", "datalog", "data_log", "records"))
_TIMES: Final = ("timestamp", "time", "ts")


def measured_in(payload: object) -> Iterator[Measured]:
    """Yield what a decoded payload holds, if it holds anything."""
    for one in payload if isinstance(payload, list) else [payload]:
        if not isinstance(one, dict):
            continue
        if is_sensecap(one):
            yield from measurements(one)
        else:
            yield from _measured(one)


def _measured(payload: Mapping[str, object]) -> Iterator[Measured]:
    rest = dict(payload)
    for name in sorted(_HISTORIES & payload.keys()):
        if _is_history(payload[name]):
            for older in rest.pop(name):  # type: ignore[attr-defined]  # a list, as was just seen
                at = next(older[time] for time in _TIMES if time in older)
                yield Measured(_fields({key: value for key, value in older.items() if key not in _TIMES}), at)
    yield Measured(_fields(rest))


def _is_history(given: object) -> bool:
    return isinstance(given, list) and all(isinstance(one, dict) and any(t in one for t in _TIMES) for one in given)


def _fields(payload: Mapping[str, object]) -> list[Field]:
    return [_of_channel(field) for field in device_fields(dict(by_channel(payload)), NAMES)]


def _of_channel(field: Field) -> Field:
    meaning = meaning_of(field.source)
    return field._replace(quantity=meaning.quantity, unit=meaning.unit, which="") if meaning else field
