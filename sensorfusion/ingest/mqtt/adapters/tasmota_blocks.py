"""The blocks of a Tasmota message: one per chip, such as `"DS18B20-1": {"Id": "…", "Temperature": 21.5}`.

A probe is identified by its `Id` where it has one, because Tasmota numbers probes of a bus again when one is missing;
else by the name of its block, which ends with an address or a number where a device has several chips of a kind.
"""

import re
from collections.abc import Iterator, Mapping
from typing import Any, Final, NamedTuple

from sensorfusion.ingest.mqtt.adapters.fields import connected, numbered, own_name, unread
from sensorfusion.ingest.mqtt.adapters.json_payloads import Leaf, leaves, snake
from sensorfusion.ingest.steps.batch import Field, Note

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
    "eCO2": ("co2", "ppm"),
    "TVOC": ("voc", "ppb"),
    "PM2.5": ("pm2_5", "ug/m3"),
    "PM10": ("pm10", "ug/m3"),
    "PM1": ("pm1", "ug/m3"),
    "Distance": ("distance", "cm"),
    "Power": ("power", "W"),
    "Voltage": ("voltage", "V"),
    "Current": ("current", "A"),
    "Total": ("energy", "kWh"),
    "Battery": ("battery", "%"),
    "RSSI": ("signal_strength", "dBm"),
    "Moisture": ("soil_moisture", "%"),
    "Speed.Act": ("wind_speed", "SpeedUnit"),
    "Speed.Avg": ("wind_speed:average", "SpeedUnit"),
    "Speed.Min": ("wind_speed:min", "SpeedUnit"),
    "Speed.Max": ("wind_gust", "SpeedUnit"),
    "Dir.Deg": ("wind_direction", "deg"),
    "Dir.Avg": ("wind_direction:average", "deg"),
}
UNITS = {"TempUnit": "C", "PressureUnit": "hPa", "SpeedUnit": "km/h"}
# Units of names that the catalogue does not have, for their labels (Tasmota documentation, "JSON status responses").
UNITS_OF_OTHERS: Final = {
    **dict.fromkeys(("Today", "Yesterday", "ExportActive", "ImportActive"), "kWh"),
    **{"ApparentPower": "VA", "ReactivePower": "var", "Frequency": "Hz", "Weight": "kg"},
    **{"ExportReactive": "kvarh", "ImportReactive": "kvarh", "Conductivity": "µS/cm", "Resistance": "Ω"},
}
_ABOUT: Final = frozenset(("Time", "Epoch", *UNITS))
# In one of several probes, which are named in this order: Tasmota writes its blocks by the numbers of their drivers.
_DRIVERS: Final = {
    **{"COUNTER": 1, "ANALOG": 2, "DS18B20": 5, "DS18S20": 5, "DS1822": 5, "DHT11": 6, "AM2301": 6, "DHT22": 6},
    **{"SHT1X": 7, "SI7021": 8, "HTU21": 8, "SI7013": 8, "SI7020": 8, "BMP180": 9, "BMP280": 9, "BME280": 9},
    **{"BME680": 9, "BH1750": 10, "VEML6070": 11, "ADS1115": 12, "INA219": 13, "SHT3X": 14, "SHTC3": 14, "SHT4X": 14},
    **{"MHZ19B": 15, "TSL2561": 16, "S8": 17, "PMS5003": 18, "SDS0X1": 20, "SGP30": 21, "SR04": 22, "SI1145": 24},
    **{"LM75AD": 26, "CCS811": 31, "HX711": 34, "TX20": 35, "TX23": 35, "WS2300": 35, "MAX31855": 39, "SCD30": 42},
    **{"SPS30": 44, "VL53L0X": 45, "MLX90614": 46, "MAX31865": 47, "INA226": 54, "HIH": 55, "TSL2591": 57, "DHT12": 58},
    **{"AHT1X": 63, "AHT2X": 63, "HDC1080": 65, "WINDMETER": 68, "VEML7700": 71, "MCP9808": 72, "SCD40": 92},
}
_ANY_OTHER: Final = 500
_PROCESSOR: Final = 900  # ESP32's own temperature is the main one only of devices without any other
_NUMBERED: Final = re.compile(r"(?P<chip>.*?[^-_])[-_](?P<number>[0-9A-Fa-f]{1,2}|[0-9a-f]{6})")
_FORMER_NUMBER: Final = re.compile(r".*-([2-8])")
_ENDS_WITH_NUMBER: Final = re.compile(r"(?P<name>\D+)(?P<number>[1-9])")


class Probe(NamedTuple):
    """One probe of a device. `number` is the one it has among several, 1 without; `name` begins names of its own."""

    source: str
    name: str
    which: str
    number: int
    rank: int
    label: str
    is_one_wire: bool


def fields_and_notes(said: Mapping[str, Any]) -> Iterator[Field | Note]:
    """Yield the values of a message, and notes on what cannot be read."""
    for key, block in said.items():
        if isinstance(block, dict):
            probe = _probe(key, block)
            for leaf in leaves({name: value for name, value in block.items() if name != "Id"}):
                yield from _of_leaf(key, probe, leaf, said)
        elif isinstance(block, list):
            yield unread(Leaf((key,), block))
        elif key not in _ABOUT:  # switches, and the analog input of old versions
            yield Field(key, block, own_name(key), which=key)


def _probe(key: str, block: Mapping[str, Any]) -> Probe:
    parts = _NUMBERED.fullmatch(key)
    chip, ending = (parts["chip"], parts["number"]) if parts else (key, "")
    number = int(ending) if ending.isdecimal() and len(ending) == 1 else 1
    rank = 10 * (_PROCESSOR if key == "ESP32" else _DRIVERS.get(chip, _ANY_OTHER)) + number
    address = block.get("Id")
    one_wire = chip.startswith("DS18")
    if isinstance(address, str | int) and address:
        is_named = chip not in _DRIVERS  # by DS18Alias, so the block has the name that its owner gave
        name, label = (key, key) if is_named else (chip, "")
        return Probe(str(address), name, key if is_named else str(address), 1, rank, label, True)
    plain = f"{chip}-{ending}" if ending else key  # SetOption64 writes _ instead of -
    return Probe(plain, plain, plain, number, rank, "" if chip in _DRIVERS else key, one_wire)


def _of_leaf(key: str, probe: Probe, leaf: Leaf, said: Mapping[str, Any]) -> Iterator[Field | Note]:
    """Yield the value of a block, or the values of a list with one for each phase or channel."""
    if leaf.numbers:
        for phase, value in enumerate(leaf.numbers, 1):
            yield _field(key, probe, leaf.path, value, said, phase)
    elif leaf.is_scalar:
        yield _field(key, probe, leaf.path, leaf.value, said)
    elif leaf.value:
        yield unread(Leaf((key, *leaf.path), leaf.value))


def _field(key: str, probe: Probe, path: tuple[str, ...], value: Any, said: Mapping[str, Any], phase: int = 0) -> Field:
    theirs = ".".join(path)
    counted = None if theirs in NAMES else _ENDS_WITH_NUMBER.fullmatch(theirs)
    if counted and counted["name"] in NAMES:  # Temperature2 of an analog input
        theirs, number = counted["name"], int(counted["number"])
    else:
        number = probe.number
    source = ".".join((probe.source, *path, *([str(phase)] if phase else [])))
    number = phase or number
    which = str(number) if phase or number > 1 else probe.which
    meaning = NAMES.get(theirs)
    if meaning is None:
        name = numbered(own_name(probe.name, *path), phase)
        label = " ".join((probe.label, *path)) if probe.label else ""
        return Field(source, value, name, UNITS_OF_OTHERS.get(theirs, ""), which, probe.rank, label)
    quantity, unit = meaning
    if quantity == "temperature" and probe.is_one_wire:
        value = connected(value)
    return Field(
        source,
        value,
        numbered(quantity, number),
        str(said.get(unit, UNITS.get(unit, unit))),
        which,
        probe.rank,
        f"{probe.label} {theirs}" if probe.label else "",
        formerly=_formerly(key, quantity),
    )


def _formerly(key: str, quantity: str) -> str:
    """Return the name under which earlier versions stored the value of a further probe."""
    number = _FORMER_NUMBER.fullmatch(key)
    return f"{quantity}_{number[1]}" if number else f"{snake(key)}_{quantity}"
