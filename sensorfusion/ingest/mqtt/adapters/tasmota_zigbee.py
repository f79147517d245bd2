"""Devices behind a Tasmota Zigbee bridge: `{"ZbReceived": {"0x2B6B": {"Device": "0x2B6B", "Temperature": 21.5, …}}}`.

Each is a device of its own, named by its bridge and by its friendly name, or its short address if it has none.
"""

from collections.abc import Iterator, Mapping
from typing import Any, Final

from sensorfusion.ingest.mqtt.adapters.adapter import Found
from sensorfusion.ingest.mqtt.adapters.fields import found, not_understood, own_name, unread
from sensorfusion.ingest.mqtt.adapters.json_payloads import Leaf, leaves
from sensorfusion.ingest.steps.batch import Field, Note

RECEIVED: Final = "ZbReceived"
# By Tasmota's names of Zigbee attributes. Power is the state of a switch, and Illuminance a logarithm (ZCL 4.2.2.2).
ZIGBEE_NAMES: Final = {
    "Temperature": ("temperature", "Cel"),
    "Humidity": ("humidity", "%"),
    "Pressure": ("pressure", "hPa"),
    "SeaPressure": ("sea_level_pressure", "hPa"),
    "BatteryPercentage": ("battery", "%"),
    "BatteryVoltage": ("battery_voltage", "V"),
    "ActivePower": ("power", "W"),
    "RMSVoltage": ("voltage", "V"),
    "RMSCurrent": ("current", "A"),
    "Occupancy": ("occupancy", ""),
}
_OTHER_NAMES: Final = {"Illuminance": "illuminance_raw", "Power": "relay"}
_ABOUT: Final = frozenset(("Device", "Name", "IEEEAddr", "ModelId", "Manufacturer", "Endpoint", "Group", "Cluster"))


def devices(bridge: str, received: Mapping[str, Any], at: object) -> Iterator[Found]:
    """Yield the readings of the devices in a message of a bridge."""
    for key, said in received.items():
        if not isinstance(said, dict):
            yield Found(bridge, notes=[not_understood(f"{RECEIVED}.{key}", said)])
            continue
        device = f"{bridge}/{said.get('Name') or said.get('Device') or key}"
        parts = list(_of(said))
        fields = [each for each in parts if isinstance(each, Field)]
        yield found(device, fields, at, notes=[each for each in parts if isinstance(each, Note)])


def _of(said: Mapping[str, Any]) -> Iterator[Field | Note]:
    for leaf in leaves({name: value for name, value in said.items() if name not in _ABOUT}):
        if leaf.is_scalar:
            yield _field(leaf, said.get("Endpoint"))
        elif leaf.value:
            yield unread(leaf)


def _field(leaf: Leaf, endpoint: object) -> Field:
    """Return an attribute; one of a further endpoint of the device is told apart by it."""
    theirs = ".".join(leaf.path)
    which = "" if endpoint in (None, 1) else f"ep{endpoint}"
    source = f"{which}.{theirs}" if which else theirs
    quantity, unit = ZIGBEE_NAMES.get(theirs, (_OTHER_NAMES.get(theirs) or own_name(*leaf.path), ""))
    return Field(source, leaf.value, quantity, unit, which)
