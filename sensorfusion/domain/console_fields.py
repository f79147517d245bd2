"""The fields of weather consoles: name, quantity, and unit of the number.

Weather Underground's names are also PWSweather's and the Met Office's; Ecowitt's and Ambient's differ from them and, in
a few places, from each other. Names are compared in lower case. The makers' definitions are in docs/doors/fields.md.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Final, Literal

from sensorfusion.domain.normalise import EXTRA_DECIMALS
from sensorfusion.domain.quantities import CATALOGUE
from sensorfusion.domain.units import converter

FieldUnits = Literal["as_named", "metric_kmh", "metric_ms"]
Kind = Literal["number", "text", "is_low", "is_ok", "bars", "yes_no"]

F, MPH, INHG, IN, IN_H, PCT = "[degF]", "[mi_i]/h", "[in_i'Hg]", "[in_i]", "[in_i]/h", "%"
# Units of consoles that were set to metric units but keep the field names.
METRIC: Final[Mapping[FieldUnits, Mapping[str, str]]] = {
    "as_named": {},
    "metric_kmh": {F: "Cel", MPH: "km/h", INHG: "hPa", IN: "mm", IN_H: "mm/h"},
    "metric_ms": {F: "Cel", MPH: "m/s", INHG: "hPa", IN: "mm", IN_H: "mm/h"},
}
# No barometer shows 100 inHg, and none on the ground shows 100 hPa.
BETWEEN_INHG_AND_HPA = 100.0


@dataclass(frozen=True, slots=True)
class Field:
    """The meaning of one field. `is_piezo` marks the second of two rain gauges that one console may have.

    is_low and is_ok are battery flags with opposite meanings of 1; bars count from 0 to 5.
    """

    quantity: str
    unit: str = ""
    kind: Kind = "number"
    is_piezo: bool = False


@dataclass(frozen=True, slots=True)
class Reader:
    """A field prepared for parsing: a number within `low` and `high`, in the canonical unit, needs no further check."""

    field: Field
    unit: str
    convert: Callable[[float], float]
    decimals: int
    low: float
    high: float


def _numbered(name: str, quantity: str, unit: str, first: int, last: int) -> Iterator[tuple[str, Field]]:
    """Yield the fields of a station's channels; `#` stands for the number.

    Channel 1 is the quantity itself, unless that belongs to another sensor: an outdoor sensor's temperature is not that
    of channel 1.
    """
    for number in range(first, last + 1):
        numbered = f"{quantity}_{number}"
        channel = quantity if number == 1 and numbered not in CATALOGUE else CATALOGUE[numbered].name
        yield name.replace("#", str(number)), Field(channel, unit)


def _batteries(kind: Kind, quantity: str, unit: str, *names: str) -> Iterator[tuple[str, Field]]:
    for name in names:
        part = name.replace("batt", "").strip("_")
        yield name, Field(f"{quantity}.{part}", unit, kind)


def _channels(name: str, last: int) -> list[str]:
    return [name.replace("#", str(number)) for number in range(1, last + 1)]


_COMMON: dict[str, Field] = {
    "tempf": Field("temperature", F),
    "humidity": Field("humidity", PCT),
    "dewptf": Field("dew_point", F),
    "windchillf": Field("wind_chill", F),
    "heatindexf": Field("heat_index", F),
    "feelslikef": Field("feels_like", F),
    "winddir": Field("wind_direction", "deg"),
    "windspeedmph": Field("wind_speed", MPH),
    "windgustmph": Field("wind_gust", MPH),
    "windgustdir": Field("wind_gust_direction", "deg"),
    "maxdailygust": Field("wind_gust_day", MPH),
    "baromin": Field("sea_level_pressure", INHG),
    "absbaromin": Field("pressure", INHG),
    "baromrelin": Field("sea_level_pressure", INHG),
    "baromabsin": Field("pressure", INHG),
    "rainin": Field("rain_1h", IN),
    "rainratein": Field("rain_rate", IN_H),
    "hourlyrainin": Field("rain_1h", IN),
    "eventrainin": Field("rain_event", IN),
    "dailyrainin": Field("rain_day", IN),
    "24hourrainin": Field("rain_24h", IN),
    "last24hrainin": Field("rain_24h", IN),
    "weeklyrainin": Field("rain_week", IN),
    "monthlyrainin": Field("rain_month", IN),
    "yearlyrainin": Field("rain_year", IN),
    "totalrainin": Field("rain_total", IN),
    "rrain_piezo": Field("rain_rate", IN_H, is_piezo=True),
    "hrain_piezo": Field("rain_1h", IN, is_piezo=True),
    "erain_piezo": Field("rain_event", IN, is_piezo=True),
    "drain_piezo": Field("rain_day", IN, is_piezo=True),
    "last24hrain_piezo": Field("rain_24h", IN, is_piezo=True),
    "wrain_piezo": Field("rain_week", IN, is_piezo=True),
    "mrain_piezo": Field("rain_month", IN, is_piezo=True),
    "yrain_piezo": Field("rain_year", IN, is_piezo=True),
    "srain_piezo": Field("raining", kind="yes_no"),
    "solarradiation": Field("solar_radiation", "W/m2"),
    "uv": Field("uv_index", "1"),
    "visibility": Field("visibility", "[nmi_i]"),
    "weather": Field("condition", kind="text"),
    "indoortempf": Field("indoor_temperature", F),
    "indoorhumidity": Field("indoor_humidity", PCT),
    "tempinf": Field("indoor_temperature", F),
    "humidityin": Field("indoor_humidity", PCT),
    "soiltempf": Field("soil_temperature", F),
    "soilmoisture": Field("soil_moisture", PCT),
    "leafwetness": Field("leaf_wetness", PCT),
    "aqpm2.5": Field("pm2_5", "ug/m3"),
    "aqpm10": Field("pm10", "ug/m3"),
    "aqco": Field("co", "ppm"),
    "co2": Field("co2", "ppm"),
    "lightning": Field("lightning_distance", "km"),
    "lightning_num": Field("lightning_count_day", "1"),
    "runtime": Field("uptime", "s"),
    "lowbatt": Field("battery_low", kind="is_low"),
    **dict(_numbered("temp#f", "temperature", F, 1, 10)),
    **dict(_numbered("humidity#", "humidity", PCT, 1, 10)),
    **dict(_numbered("soiltemp#f", "soil_temperature", F, 1, 10)),
    **dict(_numbered("tf_ch#", "soil_temperature", F, 1, 8)),
    **dict(_numbered("soilmoisture#", "soil_moisture", PCT, 1, 16)),
    **dict(_numbered("leafwetness#", "leaf_wetness", PCT, 1, 2)),
    **dict(_numbered("leafwetness_ch#", "leaf_wetness", PCT, 1, 8)),
    **dict(_numbered("pm25_ch#", "pm2_5", "ug/m3", 1, 4)),
    **dict(_batteries("is_low", "battery_low", "", "wh24batt", "wh25batt", "wh26batt", "wh65batt")),
    **dict(_batteries("is_low", "battery_low", "", *_channels("batt#", 8))),
    **dict(_batteries("number", "battery_voltage", "V", "wh40batt", "wh68batt", "wh80batt", "wh85batt", "wh90batt")),
    **dict(_batteries("number", "battery_voltage", "V", "console_batt", *_channels("soilbatt#", 16))),
    **dict(_batteries("number", "battery_voltage", "V", *_channels("tf_batt#", 8), *_channels("leaf_batt#", 8))),
    **dict(_batteries("bars", "battery", PCT, "wh57batt", "co2_batt", *_channels("pm25batt#", 4))),
    **dict(_batteries("bars", "battery", PCT, *_channels("leakbatt#", 4))),
}
# Ambient's consoles report the rain of an hour as a rate, and 1 for a good battery.
_AMBIENT: dict[str, Field] = {
    **_COMMON,
    "hourlyrainin": Field("rain_rate", IN_H),
    "pm25": Field("pm2_5", "ug/m3"),
    **dict(_numbered("soilhum#", "soil_moisture", PCT, 1, 10)),
    **dict(_batteries("is_ok", "battery_low", "", "battout", "battin", *_channels("batt#", 10))),
}

Family = Literal["common", "ambient"]
FIELDS: Mapping[Family, Mapping[str, Field]] = MappingProxyType({"common": _COMMON, "ambient": _AMBIENT})

# Metadata of the upload: not measured, so not stored with each reading.
NOT_MEASURED: Final = frozenset(
    (
        *("action", "realtime", "rtfreq", "dateutc", "softwaretype", "stationtype", "model", "freq", "interval"),
        *("id", "siteid", "stationid", "password", "passkey", "mac", "siteauthenticationkey"),
        *("key", "apikey", "api_key", "appid", "token", "auth", "authorization", "pass", "passwd", "pwd", "secret"),
    )
)


def readers(family: Family, units: FieldUnits) -> Mapping[str, Reader]:
    """Return the fields of one maker, prepared for numbers in these units."""
    return _READERS[family, units]


def second_gauge(field: Field) -> Field:
    """Return the field for rain of the second gauge, while the other gauge is the main one."""
    return replace(field, quantity=f"{field.quantity}_2")


def _reader(field: Field, units: FieldUnits) -> Reader:
    unit = METRIC[units].get(field.unit, field.unit)
    known = CATALOGUE.get(field.quantity)
    if known is None or not known.unit or not unit:
        return Reader(field, unit, float, 6, 0.0, -1.0)  # an empty range: always checked
    low = -900.0 if known.plausible_low is None else max(-900.0, known.plausible_low)
    high = next(limit for limit in (known.clamp_high, known.plausible_high, 1e15) if limit is not None)
    return Reader(field, unit, converter(unit, known.unit), known.decimals + EXTRA_DECIMALS, low, high)


_READERS: Mapping[tuple[Family, FieldUnits], Mapping[str, Reader]] = {
    (family, units): {name: _reader(field, units) for name, field in fields.items()}
    for family, fields in FIELDS.items()
    for units in METRIC
}
