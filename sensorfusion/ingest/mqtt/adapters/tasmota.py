"""Tasmota: `tele/<topic>/SENSOR` with a block per chip, and `tele/<topic>/STATE` about the device itself."""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from sensorfusion.ingest.mqtt.adapters.adapter import Adapter, Found, Message
from sensorfusion.ingest.mqtt.adapters.json_payloads import json_object, scalars, snake
from sensorfusion.ingest.mqtt.adapters.times import device_time
from sensorfusion.ingest.steps.batch import Sent

# Quantities by Tasmota's names, with the unit or the field of the message that holds it.
NAMES = {
    "Temperature": ("temperature", "TempUnit"),
    "DewPoint": ("dew_point", "TempUnit"),
    "Humidity": ("humidity", "%"),
    "Pressure": ("pressure", "PressureUnit"),
    "SeaPressure": ("sea_level_pressure", "PressureUnit"),
    "Illuminance": ("illuminance", "lx"),
    "UvIndex": ("uv_index", "1"),
    "CarbonDioxide": ("co2", "ppm"),
    "PM2.5": ("pm2_5", "ug/m3"),
    "PM10": ("pm10", "ug/m3"),
    "PM1": ("pm1", "ug/m3"),
    "Distance": ("distance", "cm"),
    "Power": ("power", "W"),
    "Voltage": ("voltage", "V"),
    "Current": ("current", "A"),
    "Total": ("energy", "kWh"),
}
UNITS = {"TempUnit": "C", "PressureUnit": "hPa"}
_ABOUT = ("Time", "TempUnit", "PressureUnit", "SpeedUnit", "Epoch")
_NUMBERED = re.compile(r".*-([2-8])")  # DS18B20-2: the second probe of a kind


def read(message: Message) -> Sequence[Found]:
    said = json_object(message.payload)
    values = _state(said) if message.levels[-1] == "STATE" else _sensor(said)
    at = device_time(said.get("Epoch") or said.get("Time"))
    return [Found(f"tasmota/{message.levels[1]}", [Sent(values, at)])]


def _sensor(said: Mapping[str, Any]) -> dict[str, Any]:
    values: dict[str, Any] = {}
    for chip, block in said.items():
        if isinstance(block, dict):
            _chip(chip, block, said, values)
        elif chip not in _ABOUT and not isinstance(block, list):
            values[snake(chip)] = block  # ANALOG, switches
    return values


def _chip(chip: str, block: Mapping[str, Any], said: Mapping[str, Any], values: dict[str, Any]) -> None:
    """Add the values of one chip; those of a second chip of the same kind get its number or its name as a prefix."""
    numbered = _NUMBERED.fullmatch(chip)
    for theirs, value in block.items():
        name, unit = NAMES.get(theirs, ("", ""))
        if not name or isinstance(value, dict | list):
            values |= dict(scalars({theirs: value}, chip))
            continue
        if numbered:
            name = f"{name}_{numbered[1]}"
        elif name in values:
            name = f"{snake(chip)}_{name}"
        values[name] = {"value": value, "unit": str(said.get(unit, UNITS.get(unit, unit)))}


def _state(said: Mapping[str, Any]) -> dict[str, Any]:
    wifi = said.get("Wifi")
    values: dict[str, Any] = {}
    if isinstance(wifi, dict):
        values["signal_strength"] = wifi.get("Signal")
    values["uptime"] = said.get("UptimeSec")
    for theirs, value in said.items():
        if theirs.startswith("POWER"):
            values[f"relay{theirs.removeprefix('POWER')}"] = value
    if "Vcc" in said:
        values["supply_voltage"] = said["Vcc"]
    return values


TASMOTA = Adapter("tasmota", ("tele/+/SENSOR", "tele/+/STATE"), read)
