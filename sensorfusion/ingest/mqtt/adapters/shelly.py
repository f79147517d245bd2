"""Shelly devices from the second generation on: notifications at `<prefix>/events/rpc`, named by their source.

Components are numbered from 0, those of an add-on from 100; the number is the identity. With "generic status update"
enabled, each component also has a topic, `<prefix>/status/switch:0`; the prefix is the device's id unless changed.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from sensorfusion.ingest.mqtt.adapters.adapter import Adapter, Found, Message
from sensorfusion.ingest.mqtt.adapters.fields import found, not_understood, numbered, own_name, unread
from sensorfusion.ingest.mqtt.adapters.json_payloads import Leaf, json_object, json_value, leaves
from sensorfusion.ingest.steps.batch import Field, Note
from sensorfusion.ingest.steps.refused import RequestRefused

_NOTIFICATIONS = frozenset(("NotifyStatus", "NotifyFullStatus"))
_PHASES: Final = {
    f"{phase}_{theirs}": (f"{quantity}:{phase}", unit)
    for theirs, quantity, unit in (
        ("act_power", "power", "W"),
        ("voltage", "voltage", "V"),
        ("current", "current", "A"),
    )
    for phase in ("a", "b", "c")
}
# Quantity and unit of a component's values, by component and path within it.
PARTS = {
    ("temperature", "tC"): ("temperature", "C"),
    ("humidity", "rh"): ("humidity", "%"),
    ("illuminance", "lux"): ("illuminance", "lx"),
    ("devicepower", "battery.percent"): ("battery", "%"),
    ("devicepower", "battery.V"): ("battery_voltage", "V"),
    ("bthomedevice", "battery"): ("battery", "%"),
    ("bthomedevice", "rssi"): ("signal_strength", "dBm"),
    ("blutrv", "battery"): ("battery", "%"),
    ("blutrv", "rssi"): ("signal_strength", "dBm"),
    ("blutrv", "current_C"): ("temperature", "C"),
    ("thermostat", "current_C"): ("temperature", "C"),
    ("voltmeter", "voltage"): ("voltage", "V"),
    ("wifi", "rssi"): ("signal_strength", "dBm"),
    ("sys", "uptime"): ("uptime", "s"),
    **{
        (component, part): meaning
        for component in ("switch", "pm1", "cover", "light", "rgb", "rgbw", "cct")
        for part, meaning in {
            "apower": ("power", "W"),
            "voltage": ("voltage", "V"),
            "current": ("current", "A"),
            "aenergy.total": ("energy", "Wh"),
            "ret_aenergy.total": ("energy:returned", "Wh"),
        }.items()
    },
    **{("em", part): meaning for part, meaning in _PHASES.items()},
    ("em", "total_act_power"): ("power", "W"),
    ("em", "total_current"): ("current", "A"),
    ("em", "n_current"): ("current:n", "A"),
    **{("emdata", f"{phase}_total_act_energy"): (f"energy:{phase}", "Wh") for phase in "abc"},
    **{("emdata", f"{phase}_total_act_ret_energy"): (f"energy:{phase}_returned", "Wh") for phase in "abc"},
    ("emdata", "total_act"): ("energy", "Wh"),
    ("emdata", "total_act_ret"): ("energy:returned", "Wh"),
    ("em1", "act_power"): ("power", "W"),
    ("em1", "voltage"): ("voltage", "V"),
    ("em1", "current"): ("current", "A"),
    ("em1data", "total_act_energy"): ("energy", "Wh"),
    ("em1data", "total_act_ret_energy"): ("energy:returned", "Wh"),
}
# Values that the catalogue does not have, stored under their component's name and their own.
OTHER_PARTS: Final = {
    **dict.fromkeys(("switch", "pm1", "light", "cct", "rgb"), ("output", "brightness", "freq", "pf", "aprtpower")),
    **dict.fromkeys(("rgbw",), ("output", "brightness", "white", "freq", "pf")),
    "cover": ("temperature.tC", "state", "current_pos", "freq", "pf"),
    "input": ("state", "percent", "xpercent", "counts.total", "counts.xtotal", "freq", "xfreq"),
    "flood": ("alarm", "mute"),
    "smoke": ("alarm", "mute"),
    "presence": ("num_objects",),
    "presencezone": ("state", "num_objects"),
    "illuminance": ("illumination",),
    "voltmeter": ("xvoltage",),
    "devicepower": ("external.present",),
    "thermostat": ("target_C", "output"),
    "blutrv": ("target_C", "pos"),
    "em": (
        *(f"{phase}_{part}" for phase in "abc" for part in ("aprt_power", "pf", "freq")),
        "total_aprt_power",
    ),
    "em1": ("aprt_power", "pf", "freq"),
    **dict.fromkeys(("bthomesensor", "number", "boolean", "text", "enum"), ("value",)),
}
_NAMED: Final = {"output": "output", "temperature.tC": "device_temperature"}
_UNITS_OF_OTHERS: Final = {
    "temperature.tC": "°C",
    "aprt_power": "VA",
    "aprtpower": "VA",
    "freq": "Hz",
    "target_C": "°C",
}
# About the device and its connections; a component that only repeats others, or holds no value.
_NOT_MEASURED: Final = frozenset(
    (
        *("ts", "sys", "wifi", "eth", "ble", "bthome", "cloud", "mqtt", "ws", "knx", "matter", "modbus", "script"),
        *("ui", "ht_ui", "plugs_ui", "plusrgbwpm_ui", "wall_display", "zigbee", "schedule", "webhook", "button"),
        *("group", "service"),
    )
)
# Within a component: what repeats a value in another unit or form, settings, and how the value came about.
_NOT_VALUES: Final = frozenset(
    (
        *("id", "tF", "source", "flags", "errors", "timer_started_at", "timer_duration", "last_updated_ts"),
        *("packet_id", "temperature", "aenergy", "ret_aenergy", "counts", "battery", "external", "transition"),
        *("user_calibrated_phase", "pos_control", "last_direction", "move_timeout", "move_started_at"),
        *("target_pos", "current_F", "target_F", "paired", "rpc", "rsv", "schedule_rev", "overrides", "fw_ver"),
        *("connected", "rgb", "ct", "a_errors", "b_errors", "c_errors", "n_errors", "slat_pos"),
    )
)


def read(message: Message) -> Sequence[Found]:
    return _status(message) if message.levels[-2] == "status" else _notification(message)


def _notification(message: Message) -> Sequence[Found]:
    said = json_object(message.payload)
    params, source = said.get("params"), said.get("src")
    method = said.get("method")
    if not isinstance(method, str) or method not in _NOTIFICATIONS:
        return []  # events, such as a pushed button
    if not isinstance(params, dict) or not isinstance(source, str):
        raise RequestRefused("unreadable", "A notification names its source and has params.")
    return _found(source, params, params.get("ts"))


def _status(message: Message) -> Sequence[Found]:
    """Read the topic of one component; others than Shelly's may end like it."""
    said = json_value(message.payload) if ":" in message.levels[-1] else None
    return _found(message.levels[-3], {message.levels[-1]: said}, None) if isinstance(said, dict) else []


def _found(source: str, params: Mapping[str, Any], at: object) -> Sequence[Found]:
    parts = list(_parts(params))
    fields = [each for each in parts if isinstance(each, Field)]
    notes = [each for each in parts if isinstance(each, Note)]
    return [found(f"shelly/{source}", fields, at, notes=notes)] if parts else []


def _parts(params: Mapping[str, Any]) -> Iterator[Field | Note]:
    for name, component in params.items():
        kind, _, place = name.partition(":")
        if isinstance(component, dict) and (kind in OTHER_PARTS or any(of == kind for of, _ in PARTS)):
            yield from _component(name, kind, int(place) if place.isdecimal() else 0, component)
        elif kind not in _NOT_MEASURED:
            yield not_understood(name, component, f"The component {name} is not known")


def _component(name: str, kind: str, place: int, component: Mapping[str, Any]) -> Iterator[Field | Note]:
    for leaf in leaves(component):
        path = ".".join(leaf.path)
        if meaning := PARTS.get((kind, path)):
            yield _field(name, path, place, leaf.value, *meaning)
        elif path in OTHER_PARTS.get(kind, ()):
            yield _other(name, path, place, leaf.value)
        elif not _is_left_out(kind, leaf):
            whole = Leaf((name, *leaf.path), leaf.value)
            yield unread(whole) if not leaf.is_scalar else not_understood(".".join(whole.path), leaf.value)


def _is_left_out(kind: str, leaf: Leaf) -> bool:
    return kind in _NOT_MEASURED or leaf.path[0] in _NOT_VALUES or leaf.value in (None, [])


def _field(name: str, path: str, place: int, value: Any, quantity: str, unit: str) -> Field:
    """Return a value of a component; the platform counts further ones from 2, Shelly from 0 and from 100."""
    base, colon, part = quantity.partition(":")
    number = place % 100 + 1
    further = f"{base}:{part}_{number}" if colon and number > 1 else numbered(quantity, number)
    which = str(place) if name.partition(":")[0] == quantity else name
    return Field(f"{name}.{path}", value, further, unit, which, rank=place)


def _other(name: str, path: str, place: int, value: Any) -> Field:
    """Return a value that the catalogue does not have; virtual ones are known by their number only."""
    kind = name.partition(":")[0]
    if path == "value":
        return Field(f"{name}.{path}", value, own_name(kind, str(place)))
    quantity = _NAMED.get(path) or own_name(kind, *path.split("."))
    return Field(f"{name}.{path}", value, numbered(quantity, place % 100 + 1), _unit(path), name, rank=place)


def _unit(path: str) -> str:
    return next((unit for end, unit in _UNITS_OF_OTHERS.items() if path.endswith(end)), "")


SHELLY = Adapter("shelly", ("+/events/rpc", "+/+/events/rpc", "+/status/+"), read)
