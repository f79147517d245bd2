"""WeeWX with its MQTT extension: `weather/loop` or `weather/<station>/loop`.

Every value is text, and names end with the unit: outTemp_C, barometer_inHg, windSpeed_mps. A value is identified by its
name without the unit, because the unit system of a station can be changed. With the option `aggregation = individual`
each value has a topic, `weather/outTemp_C`.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from sensorfusion.domain.quantities import known_quantity
from sensorfusion.ingest.mqtt.adapters.adapter import Adapter, Found, Message
from sensorfusion.ingest.mqtt.adapters.fields import found, own_name, unread
from sensorfusion.ingest.mqtt.adapters.json_payloads import json_object, leaves, number, single, snake
from sensorfusion.ingest.steps.batch import Field, Note

NAMES = {
    "outTemp": "temperature",
    "outHumidity": "humidity",
    "inTemp": "indoor_temperature",
    "inHumidity": "indoor_humidity",
    "dewpoint": "dew_point",
    "heatindex": "heat_index",
    "windchill": "wind_chill",
    "appTemp": "feels_like",
    "barometer": "sea_level_pressure",
    "pressure": "pressure",
    "windSpeed": "wind_speed",
    "windGust": "wind_gust",
    "windDir": "wind_direction",
    "windGustDir": "wind_gust_direction",
    "rain": "rain",
    "rainRate": "rain_rate",
    "hourRain": "rain_1h",
    "rain24": "rain_24h",
    "dayRain": "rain_day",
    "monthRain": "rain_month",
    "yearRain": "rain_year",
    "radiation": "solar_radiation",
    "UV": "uv_index",
    "cloudbase": "cloud_base",
    "consBatteryVoltage": "battery_voltage",
    **{f"extraTemp{number}": f"temperature_{number + 1}" for number in range(1, 8)},
    **{f"extraHumid{number}": f"humidity_{number + 1}" for number in range(1, 8)},
    **{f"soilTemp{number}": f"soil_temperature{'' if number == 1 else f'_{number}'}" for number in range(1, 5)},
}
UNITS = {
    "C": "C",
    "F": "F",
    "mps": "m/s",
    "kph": "km/h",
    "mph": "mph",
    "knot": "kn",
    "mbar": "mbar",
    "hPa": "hPa",
    "inHg": "inHg",
    "mmHg": "mmHg",
    "cm": "cm",
    "mm": "mm",
    "in": "in",
    "in_per_hr": "in/h",
    "mm_per_hr": "mm/h",
    "cm_per_hr": "cm/h",
    "inch_per_hour": "in/h",
    "cm_per_hour": "cm/h",
    "mm_per_hour": "mm/h",
    "Wpm2": "W/m2",
    "foot": "ft",
    "meter": "m",
    "volt": "V",
    "km": "km",
    "mile": "mi",
    "percent": "%",
    "lux": "lx",
    "ppm": "ppm",
}
_ABOUT: Final = frozenset(("dateTime", "usUnits", "interval"))
_ENDINGS: Final = sorted(UNITS, key=len, reverse=True)


def read(message: Message) -> Sequence[Found]:
    if message.levels[-1] == "loop":
        return [_of_packet(message)]
    name = message.levels[-1]
    stem, _ = _apart(name)
    if stem not in NAMES or len(message.levels) != 2:
        return []  # of other programs that publish below weather/
    return [found("weewx", [_field(name, single(message.payload))])]


def _of_packet(message: Message) -> Found:
    said = json_object(message.payload)
    parts = list(_parts({name: value for name, value in said.items() if name not in _ABOUT}))
    fields = {each.source: each for each in reversed(parts) if isinstance(each, Field)}
    notes = [each for each in parts if isinstance(each, Note)]
    return found("/".join(("weewx", *message.levels[1:-1])), fields.values(), said.get("dateTime"), notes=notes)


def _parts(given: Mapping[str, Any]) -> Iterator[Field | Note]:
    for leaf in sorted(leaves(given), key=lambda leaf: leaf.path):
        if leaf.is_scalar:
            yield _field("_".join(leaf.path), leaf.value)
        elif leaf.value:
            yield unread(leaf)


def _field(theirs: str, value: Any) -> Field:
    """Return the field of a name; WeeWX writes numbers as text, and the text None for a missing one."""
    stem, unit = _apart(theirs)
    given = None if value == "None" else number(value) if isinstance(value, str) else value
    if stem in NAMES:
        return Field(stem, given, NAMES[stem], unit, which=snake(stem))
    known = known_quantity(snake(stem)) if unit else None
    if known and known.unit:
        return Field(stem, given, known.name, unit, which=snake(stem))
    return Field(theirs, given, own_name(theirs), formerly=snake(stem))


def _apart(theirs: str) -> tuple[str, str]:
    for ending in _ENDINGS:
        stem = theirs.removesuffix(f"_{ending}")
        if stem not in (theirs, ""):
            return stem, UNITS[ending]
    return theirs, ""


WEEWX = Adapter("weewx", ("weather/+", "weather/+/loop"), read)
