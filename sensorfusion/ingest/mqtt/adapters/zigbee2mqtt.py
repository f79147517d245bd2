"""Zigbee2MQTT: `zigbee2mqtt/<friendly name>`, a JSON object without a time unless `last_seen` is enabled.

With the output `attribute` each value has a topic of its own, `zigbee2mqtt/<friendly name>/<attribute>`. Friendly names
may contain slashes; an object tells that the whole topic is the name, a single value that its last level is not.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from sensorfusion.domain.quantities import known_quantity
from sensorfusion.ingest.mqtt.adapters.adapter import Adapter, Found, Message
from sensorfusion.ingest.mqtt.adapters.fields import found, own_name, unread
from sensorfusion.ingest.mqtt.adapters.json_payloads import (
    is_object,
    json_object,
    leaves,
    number,
    single,
)
from sensorfusion.ingest.steps.batch import Field, Note

_NOT_DEVICES: Final = frozenset(("bridge",))
_NOT_READINGS: Final = frozenset(("availability", "set", "get"))  # with further levels after it too: …/set/brightness
_NOT_MEASURED: Final = frozenset(
    ("last_seen", "update", "update_available", "device", "color", "color_options", "level_config", "elapsed")
)
UNITS = {
    "temperature": "Cel",
    "humidity": "%",
    "pressure": "hPa",
    "illuminance": "lx",
    "soil_moisture": "%",
    "co2": "ppm",
    "pm25": "ug/m3",
    "pm10": "ug/m3",
    "power": "W",
    "energy": "kWh",
    "current": "A",
    "voltage": "V",
    "battery": "%",
}
# Attributes of other names. Zigbee2MQTT 1.x sends illuminance raw beside illuminance_lux, 2.x illuminance in lux.
RENAMED: Final = {
    "illuminance_lux": ("illuminance", "lx"),
    "soil_temperature": ("soil_temperature", "Cel"),
    "local_temperature": ("temperature", "Cel"),
    "produced_energy": ("energy:produced", "kWh"),
    "consumed_energy": ("energy:consumed", "kWh"),
}
_UNITS_OF_OTHERS: Final = {
    "device_temperature": "°C",
    "formaldehyd": "mg/m³",
    "ac_frequency": "Hz",
    "power_apparent": "VA",
    "power_reactive": "var",
}
# Ends of attributes of devices with several endpoints or phases (Zigbee2MQTT, "Multi-endpoint devices").
_ENDPOINT: Final = re.compile(
    r"(?P<name>.+?)_(?P<which>l\d{1,2}|ep\d{1,2}|\d{1,2}|left|right|center|centre|top|bottom|up|down|phase_[abc]|[abc]"
    r"|(?:top|bottom|center)_(?:left|right)|internal|external|probe|main|aux)"
)
_OF_A_BATTERY_V: Final = 1000  # volts: a larger number counts the millivolts of a battery
# What the Zigbee Cluster Library writes for an unknown value: 0x8000 and 0xffff in hundredths.
_UNKNOWN: Final = {("temperature", -327.68), ("humidity", 655.35), ("soil_moisture", 655.35), ("pressure", -3276.8)}


def read(message: Message) -> Sequence[Found]:
    name = message.levels[1:]
    if not name or name[0] in _NOT_DEVICES or not _NOT_READINGS.isdisjoint(name[1:]):
        return []
    if is_object(message.payload):
        return [_of_object("/".join(message.levels), json_object(message.payload))]
    if len(name) < 2:
        return []  # online and offline, as versions before 1.17 say it
    return _of_attribute("/".join(message.levels[:-1]), name[-1], message.payload)


def _of_object(device: str, said: Mapping[str, Any]) -> Found:
    given = {name: value for name, value in said.items() if name not in _NOT_MEASURED}
    if "illuminance_lux" in given:
        given.pop("illuminance", None)
    parts = list(_parts(given))
    fields = [each for each in parts if isinstance(each, Field)]
    return found(device, fields, said.get("last_seen"), notes=[each for each in parts if isinstance(each, Note)])


def _of_attribute(device: str, attribute: str, payload: bytes) -> Sequence[Found]:
    """Return one value; parts of objects have names such as color-x and update-state."""
    if attribute in _NOT_MEASURED or attribute.partition("-")[0] in _NOT_MEASURED:
        return []
    said = single(payload)
    if said is None:
        return []
    value: Any = {"true": True, "false": False}.get(said, number(said))
    return [found(device, [_field(attribute, value)])]


def _parts(given: Mapping[str, Any]) -> Iterator[Field | Note]:
    for leaf in leaves(given):
        if leaf.is_scalar:
            yield _field("_".join(leaf.path), leaf.value)
        elif leaf.value:
            yield unread(leaf)


def _field(theirs: str, value: Any) -> Field:
    """Return the field of an attribute; those of endpoints are told apart by them, whatever else a message holds."""
    if theirs in ("voltage", "battery_voltage"):
        return _voltage(theirs, value)
    if theirs == "contact" and isinstance(value, bool):
        return Field(theirs, not value, "door_open")
    parts = _ENDPOINT.fullmatch(theirs)
    plain, which = (parts["name"], parts["which"]) if parts and _measured(parts["name"]) else (theirs, "")
    quantity, unit = _measured(plain) or (own_name(plain), _UNITS_OF_OTHERS.get(plain, ""))
    if (quantity, value) in _UNKNOWN:
        value = None
    if not which:
        return Field(theirs, value, quantity, unit, _which(theirs), rank=theirs != quantity)
    further = f"{quantity}_{which}" if known_quantity(f"{quantity}_{which}") else f"{quantity}:{which}"
    return Field(theirs, value, further, unit, which)


def _measured(theirs: str) -> tuple[str, str] | None:
    """Return the quantity and the unit of an attribute that has both."""
    known = known_quantity(theirs)
    if theirs in RENAMED:
        return RENAMED[theirs]
    return (known.name if known else theirs, UNITS.get(theirs, "")) if known or theirs in UNITS else None


def _which(theirs: str) -> str:
    """Return what tells an attribute apart, if its quantity has another source already."""
    return {"illuminance": "reported", "illuminance_lux": "lux"}.get(theirs, theirs)


def _voltage(theirs: str, value: Any) -> Field:
    """Return volts of a mains plug, or millivolts of a battery; only the number says which it is."""
    if isinstance(value, int | float) and value >= _OF_A_BATTERY_V:
        return Field(theirs, value, "battery_voltage", "mV", theirs)
    return Field(theirs, value, theirs, "V", theirs)


ZIGBEE2MQTT = Adapter("zigbee2mqtt", ("zigbee2mqtt/#",), read)
