"""rtl_433, a receiver of weather stations on 433 MHz: `rtl_433/<host>/events`, one JSON object per transmission.

A station is identified by its model, id and channel. Many choose a new id when their battery is changed; the sensor's
external id is then updated on its page.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from sensorfusion.ingest.mqtt.adapters.adapter import Adapter, Found, Message
from sensorfusion.ingest.mqtt.adapters.json_payloads import in_unit, json_object, scalars
from sensorfusion.ingest.mqtt.adapters.times import device_time
from sensorfusion.ingest.steps.batch import Sent
from sensorfusion.ingest.steps.refused import RequestRefused

# Quantities by the name without its unit; the unit is the end of the name.
STEMS = {
    "temperature": "temperature",
    "temperature_1": "temperature",
    "temperature_2": "temperature_2",
    "humidity": "humidity",
    "pressure": "pressure",
    "wind_avg": "wind_speed",
    "wind_max": "wind_gust",
    "wind_dir": "wind_direction",
    "rain": "rain_total",
    "rain_rate": "rain_rate",
    "light": "illuminance",
    "moisture": "soil_moisture",
    "depth": "distance",
    "storm_dist": "lightning_distance",
    "battery": "battery_voltage",
    "pm2_5": "pm2_5",
    "pm10_0": "pm10",
    "co2": "co2",
}
UNITS = {
    "_C": "C",
    "_F": "F",
    "_hPa": "hPa",
    "_kPa": "kPa",
    "_inHg": "inHg",
    "_m_s": "m/s",
    "_km_h": "km/h",
    "_mi_h": "mph",
    "_deg": "deg",
    "_mm_h": "mm/h",
    "_in_h": "in/h",
    "_mm": "mm",
    "_in": "in",
    "_cm": "cm",
    "_km": "km",
    "_lux": "lx",
    "_klux": "klx",
    "_mV": "mV",
    "_V": "V",
    "_ug_m3": "ug/m3",
    "_ppm": "ppm",
}
PLAIN = {"humidity": "humidity", "moisture": "soil_moisture", "uv": "uv_index", "uvi": "uv_index"}
_ABOUT = frozenset(
    ("time", "model", "id", "channel", "mic", "mod", "subtype", "protocol", "data", "raw", "sequence_num")
)


def read(message: Message) -> Sequence[Found]:
    said = json_object(message.payload)
    model, number = said.get("model"), said.get("id")
    if not isinstance(model, str) or isinstance(number, dict | list):
        raise RequestRefused("unreadable", "An event names its model, and the id of the device where it has one.")
    named = (str(part) for part in (model, number, said.get("channel")) if part is not None)
    at = device_time(said.get("time"))
    return [Found("/".join(("rtl_433", *named)), [Sent(_values(said), at)])]


def _values(said: Mapping[str, Any]) -> dict[str, Any]:
    values: dict[str, Any] = {}
    for theirs, value in scalars({name: value for name, value in said.items() if name not in _ABOUT}):
        ours, unit = _meaning(_original(said, theirs))
        values[ours] = in_unit(value, unit) if unit else value
    return values


def _original(said: Mapping[str, Any], name: str) -> str:
    return next((theirs for theirs in said if theirs.lower() == name), name)


def _meaning(theirs: str) -> tuple[str, str]:
    if theirs in PLAIN:
        return PLAIN[theirs], ""
    for ending in sorted(UNITS, key=len, reverse=True):
        stem = theirs.removesuffix(ending)
        if stem != theirs and stem in STEMS:
            return STEMS[stem], UNITS[ending]
    return theirs.lower(), ""


RTL_433 = Adapter("rtl_433", ("rtl_433/+/events", "rtl_433/+/devices/#"), read)
