"""ThingsBoard's gateway topic, `v1/gateway/telemetry`: readings of many devices, each by its name.

The topic of single devices, `v1/devices/me/telemetry`, does not identify the device, and a broker does not forward the
publisher's user name. Such devices use the platform's own topic, the HTTP door, or a gateway.
"""

from collections.abc import Sequence
from typing import Any

from sensorfusion.ingest.doors.payloads import NAMES, device_fields
from sensorfusion.ingest.mqtt.adapters.adapter import Adapter, Found, Message
from sensorfusion.ingest.mqtt.adapters.json_payloads import json_object
from sensorfusion.ingest.mqtt.adapters.times import device_time
from sensorfusion.ingest.steps.batch import Note, Sent
from sensorfusion.ingest.steps.refused import RequestRefused

_NOT_A_READING = ("not_an_object", 'a reading is an object: {"ts": …, "values": {…}}, or the values alone')


def read(message: Message) -> Sequence[Found]:
    if message.levels[1] == "devices":
        raise RequestRefused(
            "unknown_sensor",
            "v1/devices/me/telemetry does not say which device it is. Publish to sf/v1/<sensor id>/readings or"
            " v1/gateway/telemetry, or send to the HTTP API.",
        )
    said = json_object(message.payload)
    return [_found(device, given) for device, given in said.items()]


def _found(device: str, given: Any) -> Found:
    sent = [_reading(one) for one in (given if isinstance(given, list) else [given])]
    if not sent:
        return Found(
            device, notes=[Note("no_values", "v1/gateway/telemetry", "The gateway sent no readings of this device.")]
        )
    return Found(device, sent)


def _reading(one: Any) -> Sent:
    """Return a reading, named and flattened as at the HTTP door."""
    if not isinstance(one, dict):
        return Sent(None, problem=_NOT_A_READING)
    if isinstance(one.get("values"), dict):
        return Sent({}, device_time(one.get("ts")), fields=device_fields(one["values"], NAMES))
    return Sent({}, fields=device_fields(one, NAMES))


THINGSBOARD = Adapter("thingsboard", ("v1/gateway/telemetry", "v1/devices/me/telemetry"), read)
