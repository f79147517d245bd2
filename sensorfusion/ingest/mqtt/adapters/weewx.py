"""WeeWX with its MQTT extension: `weather/loop` or `weather/<station>/loop`.

Every value is text, and names end with the unit: outTemp_C, barometer_inHg, windSpeed_mps.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from sensorfusion.ingest.mqtt.adapters.adapter import Adapter, Found, Message
from sensorfusion.ingest.mqtt.adapters.json_payloads import in_unit, json_object, snake
from sensorfusion.ingest.steps.batch import Sent

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
    "inch_per_hour": "in/h",
    "mm_per_hour": "mm/h",
    "Wpm2": "W/m2",
    "foot": "ft",
    "meter": "m",
    "volt": "V",
}
# There is no unit for a rate in centimetres, so it is multiplied by ten and stored in millimetres.
_CENTIMETRES = ("_cm_per_hr", "_cm_per_hour")
_ABOUT = frozenset(("dateTime", "usUnits", "interval"))


def read(message: Message) -> Sequence[Found]:
    said = json_object(message.payload)
    values = dict(_value(name, value) for name, value in said.items() if name not in _ABOUT)
    device = "/".join(("weewx", *message.levels[1:-1]))
    return [Found(device, [Sent(_without_none(values), said.get("dateTime"))])]


def _value(name: str, value: Any) -> tuple[str, Any]:
    for ending in _CENTIMETRES:
        if name.endswith(ending):
            return _ours(name.removesuffix(ending)), in_unit(_tenfold(value), "mm/h")
    stem, _, ending = name.partition("_")
    if ending in UNITS:
        return _ours(stem), in_unit(value, UNITS[ending])
    return _ours(name), value


def _ours(name: str) -> str:
    return NAMES.get(name) or snake(name)


def _tenfold(value: Any) -> Any:
    try:
        return 10 * float(value)
    except (TypeError, ValueError):
        return value


def _without_none(values: Mapping[str, Any]) -> dict[str, Any]:
    """Drop missing values, which WeeWX writes as the text None."""
    return {name: value for name, value in values.items() if value != "None" and _inner(value) != "None"}


def _inner(value: Any) -> Any:
    return value.get("value") if isinstance(value, dict) else value


WEEWX = Adapter("weewx", ("weather/loop", "weather/+/loop"), read)
