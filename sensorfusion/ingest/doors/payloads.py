"""JSON payloads of devices: their fields by paths that identify a probe, and a vocabulary of common names."""

from collections.abc import Iterator, Mapping
from typing import Final

from sensorfusion.domain.numerals import number_and_unit
from sensorfusion.domain.quantities import known_quantity
from sensorfusion.ingest.steps.batch import Field, Meaning, Vocabulary
from sensorfusion.ingest.steps.naming import fields_of, folded
from sensorfusion.ingest.steps.refused import RequestRefused

# Deeper than any real payload; deeper objects stay objects and are rejected by name.
DEEPEST = 8
# Of a reading 500 quantities can be stored; an object in one's place is rejected by name, however much it holds.
MOST_LEAVES: Final = 2_000
LONGEST_PATH: Final = 255  # characters of a name with those around it: each value inside repeats it
# What identifies an element of a list of objects, the best first; and what tells apart several of one element.
IDENTITIES: Final = (
    *("address", "addr", "mac", "serial", "sn", "uid", "uuid", "eui", "dev_eui"),
    *("sensor_id", "sensorId", "probe_id", "id", "sensor", "probe", "name", "label", "key", "type"),
)
CHANNELS: Final = ("channel", "ch", "port", "depth", "index", "idx")
_UNITS: Final = ("unit", "units", "unit_of_measurement")
# What may stand beside a value and its unit, as in Decentlab's objects.
_BESIDE_VALUE: Final = frozenset((*_UNITS, "value", "displayName", "description", *IDENTITIES, *CHANNELS))
# A probe that is not connected: -127 of DS18B20's driver, or the limits of 16 bits, in 1/100 and 1/10.
DISCONNECTED: Final = frozenset((-127.0, 327.67, -327.68, 3276.7, -3276.8))


def device_fields(payload: Mapping[str, object], names: Vocabulary) -> list[Field]:
    """Return the fields of a device's payload, named by the vocabulary; values of missing probes are missing."""
    return [_present(field) for field in fields_of(leaves(payload), names)]


def flatten(payload: Mapping[str, object]) -> dict[str, object]:
    """Flatten nested objects: names are joined by dots."""
    return dict(leaves(payload))


def leaves(payload: Mapping[str, object]) -> Iterator[tuple[str, object]]:
    """Yield the values of nested objects, each by its path, joined by dots.

    Elements of a list are named by what identifies them, such as an address or a channel, else numbered from 0. A
    value beside its unit is a value, also if both are one text.
    """
    every = (leaf for name, value in payload.items() for leaf in _leaves(name, value, 0))
    for count, leaf in enumerate(every, 1):
        if count > MOST_LEAVES:
            raise RequestRefused("too_large", f"A reading holds more than {MOST_LEAVES:,} values.")
        yield leaf


def _leaves(path: str, value: object, depth: int) -> Iterator[tuple[str, object]]:
    goes_on = depth < DEEPEST and len(path) <= LONGEST_PATH
    if isinstance(value, dict) and _is_measured(value):
        yield path, _measured(value)
    elif isinstance(value, dict) and goes_on:
        for name, inner in value.items():
            yield from _leaves(f"{path}.{name}", inner, depth + 1)
    elif isinstance(value, list) and goes_on:
        for index, element in enumerate(value):
            yield from _element(path, index, element, depth + 1)
    elif isinstance(value, str) and (split := number_and_unit(value)):
        yield path, {"value": split[0], "unit": split[1]}
    elif value != {}:
        yield path, value


def _element(path: str, index: int, element: object, depth: int) -> Iterator[tuple[str, object]]:
    """Yield the values of one element of a list."""
    identity = _identity(element) if isinstance(element, dict) else []
    if not identity or not isinstance(element, dict):
        yield from _leaves(f"{path}.{index}", element, depth)
        return
    place = ".".join([path, *(str(element[name]) for name in identity)])
    if _is_measured(element):
        yield place, _measured(element)
        return
    if len(place) > LONGEST_PATH:
        yield place, element
        return
    for name, value in element.items():
        if name not in identity:
            yield from _leaves(f"{place}.{name}", value, depth)


def _identity(element: Mapping[str, object]) -> list[str]:
    """Return the members that identify an element, by a rule that does not look at the other elements."""
    best = [name for name in IDENTITIES if _is_word(element.get(name))][:1]
    return [*best, *(name for name in CHANNELS if _is_word(element.get(name)))]


def _is_word(value: object) -> bool:
    return isinstance(value, str | int) and not isinstance(value, bool) and value != ""


def _is_measured(given: Mapping[str, object]) -> bool:
    """Return whether an object is one value, perhaps beside its unit."""
    return "value" in given and given.keys() <= _BESIDE_VALUE and not isinstance(given["value"], dict | list)


def _measured(given: Mapping[str, object]) -> object:
    unit = next((given[name] for name in _UNITS if given.get(name)), None)
    return given["value"] if unit is None else {"value": given["value"], "unit": unit}


def _present(field: Field) -> Field:
    """Return a field without the value that stands for a probe that is not connected."""
    known = known_quantity(field.quantity) if field.quantity else None
    value = field.value["value"] if isinstance(field.value, dict) and "value" in field.value else field.value
    is_missing = known is not None and known.unit == "Cel" and _number(value) in DISCONNECTED
    return field._replace(value=None) if is_missing else field


def _number(value: object) -> float | None:
    try:
        return float(value) if isinstance(value, str | int | float) and len(str(value)) < 32 else None
    except ValueError:
        return None


def is_known(name: str) -> bool:
    """Return whether a name stands for a quantity on all devices."""
    return known_quantity(name) is not None or folded(name) in NAMES


# Names that decoders of common devices use, folded. The catalogue's aliases are not repeated.
COMMON: dict[tuple[str, str], str] = {
    ("temperature", ""): "temperature",
    ("temperature", "Cel"): "airtemperature airtemp ambienttemperature outdoortemperature outtemp tempc temperaturec "
    "tempcsht temperaturesht tempcsht20 tempcsht31 tempcsht41 temperaturecelsius tempcelsius tempcds tempcds18b20 "
    "tempc1 externaltemperature",
    ("temperature", "[degF]"): "tempf temperaturef temperaturefahrenheit",
    ("indoor_temperature", "Cel"): "indoortemperature indoortemp roomtemperature",
    ("humidity", ""): "humidity",
    (
        "humidity",
        "%",
    ): "airhumidity relativehumidity humsht humiditysht humsht20 humsht31 outdoorhumidity outhumidity humiditypercent",
    ("indoor_humidity", "%"): "indoorhumidity roomhumidity",
    ("dew_point", "Cel"): "dewpoint dewpointc dewpointtemperature",
    ("pressure", "hPa"): "airpressure barometricpressure barometer baro pressurehpa pressurembar stationpressure",
    ("pressure", "Pa"): "pressurepa",
    ("sea_level_pressure", "hPa"): "sealevelpressure pressuresealevel pressuremsl",
    ("wind_speed", "m/s"): "windspeed windavg windspeedavg windspeedms averagewindspeed",
    ("wind_speed", "km/h"): "windspeedkmh",
    ("wind_speed", "[mi_i]/h"): "windspeedmph",
    ("wind_gust", "m/s"): "windgust gust windgustspeed windmax windspeedmax windgustms",
    ("wind_direction", "deg"): "winddirection windbearing winddir windangle winddirectiondeg",
    ("rain_total", "mm"): "raintotal raingauge rainfalltotal rainaccumulation rainaccumulated rainmm",
    ("rain_rate", "mm/h"): "rainrate rainintensity",
    ("illuminance", "lx"): "illuminance illumination light luminosity lightintensity lightlux ambientlight illlx",
    ("solar_radiation", "W/m2"): "solarradiation irradiance ghi globalradiation",
    ("uv_index", ""): "uvindex",
    ("soil_temperature", "Cel"): "soiltemperature soiltemp tempsoil",
    ("soil_moisture", "%"): "soilmoisture soilhumidity watersoil vwc",
    ("leaf_wetness", "%"): "leafwetness leafmoisture",
    ("co2", "ppm"): "co2ppm eco2 co2concentration",
    ("voc", "ppb"): "tvoc tvocppb",
    ("pm2_5", "ug/m3"): "pm2p5 pm25 pm25concentration",
    ("pm10", "ug/m3"): "pm10concentration",
    ("battery", "%"): "batterylevel batterypercent batterypercentage batterypct soc",
    ("battery_voltage", "V"): "batteryvoltage batv vbat batteryv vbatt battv batvoltage",
    ("battery_voltage", "mV"): "batterymv batmv vbatmv batteryvoltagemv vdd",
    ("signal_strength", "dBm"): "signalstrength",
    ("signal_to_noise", "dB"): "signaltonoise",
}
NAMES: Vocabulary = {
    name: Meaning(quantity, unit, rank)
    for (quantity, unit), names in COMMON.items()
    for rank, name in enumerate(names.split())
}
