"""Presentation of quantities on pages: label, colour, and order of tiles.

A further source of a quantity has the colour of the first, and its label with what tells it apart: `power_2` is
"Power 2", `temperature:a2` is "Temperature a2". A label that people gave to a field of their device comes before both.
Their meaning is in `sensorfusion.domain.quantities`; a test ensures that every quantity there has an entry here.
"""

import re
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final, Literal

from sensorfusion.domain.quantities import CATALOGUE, base_and_which
from sensorfusion.domain.quantities.likeness import likeness

Meaning = Literal["temp", "dew", "hum", "pres", "wind", "gust", "rain", "sun", "uv", "air"]
Slot = Literal["s1", "s2", "s3", "s4", "s5", "s6", "s7", "s8"]  # without a meaning, for owners to choose
Hue = Meaning | Slot


@dataclass(frozen=True, slots=True)
class Looks:
    """`short` is the label for narrow places; `hue` names a colour of `tokens.css`."""

    label: str
    short: str
    hue: Hue = "air"


def inside(label: str) -> str:
    """Write a label inside a sentence: Temperature is temperature; CO₂, UV index and pH stay as they are."""
    return label[:1].lower() + label[1:] if label[1:2].islower() else label


# The most important tiles; the others follow in the order of the catalogue.
FIRST_TILES: Final = (
    "humidity",
    "sea_level_pressure",
    "pressure",
    "rain_day",
    "rain",
    "solar_radiation",
    "uv_index",
    "dew_point",
    "visibility",
    "wind_speed",
    "soil_temperature",
    "soil_moisture",
)


# Characters beside a chart and in the narrowest tile.
LONGEST_SHORT: Final = 24


def _looks(label: str, *, short: str = "", hue: Hue = "air") -> Looks:
    return Looks(label, short or label, hue)


_ROWS: Final = {
    "temperature": _looks("Temperature", hue="temp"),
    "feels_like": _looks("Feels like", hue="temp"),
    "temperature_min": _looks("Lowest temperature", short="Low", hue="temp"),
    "temperature_max": _looks("Highest temperature", short="High", hue="temp"),
    "dew_point": _looks("Dew point", hue="dew"),
    "wet_bulb": _looks("Wet-bulb temperature", short="Wet bulb", hue="dew"),
    "heat_index": _looks("Heat index", hue="temp"),
    "wind_chill": _looks("Wind chill", hue="temp"),
    "apparent_temperature": _looks("Apparent temperature", short="Apparent", hue="temp"),
    "humidex": _looks("Humidex", hue="temp"),
    "absolute_humidity": _looks("Absolute humidity", short="Vapour", hue="hum"),
    "vapour_pressure_deficit": _looks("Vapour pressure deficit", short="VPD", hue="hum"),
    "indoor_temperature": _looks("Indoor temperature", short="Indoors", hue="temp"),
    "indoor_humidity": _looks("Indoor humidity", short="Indoors", hue="hum"),
    "humidity": _looks("Humidity", hue="hum"),
    "pressure": _looks("Station pressure", short="Pressure", hue="pres"),
    "sea_level_pressure": _looks("Sea-level pressure", short="Pressure", hue="pres"),
    "ground_level_pressure": _looks("Ground-level pressure", short="Ground", hue="pres"),
    "wind_speed": _looks("Wind speed", short="Wind", hue="wind"),
    "wind_gust": _looks("Wind gust", short="Gust", hue="gust"),
    "beaufort": _looks("Beaufort force", short="Force", hue="wind"),
    "wind_gust_day": _looks("Highest gust today", short="Top gust", hue="gust"),
    "wind_direction": _looks("Wind direction", short="Direction", hue="wind"),
    "wind_gust_direction": _looks("Gust direction", short="Gust from", hue="gust"),
    "rain": _looks("Rain", hue="rain"),
    "rain_1h": _looks("Rain, last hour", short="Rain 1 h", hue="rain"),
    "rain_3h": _looks("Rain, last 3 hours", short="Rain 3 h", hue="rain"),
    "rain_24h": _looks("Rain, last 24 hours", short="Rain 24 h", hue="rain"),
    "rain_day": _looks("Rain today", hue="rain"),
    "rain_rate": _looks("Rain rate", hue="rain"),
    "rain_total": _looks("Rain, running total", short="Rain total", hue="rain"),
    "rain_event": _looks("Rain, this event", short="Rain event", hue="rain"),
    "rain_week": _looks("Rain this week", hue="rain"),
    "rain_month": _looks("Rain this month", hue="rain"),
    "rain_year": _looks("Rain this year", hue="rain"),
    "reference_evapotranspiration": _looks("Reference evapotranspiration", short="ET₀", hue="rain"),
    "raining": _looks("Raining", hue="rain"),
    "snow": _looks("Snow", hue="rain"),
    "snow_1h": _looks("Snow, last hour", short="Snow 1 h", hue="rain"),
    "snow_3h": _looks("Snow, last 3 hours", short="Snow 3 h", hue="rain"),
    "snow_depth": _looks("Snow depth", hue="rain"),
    "cloud_cover": _looks("Cloud cover", short="Clouds"),
    "cloud_base": _looks("Cloud base"),
    "visibility": _looks("Visibility"),
    "solar_radiation": _looks("Solar radiation", short="Solar", hue="sun"),
    "illuminance": _looks("Illuminance", short="Light", hue="sun"),
    "uv_index": _looks("UV index", short="UV", hue="uv"),
    "soil_temperature": _looks("Soil temperature", short="Soil", hue="temp"),
    "soil_moisture": _looks("Soil moisture", hue="hum"),
    "leaf_wetness": _looks("Leaf wetness", hue="hum"),
    "lightning_distance": _looks("Lightning distance", short="Lightning", hue="sun"),
    "lightning_count": _looks("Lightning strikes", short="Strikes", hue="sun"),
    "lightning_count_day": _looks("Lightning strikes today", short="Strikes today", hue="sun"),
    "co2": _looks("CO₂"),
    "voc": _looks("Volatile organic compounds", short="VOC"),
    "pm1": _looks("PM1"),
    "pm2_5": _looks("PM2.5"),
    "pm4": _looks("PM4"),
    "pm10": _looks("PM10"),
    "no2": _looks("Nitrogen dioxide", short="NO₂"),
    "o3": _looks("Ozone", short="O₃"),
    "so2": _looks("Sulphur dioxide", short="SO₂"),
    "co": _looks("Carbon monoxide", short="CO"),
    "aqi": _looks("Air quality index", short="AQI"),
    "battery": _looks("Battery"),
    "battery_low": _looks("Battery low"),
    "battery_voltage": _looks("Battery voltage", short="Battery"),
    "signal_strength": _looks("Signal strength", short="Signal"),
    "signal_to_noise": _looks("Signal to noise", short="SNR"),
    "condition_code": _looks("Condition code", short="Code"),
    "condition": _looks("Condition"),
    "condition_text": _looks("Condition in words", short="Condition"),
    "lightning_time": _looks("Last lightning strike", short="Lightning"),
    "city_id": _looks("City number", short="City"),
    "city_name": _looks("City"),
    "power": _looks("Power"),
    "energy": _looks("Energy"),
    "current": _looks("Current"),
    "voltage": _looks("Voltage"),
    "distance": _looks("Distance"),
    "level": _looks("Level"),
    "occupancy": _looks("Occupancy"),
    "door_open": _looks("Door"),
    "leak": _looks("Leak"),
    "uptime": _looks("Uptime"),
}
# Short labels of a station's further probes, before their number.
_PROBES: Final = {
    "temperature": "Temp",
    "humidity": "Humidity",
    "soil_temperature": "Soil",
    "soil_moisture": "Soil",
    "leaf_wetness": "Leaf",
    "pm2_5": "PM2.5",
}
_SECOND_GAUGE: Final = re.compile(r"(rain_.+)_2\Z")


def _numbered(name: str) -> Looks | None:
    """Return the looks of a further probe, or of the second rain gauge, after those of the first."""
    base, _, number = name.rpartition("_")
    if base in _PROBES and number.isdecimal():
        first = _ROWS[base]
        return Looks(f"{first.label} {number}", f"{_PROBES[base]} {number}", first.hue)
    gauge = _SECOND_GAUGE.match(name)
    if gauge and gauge[1] in _ROWS:
        label = _ROWS[gauge[1]].label
        return Looks(f"Second gauge: {inside(label)}", f"{label} 2", "rain")
    return None


LOOKS: Final = MappingProxyType(
    _ROWS | {name: numbered for name in CATALOGUE if name not in _ROWS and (numbered := _numbered(name))}
)


def looks(name: str, label: str = "") -> Looks:
    """Return the looks of a quantity; one that is not in the catalogue is labelled after its name: "Leaf colour".

    :param label: what people call it, such as the name of a probe; it may be in any script and of any length.
    """
    found = LOOKS.get(name) or _further(name) or _alike(name) or _looks(_sentence(name))
    return Looks(label, _shortened(label), found.hue) if label else found


def _further(name: str) -> Looks | None:
    """Return the looks of another source of a quantity: its colour, and its label with what tells the source apart."""
    base, which = base_and_which(name)
    if not which:
        return None
    first, told = LOOKS[base], " ".join(which.replace("_", " ").split()) or which
    return Looks(f"{first.label} {told}", _shortened(f"{_PROBES.get(base, first.short)} {told}"), first.hue)


def _alike(name: str) -> Looks | None:
    """Return the looks of a name that ends with a known word: the word's colour."""
    like = likeness(name)
    return _looks(_sentence(name), hue=LOOKS[like.entry.name].hue) if like else None


def _sentence(name: str) -> str:
    words = " ".join(re.split(r"[_.:\s-]+", name)).strip() or name
    return words[:1].upper() + words[1:]


def _shortened(label: str) -> str:
    return label if len(label) <= LONGEST_SHORT else f"{label[: LONGEST_SHORT - 1].rstrip()}…"
