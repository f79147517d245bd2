"""ThingsBoard's gateway topic, `v1/gateway/telemetry`: readings of many devices, each by its name.

The topic of single devices, `v1/devices/me/telemetry`, does not identify the device, and a broker does not forward the
publisher's user name. Such devices use the platform's own topic, the HTTP door, or a gateway.
"""

from collections.abc import Sequence
from typing import Any

from sensorfusion.ingest.mqtt.adapters.adapter import Adapter, Found, Message
from sensorfusion.ingest.mqtt.adapters.json_payloads import json_object
from sensorfusion.ingest.steps.batch import Sent
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
    return [Found(device, _readings(given)) for device, given in said.items()]


def _readings(given: Any) -> list[Sent]:
    return [_reading(one) for one in (given if isinstance(given, list) else [given])]


def _reading(one: Any) -> Sent:
    if not isinstance(one, dict):
        return Sent(None, problem=_NOT_A_READING)
    if isinstance(one.get("values"), dict):
        return Sent(one["values"], one.get("ts"))
    return Sent(one)


THINGSBOARD = Adapter("thingsboard", ("v1/gateway/telemetry", "v1/devices/me/telemetry"), read)
