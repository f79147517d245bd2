"""Shelly devices: `<prefix>/events/rpc` from the second generation on, `shellies/<id>/…` with single values before."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from sensorfusion.ingest.mqtt.adapters.adapter import Adapter, Found, Message
from sensorfusion.ingest.mqtt.adapters.json_payloads import in_unit, json_object, number, single
from sensorfusion.ingest.steps.batch import Sent
from sensorfusion.ingest.steps.refused import RequestRefused

_NOTIFICATIONS = frozenset(("NotifyStatus", "NotifyFullStatus"))
# Quantity and unit of a component's values, by component and path within it.
PARTS = {
    ("temperature", "tC"): ("temperature", "C"),
    ("humidity", "rh"): ("humidity", "%"),
    ("illuminance", "lux"): ("illuminance", "lx"),
    ("devicepower", "battery.percent"): ("battery", "%"),
    ("devicepower", "battery.V"): ("battery_voltage", "V"),
    ("voltmeter", "voltage"): ("voltage", "V"),
    ("wifi", "rssi"): ("signal_strength", "dBm"),
    ("sys", "uptime"): ("uptime", "s"),
    **{
        (component, part): meaning
        for component in ("switch", "pm1", "cover")
        for part, meaning in {
            "apower": ("power", "W"),
            "voltage": ("voltage", "V"),
            "current": ("current", "A"),
            "aenergy.total": ("energy", "Wh"),
        }.items()
    },
}
FIRST_GENERATION = {
    ("sensor", "temperature"): ("temperature", "C"),
    ("sensor", "humidity"): ("humidity", "%"),
    ("sensor", "battery"): ("battery", "%"),
    ("sensor", "lux"): ("illuminance", "lx"),
    ("relay", "power"): ("power", "W"),
    ("emeter", "power"): ("power", "W"),
    ("emeter", "voltage"): ("voltage", "V"),
    ("emeter", "current"): ("current", "A"),
    ("emeter", "total"): ("energy", "Wh"),
}


def read(message: Message) -> Sequence[Found]:
    return _first_generation(message) if message.levels[0] == "shellies" else _notification(message)


def _notification(message: Message) -> Sequence[Found]:
    said = json_object(message.payload)
    params, source = said.get("params"), said.get("src")
    method = said.get("method")
    if not isinstance(method, str) or method not in _NOTIFICATIONS:
        return []
    if not isinstance(params, dict) or not isinstance(source, str):
        raise RequestRefused("unreadable", "A notification names its source and has params.")
    values = dict(_components(params))
    return [Found(f"shelly/{source}", [Sent(values, params.get("ts"))])] if values else []


def _components(params: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    for name, component in params.items():
        kind, _, place = name.partition(":")
        if not isinstance(component, dict):
            continue
        for (of, path), (ours, unit) in PARTS.items():
            if of == kind and (value := _at(component, path)) is not None:
                yield _numbered(ours, place), _in_unit(value, unit)


def _at(component: Mapping[str, Any], path: str) -> Any:
    first, _, rest = path.partition(".")
    value = component.get(first)
    return value if not rest else value.get(rest) if isinstance(value, dict) else None


def _numbered(name: str, place: str) -> str:
    """Append the number of further components; Shelly counts from 0, the platform's names from 2."""
    return name if place in ("", "0") or not place.isdecimal() else f"{name}_{int(place) + 1}"


def _first_generation(message: Message) -> Sequence[Found]:
    _, device, *path = message.levels
    kind, *numbers, part = path if len(path) > 1 else ("", *path)
    meaning = FIRST_GENERATION.get((kind, part))
    if meaning is None:
        return []
    name, unit = meaning
    value = _in_unit(number(single(message.payload)), unit)
    return [Found(f"shelly/{device}", [Sent({_numbered(name, numbers[0] if numbers else ""): value})])]


def _in_unit(value: Any, unit: str) -> dict[str, object]:
    """Add the unit. Energy is converted to kWh here, because further meters (energy_2) are stored unconverted."""
    if unit == "Wh" and isinstance(value, int | float):
        return in_unit(value / 1000, "kWh")
    return in_unit(value, unit)


SHELLY = Adapter(
    "shelly",
    ("+/events/rpc", "shellies/+/sensor/+", "shellies/+/relay/+/power", "shellies/+/emeter/+/+"),
    read,
)
