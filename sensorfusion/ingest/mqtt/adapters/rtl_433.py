"""rtl_433, a receiver of weather stations on 433 MHz: `rtl_433/<host>/events`, one JSON object per transmission.

A station is identified by its model, id and channel. Many choose a new id when their battery is changed; the sensor's
external id is then updated on its page. With the output `devices`, each value has a topic of its own, and the levels
between `devices` and the name of the value are the station's.

A value is identified by its name without the unit, because the receiver's option -C changes the units of a station.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from sensorfusion.domain.rounding import rounded
from sensorfusion.domain.units import convert
from sensorfusion.ingest.mqtt.adapters.adapter import Adapter, Found, Message
from sensorfusion.ingest.mqtt.adapters.fields import found, own_name, unread
from sensorfusion.ingest.mqtt.adapters.json_payloads import Leaf, json_object, leaves, number, single
from sensorfusion.ingest.steps.batch import Field, Note
from sensorfusion.ingest.steps.refused import RequestRefused

# Quantities by the name without its unit; the unit is the end of the name.
STEMS = {
    "temperature": "temperature",
    "temperature_1": "temperature",
    **{f"temperature_{number}": f"temperature_{number}" for number in range(2, 9)},
    "humidity": "humidity",
    "pressure": "pressure",
    "wind_avg": "wind_speed",
    "wind_max": "wind_gust",
    "wind_dir": "wind_direction",
    "rain": "rain_total",
    "rain_rate": "rain_rate",
    "light": "illuminance",
    "soil_temperature": "soil_temperature",
    "dewpoint": "dew_point",
    "wind_speed": "wind_speed",
    "wind_gust": "wind_gust",
    "gust": "wind_gust",
    "depth": "distance",
    "storm_dist": "lightning_distance",
    "rain_1h": "rain_1h",
    "rain_24h": "rain_24h",
    "battery": "battery_voltage",
    "power": "power",
    "energy": "energy",
    "current": "current",
    "voltage": "voltage",
    "radiation": "solar_radiation",
    "pm1_0": "pm1",
    "pm1": "pm1",
    "pm4_0": "pm4",
    "pm10": "pm10",
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
    "_mbar": "mbar",
    "_bar": "bar",
    "_mmHg": "mmHg",
    "_PSI": "psi",
    "_m_s": "m/s",
    "_km_h": "km/h",
    "_mi_h": "mph",
    "_mph": "mph",
    "_kt": "kn",
    "_deg": "deg",
    "_mm_h": "mm/h",
    "_in_h": "in/h",
    "_mm": "mm",
    "_in": "in",
    "_cm": "cm",
    "_km": "km",
    "_m": "m",
    "_ft": "ft",
    "_mi": "mi",
    "_lux": "lx",
    "_klux": "klx",
    "_mV": "mV",
    "_V": "V",
    "_ug_m3": "ug/m3",
    "_ppm": "ppm",
    "_ppb": "ppb",
    "_W": "W",
    "_kW": "kW",
    "_Wh": "Wh",
    "_kWh": "kWh",
    "_A": "A",
    "_mA": "mA",
    "_W_m2": "W/m2",
}
PLAIN = {
    "humidity": "humidity",
    "humidity_1": "humidity",
    "moisture": "soil_moisture",
    "uv": "uv_index",
    "uvi": "uv_index",
    "soil_moisture": "soil_moisture",
    **{f"humidity_{number}": f"humidity_{number}" for number in range(2, 9)},
}
_ABOUT: Final = frozenset(
    ("time", "model", "id", "channel", "mic", "mod", "subtype", "protocol", "data", "raw", "sequence_num", "type")
)
_TYRE: Final = ("pressure", "tyre_pressure", "kPa")  # of TPMS stations; the catalogue's pressure is that of the air
_ENDINGS: Final = sorted(UNITS, key=len, reverse=True)


def read(message: Message) -> Sequence[Found]:
    if "devices" in message.levels[1:3]:
        return _of_devices(message)
    said = json_object(message.payload)
    model, identity = said.get("model"), said.get("id")
    if not isinstance(model, str) or isinstance(identity, dict | list):
        raise RequestRefused("unreadable", "An event names its model, and the id of the device where it has one.")
    at = said.get("time")
    return [event(said, device_name(said), at)]


def device_name(said: Mapping[str, Any]) -> str:
    named = (str(said[part]) for part in ("model", "id", "channel") if said.get(part) is not None)
    return "/".join(("rtl_433", *named))


def event(said: Mapping[str, Any], device: str, at: object, *, without: frozenset[str] = frozenset()) -> Found:
    """Return the reading of one transmission; `without` are further names that are about the receiver."""
    parts = list(_parts({name: value for name, value in said.items() if name not in _ABOUT | without}, said))
    fields: dict[str, Field] = {}
    for each in parts:  # two units of one value, as a program between may add them
        if isinstance(each, Field):
            fields.setdefault(each.source, each)
    return found(device, fields.values(), at, notes=[each for each in parts if isinstance(each, Note)])


def _of_devices(message: Message) -> Sequence[Found]:
    *station, name = message.levels[message.levels.index("devices") + 1 :]
    if not station or name in _ABOUT:
        return []
    said = single(message.payload)
    tyre = station[0] == "TPMS"
    return [found("/".join(("rtl_433", *station)), [_field(name, number(said), is_tyre=tyre)])]


def _parts(given: Mapping[str, Any], said: Mapping[str, Any]) -> Iterator[Field | Note]:
    for leaf in sorted(leaves(given), key=_by_name):
        if leaf.is_scalar:
            yield _field("_".join(leaf.path), leaf.value, is_tyre=said.get("type") == "TPMS")
        elif leaf.value:
            yield unread(leaf)


def _by_name(leaf: Leaf) -> tuple[str, ...]:
    return leaf.path


def _field(theirs: str, value: Any, *, is_tyre: bool) -> Field:
    stem, unit = _apart(theirs)
    if is_tyre and unit and stem == _TYRE[0]:
        return _tyre(stem, value, unit)
    if theirs in PLAIN:
        return Field(theirs, value, PLAIN[theirs], which=theirs)
    if unit and stem in STEMS:
        return Field(stem, value, STEMS[stem], unit, which=stem, formerly=theirs.lower())
    return Field(theirs, value, own_name(theirs), which=theirs, formerly=theirs.lower())


def _apart(theirs: str) -> tuple[str, str]:
    """Split a name into its stem and its unit; a name that does not end with a unit is a stem."""
    for ending in _ENDINGS:
        if theirs.endswith(ending) and theirs != ending:
            return theirs.removesuffix(ending), UNITS[ending]
    return theirs, ""


def _tyre(stem: str, value: Any, unit: str) -> Field:
    _, name, kept_in = _TYRE
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    given = rounded(convert(value, from_unit=unit, to_unit=kept_in), 3) if is_number else value
    return Field(stem, given, name, kept_in if is_number else unit, which=stem)


RTL_433 = Adapter("rtl_433", ("rtl_433/events", "rtl_433/+/events", "rtl_433/devices/#", "rtl_433/+/devices/#"), read)
