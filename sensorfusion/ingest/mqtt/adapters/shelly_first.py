"""Shelly devices of the first generation: `shellies/<device id>/…`, one value per message and no time.

The number in a topic counts channels from 0 and is their identity.
"""

from collections.abc import Sequence
from typing import Any, Final

from sensorfusion.ingest.mqtt.adapters.adapter import Adapter, Found, Message
from sensorfusion.ingest.mqtt.adapters.fields import found, numbered, unknown_topic
from sensorfusion.ingest.mqtt.adapters.json_payloads import number, single
from sensorfusion.ingest.steps.batch import Field

# Quantity and unit by the levels of a topic, without the number of the channel (Shelly's API documentation, "MQTT").
FIRST_GENERATION: dict[tuple[str, ...], tuple[str, str]] = {
    ("sensor", "temperature"): ("temperature", "C"),
    ("sensor", "humidity"): ("humidity", "%"),
    ("sensor", "battery"): ("battery", "%"),
    ("sensor", "lux"): ("illuminance", "lx"),
    ("relay", "power"): ("power", "W"),
    ("emeter", "power"): ("power", "W"),
    ("emeter", "voltage"): ("voltage", "V"),
    ("emeter", "current"): ("current", "A"),
    ("emeter", "total"): ("energy", "Wh"),
    ("emeter", "total_returned"): ("energy:returned", "Wh"),
    ("emeter", "energy"): ("energy:recent", "W.min"),  # beside the total in Wh
    ("emeter", "returned_energy"): ("energy:recent_returned", "W.min"),
    ("relay", "energy"): ("energy", "W.min"),
    ("roller", "energy"): ("energy", "W.min"),
    ("light", "energy"): ("energy", "W.min"),
    ("roller", "power"): ("power", "W"),
    ("light", "power"): ("power", "W"),
    ("ext_temperature",): ("temperature", "C"),
    ("ext_humidity",): ("humidity", "%"),
    ("adc",): ("voltage", "V"),
    ("voltage",): ("voltage", "V"),
    ("sensor", "occupancy"): ("occupancy", ""),
    ("sensor", "motion"): ("occupancy", ""),
}
# What the catalogue does not have, by the name under which it is stored, and its unit.
_OTHERS: Final[dict[tuple[str, ...], tuple[str, str]]] = {
    ("temperature",): ("device_temperature", "°C"),
    ("overtemperature",): ("overtemperature", ""),
    ("temperature_status",): ("temperature_status", ""),
    ("emeter", "pf"): ("power_factor", ""),
    ("emeter", "reactive_power"): ("reactive_power", "var"),
    ("relay", "overpower_value"): ("overpower", "W"),
    ("relay",): ("relay", ""),
    ("input",): ("input", ""),
    ("longpush",): ("longpush", ""),
    ("ext_switch",): ("ext_switch", ""),
    ("roller",): ("roller", ""),
    ("roller", "pos"): ("roller_position", "%"),
    ("light",): ("light", ""),
    ("white",): ("white", ""),
    ("color",): ("colour", ""),
    **{
        ("sensor", part): (part, "")
        for part in (
            "flood",
            "smoke",
            "gas",
            "vibration",
            "state",
            "illumination",
            "charger",
            "ext_power",
            "mute",
            "error",
        )
    },
    ("sensor", "tilt"): ("tilt", "°"),
    ("sensor", "concentration"): ("gas_concentration", "ppm"),
    ("sensor", "self_test"): ("self_test", ""),
}
# Commands, what repeats a value in another form, and what is about the device.
_NOT_READINGS: Final = frozenset(
    (
        *("command", "announce", "online", "info", "status", "set", "temperature_f", "ext_temperature_f"),
        *("ext_temperatures", "ext_humidities", "input_event", "act_reasons", "settings"),
        *("stop_reason", "actuator_rate"),
    )
)
_NO_PROBE_C: Final = 999  # written while no probe is connected


def read(message: Message) -> Sequence[Found]:
    path = message.levels[2:]
    if not path or not _NOT_READINGS.isdisjoint(path):
        return []
    device = f"shelly/{message.levels[1]}"
    parts = tuple(level for level in path if not level.isdecimal())
    place = next((int(level) for level in path if level.isdecimal()), 0)
    meaning = FIRST_GENERATION.get(parts) or _OTHERS.get(parts)
    if meaning is None:
        return [Found(device, notes=[unknown_topic("/".join(message.levels), "Shelly")])]
    value = _value(parts, single(message.payload))
    if value is None and not message.payload:
        return []  # a retained value that was cleared
    quantity, unit = meaning
    base, colon, part = quantity.partition(":")
    further = f"{base}:{part}_{place + 1}" if colon and place else numbered(quantity, place + 1)
    source = "/".join(path)
    return [found(device, [Field(source, value, further, unit, which=source.replace("/", "_"))], topic=source)]


def _value(parts: tuple[str, ...], said: str | None) -> Any:
    value = number(said)
    is_temperature = parts in (("ext_temperature",), ("sensor", "temperature"))
    return None if is_temperature and value == _NO_PROBE_C else value


SHELLY_FIRST = Adapter("shelly-first", ("shellies/#",), read)
