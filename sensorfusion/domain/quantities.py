"""The catalogue of quantities: what is measured, in which unit it is kept, what is possible, how it adds up over time.

Outside `impossible_*` a value is refused, outside `plausible_*` it is kept and flagged bad (range tests after QARTOD
and WMO-No. 8). Records cited below are those of the WMO weather and climate extremes archive.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Any, Literal

Kind = Literal["number", "text", "boolean"]
Combine = Literal["mean", "vector", "sum", "counter", "last"]
Hue = Literal["temp", "dew", "hum", "pres", "wind", "gust", "rain", "sun", "uv", "air"]


@dataclass(frozen=True, slots=True)
class Quantity:
    """One thing that can be measured.

    `unit` is the UCUM code values are kept in, empty when there is none. `combine` says how values add up over time:
    a `sum` is an amount since the previous reading; a `counter` is a running total that only grows until it starts
    again from zero (rain since midnight too), so its growth adds up; `last` is a state. A value above `clamp_high`
    that is still plausible reads as `clamp_high`.
    """

    name: str
    label: str
    short: str
    unit: str = ""
    cf_name: str = ""
    kind: Kind = "number"
    decimals: int = 1
    impossible_below: float | None = None
    impossible_above: float | None = None
    plausible_low: float | None = None
    plausible_high: float | None = None
    combine: Combine = "mean"
    hue: Hue = "air"
    clamp_high: float | None = None


def _family(
    unit: str, hard: tuple[float, float | None], plausible: tuple[float, float | None], hue: Hue, **more: Any
) -> Quantity:
    (below, above), (low, high) = hard, plausible
    return Quantity("", "", "", unit, "", "number", more.pop("decimals", 1), below, above, low, high, hue=hue, **more)


_TEMPERATURE = _family("Cel", (-100, 80), (-80, 60), "temp")  # records: -89.2 °C and 56.7 °C
_FELT = _family("Cel", (-150, 120), (-110, 90), "temp")  # wind chill and heat index reach further than the air does
_HUMIDITY = _family(
    "%", (-5, 110), (0, 103), "hum", decimals=0, clamp_high=100
)  # capacitive sensors overshoot by 3 % when wet
_SHARE = _family("%", (0, 110), (0, 100), "air", decimals=0)
_PRESSURE = _family("hPa", (300, 1200), (500, 1100), "pres")
_SEA_LEVEL = _family("hPa", (800, 1150), (846, 1100), "pres")  # records: 870 hPa (typhoon Tip), 1089 hPa
_WIND = _family("m/s", (0, 200), (0, 75), "wind")
_GUST = _family("m/s", (0, 200), (0, 150), "gust")  # record: 113 m/s (Barrow Island)
_DIRECTION = _family(
    "deg", (0, 360), (0, 360), "wind", decimals=0, combine="vector"
)  # 0 and 360 both are north and stay as given
_RAIN = _family("mm", (0, 2000), (0, 401), "rain")  # records: 401 mm in 1 h, 1825 mm in 24 h
_RAIN_DAY = _family("mm", (0, 3000), (0, 1825), "rain")
_RAIN_LONG = _family(
    "mm", (0, None), (0, 27000), "rain", combine="counter"
)  # record: 26,470 mm in 12 months (Cherrapunji)
_RAIN_RATE = _family("mm/h", (0, 6000), (0, 2400), "rain")  # 100 and 40 mm a minute; record: 31.2 mm
_SOIL_MOISTURE = _family("%", (0, 200), (0, 100), "hum", decimals=0)  # some probes count 0 to 200
_GAS = _family("ug/m3", (0, None), (0, 5000), "air", decimals=0)
_PARTICLES = _family("ug/m3", (0, None), (0, 2000), "air")
_ELECTRIC = _family("", (-1e9, 1e9), (-1e9, 1e9), "air", decimals=2)
_STATE = Quantity("", "", "", decimals=0, combine="last")
_TEXT = Quantity("", "", "", kind="text", combine="last")
_BOOLEAN = Quantity("", "", "", kind="boolean", combine="last")


def _like(family: Quantity, name: str, label: str, short: str = "", cf_name: str = "", **changes: Any) -> Quantity:
    return replace(family, name=name, label=label, short=short or label, cf_name=cf_name, **changes)


def _numbered(family: Quantity, name: str, label: str, short: str, last: int, *, first: int = 2) -> Iterator[Quantity]:
    """Yield the second and further probes of one station: temperature_2 … temperature_8; `first` is 1 where the
    station numbers them from there and has one without a number besides.
    """
    for number in range(first, last + 1):
        yield _like(family, f"{name}_{number}", f"{label} {number}", f"{short} {number}")


def _second_gauge() -> Iterator[Quantity]:
    """Yield the rain of the other gauge, for stations that have a tipping and a piezo one."""
    for family, name, words, combine in (
        (_RAIN_RATE, "rain_rate", "rain rate", "mean"),
        (_RAIN, "rain_1h", "rain, last hour", "last"),
        (_RAIN_DAY, "rain_24h", "rain, last 24 hours", "last"),
        (_RAIN_DAY, "rain_day", "rain today", "counter"),
        (_RAIN_LONG, "rain_event", "rain, this event", "counter"),
        (_RAIN_LONG, "rain_week", "rain this week", "counter"),
        (_RAIN_LONG, "rain_month", "rain this month", "counter"),
        (_RAIN_LONG, "rain_year", "rain this year", "counter"),
        (_RAIN_LONG, "rain_total", "rain, running total", "counter"),
    ):
        yield _like(family, f"{name}_2", f"Second gauge: {words}", f"{words.capitalize()} 2", combine=combine)


_AIR = (
    _like(_TEMPERATURE, "temperature", "Temperature", cf_name="air_temperature"),
    _like(_FELT, "feels_like", "Feels like"),
    _like(_TEMPERATURE, "temperature_min", "Lowest temperature", "Low"),
    _like(_TEMPERATURE, "temperature_max", "Highest temperature", "High"),
    _like(_TEMPERATURE, "dew_point", "Dew point", cf_name="dew_point_temperature", hue="dew"),
    _like(_TEMPERATURE, "wet_bulb", "Wet-bulb temperature", "Wet bulb", "wet_bulb_temperature", hue="dew"),
    _like(_FELT, "heat_index", "Heat index", cf_name="heat_index_of_air_temperature"),
    _like(_FELT, "wind_chill", "Wind chill", cf_name="wind_chill_of_air_temperature"),
    _like(_FELT, "apparent_temperature", "Apparent temperature", "Apparent", "apparent_air_temperature"),
    _like(_FELT, "humidex", "Humidex"),
    _like(_family("g/m3", (0, 1000), (0, 100), "hum"), "absolute_humidity", "Absolute humidity", "Vapour"),
    _like(
        _family("kPa", (0, 100), (0, 20), "hum", decimals=2),
        "vapour_pressure_deficit",
        "Vapour pressure deficit",
        "VPD",
        "water_vapor_saturation_deficit_in_air",
    ),
    _like(_TEMPERATURE, "indoor_temperature", "Indoor temperature", "Indoors"),
    _like(_HUMIDITY, "indoor_humidity", "Indoor humidity", "Indoors"),
    _like(_HUMIDITY, "humidity", "Humidity", cf_name="relative_humidity"),
    _like(_PRESSURE, "pressure", "Station pressure", "Pressure", "air_pressure"),
    _like(_SEA_LEVEL, "sea_level_pressure", "Sea-level pressure", "Pressure", "air_pressure_at_mean_sea_level"),
    _like(_PRESSURE, "ground_level_pressure", "Ground-level pressure", "Ground"),
    *_numbered(_TEMPERATURE, "temperature", "Temperature", "Temp", 10, first=1),
    *_numbered(_HUMIDITY, "humidity", "Humidity", "Humidity", 10, first=1),
)

_WIND_AND_RAIN = (
    _like(_WIND, "wind_speed", "Wind speed", "Wind", "wind_speed"),
    _like(_GUST, "wind_gust", "Wind gust", "Gust", "wind_speed_of_gust"),
    _like(
        _family("1", (0, 17), (0, 17), "wind", decimals=0), "beaufort", "Beaufort force", "Force", "beaufort_wind_force"
    ),
    _like(_GUST, "wind_gust_day", "Highest gust today", "Top gust", combine="last"),
    _like(_DIRECTION, "wind_direction", "Wind direction", "Direction", "wind_from_direction"),
    _like(_DIRECTION, "wind_gust_direction", "Gust direction", "Gust from", "wind_gust_from_direction", hue="gust"),
    _like(_RAIN, "rain", "Rain", cf_name="thickness_of_rainfall_amount", combine="sum"),
    _like(_RAIN, "rain_1h", "Rain, last hour", "Rain 1 h", combine="last"),
    _like(_RAIN_DAY, "rain_3h", "Rain, last 3 hours", "Rain 3 h", combine="last"),
    _like(_RAIN_DAY, "rain_24h", "Rain, last 24 hours", "Rain 24 h", combine="last"),
    _like(_RAIN_DAY, "rain_day", "Rain today", combine="counter"),
    _like(_RAIN_RATE, "rain_rate", "Rain rate", cf_name="rainfall_rate"),
    _like(_RAIN_LONG, "rain_total", "Rain, running total", "Rain total", plausible_high=None),
    _like(_RAIN_LONG, "rain_event", "Rain, this event", "Rain event"),
    _like(_RAIN_LONG, "rain_week", "Rain this week"),
    _like(_RAIN_LONG, "rain_month", "Rain this month"),
    _like(_RAIN_LONG, "rain_year", "Rain this year"),
    _like(
        _family("mm", (-10, 100), (-1, 20), "rain", decimals=2, combine="sum"),
        "reference_evapotranspiration",
        "Reference evapotranspiration",
        "ET₀",
    ),
    _like(_BOOLEAN, "raining", "Raining", hue="rain"),
    *_second_gauge(),
    _like(_RAIN, "snow", "Snow", cf_name="thickness_of_snowfall_amount", combine="sum"),
    _like(_RAIN, "snow_1h", "Snow, last hour", "Snow 1 h", combine="last"),
    _like(_RAIN_DAY, "snow_3h", "Snow, last 3 hours", "Snow 3 h", combine="last"),
    _like(
        _family("cm", (0, 2000), (0, 1200), "rain"), "snow_depth", "Snow depth", cf_name="surface_snow_thickness"
    ),  # record: 1182 cm
)

_SKY_AND_SOIL = (
    _like(_SHARE, "cloud_cover", "Cloud cover", "Clouds", "cloud_area_fraction"),
    _like(
        _family("m", (-500, 30000), (0, 25000), "air", decimals=0),
        "cloud_base",
        "Cloud base",
        "",
        "cloud_base_altitude",
    ),
    _like(_family("m", (0, None), (0, 300000), "air", decimals=0), "visibility", "Visibility", "", "visibility_in_air"),
    _like(
        _family(
            "W/m2", (-20, 2000), (0, 1600), "sun", decimals=0
        ),  # cloud edges lift it above the 1361 W/m2 outside the air
        "solar_radiation",
        "Solar radiation",
        "Solar",
        "surface_downwelling_shortwave_flux_in_air",
    ),
    _like(_family("lx", (0, 250000), (0, 200000), "sun", decimals=0), "illuminance", "Illuminance", "Light"),
    _like(_family("1", (0, 30), (0, 20), "uv"), "uv_index", "UV index", "UV", "ultraviolet_index"),
    _like(_TEMPERATURE, "soil_temperature", "Soil temperature", "Soil", "soil_temperature"),
    *_numbered(_TEMPERATURE, "soil_temperature", "Soil temperature", "Soil", 10),
    _like(_SOIL_MOISTURE, "soil_moisture", "Soil moisture", "", "volume_fraction_of_condensed_water_in_soil"),
    *_numbered(_SOIL_MOISTURE, "soil_moisture", "Soil moisture", "Soil", 16),
    _like(_SHARE, "leaf_wetness", "Leaf wetness", hue="hum"),
    *_numbered(replace(_SHARE, hue="hum"), "leaf_wetness", "Leaf wetness", "Leaf", 8),
    _like(
        _family("km", (0, 1000), (0, 100), "sun", decimals=0), "lightning_distance", "Lightning distance", "Lightning"
    ),
    _like(
        _family("1", (0, None), (0, 10000), "sun", decimals=0, combine="sum"),
        "lightning_count",
        "Lightning strikes",
        "Strikes",
    ),
    _like(
        _family("1", (0, None), (0, 100000), "sun", decimals=0, combine="counter"),
        "lightning_count_day",
        "Lightning strikes today",
        "Strikes today",
    ),
)

_AIR_QUALITY = (
    _like(
        _family("ppm", (0, 100000), (200, 40000), "air", decimals=0),
        "co2",
        "CO₂",
        "",
        "mole_fraction_of_carbon_dioxide_in_air",
    ),
    _like(_family("ppb", (0, None), (0, 65000), "air", decimals=0), "voc", "Volatile organic compounds", "VOC"),
    _like(_PARTICLES, "pm1", "PM1", cf_name="mass_concentration_of_pm1_ambient_aerosol_particles_in_air"),
    _like(_PARTICLES, "pm2_5", "PM2.5", cf_name="mass_concentration_of_pm2p5_ambient_aerosol_particles_in_air"),
    *_numbered(_PARTICLES, "pm2_5", "PM2.5", "PM2.5", 4),
    _like(_PARTICLES, "pm4", "PM4"),
    _like(_PARTICLES, "pm10", "PM10", cf_name="mass_concentration_of_pm10_ambient_aerosol_particles_in_air"),
    _like(_GAS, "no2", "Nitrogen dioxide", "NO₂", "mass_concentration_of_nitrogen_dioxide_in_air"),
    _like(_GAS, "o3", "Ozone", "O₃", "mass_concentration_of_ozone_in_air"),
    _like(_GAS, "so2", "Sulphur dioxide", "SO₂", "mass_concentration_of_sulfur_dioxide_in_air"),
    _like(
        _family("ppm", (0, None), (0, 1000), "air"),
        "co",
        "Carbon monoxide",
        "CO",
        "mole_fraction_of_carbon_monoxide_in_air",
    ),
    _like(_family("1", (0, 2000), (0, 500), "air", decimals=0), "aqi", "Air quality index", "AQI"),
)

_DEVICE = (
    _like(_SHARE, "battery", "Battery"),
    _like(_BOOLEAN, "battery_low", "Battery low"),
    _like(_family("V", (-1, 100), (0, 60), "air", decimals=2), "battery_voltage", "Battery voltage", "Battery"),
    _like(_family("dBm", (-200, 60), (-150, 30), "air", decimals=0), "signal_strength", "Signal strength", "Signal"),
    _like(_family("dB", (-200, 200), (-50, 150), "air"), "signal_to_noise", "Signal to noise", "SNR"),
    _like(_STATE, "condition_code", "Condition code", "Code"),
    _like(_TEXT, "condition", "Condition"),
    _like(_TEXT, "condition_text", "Condition in words", "Condition"),
    _like(_STATE, "city_id", "City number", "City"),
    _like(_TEXT, "city_name", "City"),
    _like(_ELECTRIC, "power", "Power", unit="W", decimals=1),
    _like(_ELECTRIC, "energy", "Energy", unit="kWh", combine="counter"),
    _like(_ELECTRIC, "current", "Current", unit="A"),
    _like(_ELECTRIC, "voltage", "Voltage", unit="V", decimals=1),
    _like(_ELECTRIC, "distance", "Distance", unit="m", decimals=3),
    _like(_ELECTRIC, "level", "Level", unit="m", decimals=3),
    _like(_BOOLEAN, "occupancy", "Occupancy"),
    _like(_BOOLEAN, "door_open", "Door open", "Door"),
    _like(_family("s", (0, None), (0, None), "air", decimals=0, combine="last"), "uptime", "Uptime"),
)

CATALOGUE: Mapping[str, Quantity] = MappingProxyType(
    {entry.name: entry for entry in _AIR + _WIND_AND_RAIN + _SKY_AND_SOIL + _AIR_QUALITY + _DEVICE}
)

# Names that other systems use for the same thing, looked up in lower case; CF standard names come from the catalogue.
_OTHER_NAMES = {
    "atmospheric_pressure": "pressure",
    "battery_level": "battery",
    "cloudiness": "cloud_cover",
    "dewpoint": "dew_point",
    "hum": "humidity",
    "lux": "illuminance",
    "mslp": "sea_level_pressure",
    "pm2.5": "pm2_5",
    "pm25": "pm2_5",
    "rh": "humidity",
    "rssi": "signal_strength",
    "snr": "signal_to_noise",
    "solar_irradiance": "solar_radiation",
    "surface_air_pressure": "pressure",
    "temp": "temperature",
    "uv": "uv_index",
    "uvi": "uv_index",
    "wind_deg": "wind_direction",
    "wind_dir": "wind_direction",
    "wind_gust_speed": "wind_gust",
}
ALIASES: Mapping[str, str] = MappingProxyType(
    {entry.cf_name: entry.name for entry in CATALOGUE.values() if entry.cf_name and entry.cf_name != entry.name}
    | _OTHER_NAMES
)


def known_quantity(name: str) -> Quantity | None:
    """Find the quantity of the catalogue that a name means: ours, a CF standard name or a common alias, in any case."""
    entry = CATALOGUE.get(name)
    if entry is None:
        lower = name.lower()
        entry = CATALOGUE.get(ALIASES.get(lower, lower))
    return entry


def quantity(name: str) -> Quantity:
    """Return the catalogue's entry, or a neutral quantity labelled after the name: "Leaf colour" from leaf_colour."""
    entry = CATALOGUE.get(name)
    if entry is not None:
        return entry
    words = " ".join(re.split(r"[_.:\s-]+", name)).strip() or name
    label = words[:1].upper() + words[1:]
    return Quantity(name=name, label=label, short=label, decimals=2)
