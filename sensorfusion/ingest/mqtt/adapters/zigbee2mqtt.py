"""Zigbee2MQTT: `zigbee2mqtt/<friendly name>`, a JSON object without a time unless `last_seen` is enabled."""

from collections.abc import Sequence
from typing import Any

from sensorfusion.ingest.mqtt.adapters.adapter import Adapter, Found, Message
from sensorfusion.ingest.mqtt.adapters.json_payloads import in_unit, json_object, scalars
from sensorfusion.ingest.steps.batch import Sent

_NOT_DEVICES = frozenset(("bridge",))
_NOT_READINGS = frozenset(("availability", "set", "get"))
_NOT_MEASURED = frozenset(("last_seen", "update", "update_available", "device", "color", "color_options"))
UNITS = {"pressure": "hPa", "illuminance": "lx", "pm25": "ug/m3", "power": "W", "energy": "kWh", "current": "A"}


def read(message: Message) -> Sequence[Found]:
    name = message.levels[1:]
    if not name or name[0] in _NOT_DEVICES or name[-1] in _NOT_READINGS:
        return []
    said = json_object(message.payload)
    values = {
        ours: value
        for theirs, given in said.items()
        if theirs not in _NOT_MEASURED
        for ours, value in _values(theirs, given, is_battery_powered="battery" in said)
    }
    return [Found("/".join(message.levels), [Sent(values, said.get("last_seen"))])] if values else []


def _values(theirs: str, given: Any, *, is_battery_powered: bool) -> list[tuple[str, Any]]:
    if theirs == "voltage":  # millivolts of a battery, volts of a mains plug
        return [("battery_voltage", in_unit(given, "mV"))] if is_battery_powered else [("voltage", given)]
    if theirs == "contact" and isinstance(given, bool):
        return [("door_open", not given)]
    if theirs == "battery_low":
        return [(theirs, given)]
    if theirs in UNITS and isinstance(given, int | float):
        return [(theirs, in_unit(given, UNITS[theirs]))]
    return list(scalars({theirs: given}))


ZIGBEE2MQTT = Adapter("zigbee2mqtt", ("zigbee2mqtt/#",), read)
