"""Presentation of quantities on pages: label, in the language of the page, colour, and order of tiles.

A further source of a quantity has the colour of the first, and its label with what tells it apart: `power_2` is
"Power 2", `temperature:a2` is "Temperature a2". A label that people gave to a field of their device comes before both.
Their meaning is in `sensorfusion.domain.quantities`; a test ensures that every quantity there has an entry here.
"""

import re
from dataclasses import dataclass
from functools import lru_cache
from types import MappingProxyType
from typing import Final, Literal

from sensorfusion.domain.quantities import CATALOGUE, base_and_which
from sensorfusion.domain.quantities.likeness import likeness
from sensorfusion.domain.texts.translation import language, pgettext, pgettext_noop

Meaning = Literal["temp", "dew", "hum", "pres", "wind", "gust", "rain", "sun", "uv", "air"]
Slot = Literal["s1", "s2", "s3", "s4", "s5", "s6", "s7", "s8"]  # without a meaning, for owners to choose
Hue = Meaning | Slot


@dataclass(frozen=True, slots=True)
class Looks:
    """`short` is the label for narrow places; `hue` names a colour of `tokens.css`."""

    label: str
    short: str
    hue: Hue = "air"


# Languages that write nouns with a capital inside sentences too; what a label of ours may begin with instead.
_CAPITALS: Final = {"de": ("Gefühlte ", "Niedrigste ", "Höchste ", "Absolute ", "Scheinbare ", "Letzter ")}


def inside(label: str) -> str:
    """Write a label inside a sentence: Temperature is temperature; CO₂, UV index and pH stay as they are."""
    others = _CAPITALS.get(language()[:2])
    is_written_small = label[1:2].islower() if others is None else label.startswith(others)
    return label[:1].lower() + label[1:] if is_written_small else label


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
    "temperature": _looks(pgettext_noop("quantity", "Temperature"), hue="temp"),
    "feels_like": _looks(pgettext_noop("quantity", "Feels like"), hue="temp"),
    "temperature_min": _looks(
        pgettext_noop("quantity", "Lowest temperature"), short=pgettext_noop("quantity", "Low"), hue="temp"
    ),
    "temperature_max": _looks(
        pgettext_noop("quantity", "Highest temperature"), short=pgettext_noop("quantity", "High"), hue="temp"
    ),
    "dew_point": _looks(pgettext_noop("quantity", "Dew point"), hue="dew"),
    "wet_bulb": _looks(
        pgettext_noop("quantity", "Wet-bulb temperature"), short=pgettext_noop("quantity", "Wet bulb"), hue="dew"
    ),
    "heat_index": _looks(pgettext_noop("quantity", "Heat index"), hue="temp"),
    "wind_chill": _looks(pgettext_noop("quantity", "Wind chill"), hue="temp"),
    "apparent_temperature": _looks(
        pgettext_noop("quantity", "Apparent temperature"), short=pgettext_noop("quantity", "Apparent"), hue="temp"
    ),
    "humidex": _looks(pgettext_noop("quantity", "Humidex"), hue="temp"),
    "absolute_humidity": _looks(
        pgettext_noop("quantity", "Absolute humidity"), short=pgettext_noop("quantity", "Vapour"), hue="hum"
    ),
    "vapour_pressure_deficit": _looks(
        pgettext_noop("quantity", "Vapour pressure deficit"), short=pgettext_noop("quantity", "VPD"), hue="hum"
    ),
    "indoor_temperature": _looks(
        pgettext_noop("quantity", "Indoor temperature"), short=pgettext_noop("quantity", "Indoors"), hue="temp"
    ),
    "indoor_humidity": _looks(
        pgettext_noop("quantity", "Indoor humidity"), short=pgettext_noop("quantity", "Indoors"), hue="hum"
    ),
    "humidity": _looks(pgettext_noop("quantity", "Humidity"), hue="hum"),
    "pressure": _looks(
        pgettext_noop("quantity", "Station pressure"), short=pgettext_noop("quantity", "Pressure"), hue="pres"
    ),
    "sea_level_pressure": _looks(
        pgettext_noop("quantity", "Sea-level pressure"), short=pgettext_noop("quantity", "Pressure"), hue="pres"
    ),
    "ground_level_pressure": _looks(
        pgettext_noop("quantity", "Ground-level pressure"), short=pgettext_noop("quantity", "Ground"), hue="pres"
    ),
    "wind_speed": _looks(pgettext_noop("quantity", "Wind speed"), short=pgettext_noop("quantity", "Wind"), hue="wind"),
    "wind_gust": _looks(pgettext_noop("quantity", "Wind gust"), short=pgettext_noop("quantity", "Gust"), hue="gust"),
    "beaufort": _looks(
        pgettext_noop("quantity", "Beaufort force"), short=pgettext_noop("quantity", "Force"), hue="wind"
    ),
    "wind_gust_day": _looks(
        pgettext_noop("quantity", "Highest gust today"), short=pgettext_noop("quantity", "Top gust"), hue="gust"
    ),
    "wind_direction": _looks(
        pgettext_noop("quantity", "Wind direction"), short=pgettext_noop("quantity", "Direction"), hue="wind"
    ),
    "wind_gust_direction": _looks(
        pgettext_noop("quantity", "Gust direction"), short=pgettext_noop("quantity", "Gust from"), hue="gust"
    ),
    "rain": _looks(pgettext_noop("quantity", "Rain"), hue="rain"),
    "rain_1h": _looks(
        pgettext_noop("quantity", "Rain, last hour"), short=pgettext_noop("quantity", "Rain 1 h"), hue="rain"
    ),
    "rain_3h": _looks(
        pgettext_noop("quantity", "Rain, last 3 hours"), short=pgettext_noop("quantity", "Rain 3 h"), hue="rain"
    ),
    "rain_24h": _looks(
        pgettext_noop("quantity", "Rain, last 24 hours"), short=pgettext_noop("quantity", "Rain 24 h"), hue="rain"
    ),
    "rain_day": _looks(pgettext_noop("quantity", "Rain today"), hue="rain"),
    "rain_rate": _looks(pgettext_noop("quantity", "Rain rate"), hue="rain"),
    "rain_total": _looks(
        pgettext_noop("quantity", "Rain, running total"), short=pgettext_noop("quantity", "Rain total"), hue="rain"
    ),
    "rain_event": _looks(
        pgettext_noop("quantity", "Rain, this event"), short=pgettext_noop("quantity", "Rain event"), hue="rain"
    ),
    "rain_week": _looks(pgettext_noop("quantity", "Rain this week"), hue="rain"),
    "rain_month": _looks(pgettext_noop("quantity", "Rain this month"), hue="rain"),
    "rain_year": _looks(pgettext_noop("quantity", "Rain this year"), hue="rain"),
    "reference_evapotranspiration": _looks(
        pgettext_noop("quantity", "Reference evapotranspiration"), short=pgettext_noop("quantity", "ET₀"), hue="rain"
    ),
    "raining": _looks(pgettext_noop("quantity", "Raining"), hue="rain"),
    "snow": _looks(pgettext_noop("quantity", "Snow"), hue="rain"),
    "snow_1h": _looks(
        pgettext_noop("quantity", "Snow, last hour"), short=pgettext_noop("quantity", "Snow 1 h"), hue="rain"
    ),
    "snow_3h": _looks(
        pgettext_noop("quantity", "Snow, last 3 hours"), short=pgettext_noop("quantity", "Snow 3 h"), hue="rain"
    ),
    "snow_depth": _looks(pgettext_noop("quantity", "Snow depth"), hue="rain"),
    "cloud_cover": _looks(pgettext_noop("quantity", "Cloud cover"), short=pgettext_noop("quantity", "Clouds")),
    "cloud_base": _looks(pgettext_noop("quantity", "Cloud base")),
    "visibility": _looks(pgettext_noop("quantity", "Visibility")),
    "solar_radiation": _looks(
        pgettext_noop("quantity", "Solar radiation"), short=pgettext_noop("quantity", "Solar"), hue="sun"
    ),
    "illuminance": _looks(
        pgettext_noop("quantity", "Illuminance"), short=pgettext_noop("quantity", "Light"), hue="sun"
    ),
    "uv_index": _looks(pgettext_noop("quantity", "UV index"), short=pgettext_noop("quantity", "UV"), hue="uv"),
    "soil_temperature": _looks(
        pgettext_noop("quantity", "Soil temperature"), short=pgettext_noop("quantity", "Soil"), hue="temp"
    ),
    "soil_moisture": _looks(pgettext_noop("quantity", "Soil moisture"), hue="hum"),
    "leaf_wetness": _looks(pgettext_noop("quantity", "Leaf wetness"), hue="hum"),
    "lightning_distance": _looks(
        pgettext_noop("quantity", "Lightning distance"), short=pgettext_noop("quantity", "Lightning"), hue="sun"
    ),
    "lightning_count": _looks(
        pgettext_noop("quantity", "Lightning strikes"), short=pgettext_noop("quantity", "Strikes"), hue="sun"
    ),
    "lightning_count_day": _looks(
        pgettext_noop("quantity", "Lightning strikes today"),
        short=pgettext_noop("quantity", "Strikes today"),
        hue="sun",
    ),
    "co2": _looks(pgettext_noop("quantity", "CO₂")),
    "voc": _looks(pgettext_noop("quantity", "Volatile organic compounds"), short=pgettext_noop("quantity", "VOC")),
    "pm1": _looks(pgettext_noop("quantity", "PM1")),
    "pm2_5": _looks(pgettext_noop("quantity", "PM2.5")),
    "pm4": _looks(pgettext_noop("quantity", "PM4")),
    "pm10": _looks(pgettext_noop("quantity", "PM10")),
    "no2": _looks(pgettext_noop("quantity", "Nitrogen dioxide"), short=pgettext_noop("quantity", "NO₂")),
    "o3": _looks(pgettext_noop("quantity", "Ozone"), short=pgettext_noop("quantity", "O₃")),
    "so2": _looks(pgettext_noop("quantity", "Sulphur dioxide"), short=pgettext_noop("quantity", "SO₂")),
    "co": _looks(pgettext_noop("quantity", "Carbon monoxide"), short=pgettext_noop("quantity", "CO")),
    "aqi": _looks(pgettext_noop("quantity", "Air quality index"), short=pgettext_noop("quantity", "AQI")),
    "battery": _looks(pgettext_noop("quantity", "Battery")),
    "battery_low": _looks(pgettext_noop("quantity", "Battery low")),
    "battery_voltage": _looks(pgettext_noop("quantity", "Battery voltage"), short=pgettext_noop("quantity", "Battery")),
    "signal_strength": _looks(pgettext_noop("quantity", "Signal strength"), short=pgettext_noop("quantity", "Signal")),
    "signal_to_noise": _looks(pgettext_noop("quantity", "Signal to noise"), short=pgettext_noop("quantity", "SNR")),
    "condition_code": _looks(pgettext_noop("quantity", "Condition code"), short=pgettext_noop("quantity", "Code")),
    "condition": _looks(pgettext_noop("quantity", "Condition")),
    "condition_text": _looks(
        pgettext_noop("quantity", "Condition in words"), short=pgettext_noop("quantity", "Condition")
    ),
    "lightning_time": _looks(
        pgettext_noop("quantity", "Last lightning strike"), short=pgettext_noop("quantity", "Lightning")
    ),
    "city_id": _looks(pgettext_noop("quantity", "City number"), short=pgettext_noop("quantity", "City")),
    "city_name": _looks(pgettext_noop("quantity", "City")),
    "power": _looks(pgettext_noop("quantity", "Power")),
    "energy": _looks(pgettext_noop("quantity", "Energy")),
    "current": _looks(pgettext_noop("quantity", "Current")),
    "voltage": _looks(pgettext_noop("quantity", "Voltage")),
    "distance": _looks(pgettext_noop("quantity", "Distance")),
    "level": _looks(pgettext_noop("quantity", "Level")),
    "occupancy": _looks(pgettext_noop("quantity", "Occupancy")),
    "door_open": _looks(pgettext_noop("quantity", "Door")),
    "leak": _looks(pgettext_noop("quantity", "Leak")),
    "uptime": _looks(pgettext_noop("quantity", "Uptime")),
}
# Short labels of a station's further probes, before their number.
_PROBES: Final = {
    "temperature": pgettext_noop("quantity", "Temp"),
    "humidity": pgettext_noop("quantity", "Humidity"),
    "soil_temperature": pgettext_noop("quantity", "Soil"),
    "soil_moisture": pgettext_noop("quantity", "Soil"),
    "leaf_wetness": pgettext_noop("quantity", "Leaf"),
    "pm2_5": pgettext_noop("quantity", "PM2.5"),
}
_SECOND_GAUGE: Final = re.compile(r"(rain_.+)_2\Z")


def _shortened(label: str) -> str:
    return label if len(label) <= LONGEST_SHORT else f"{label[: LONGEST_SHORT - 1].rstrip()}…"


def _numbered(name: str) -> Looks | None:
    """Return the looks of a further probe, or of the second rain gauge, after those of the first."""
    base, _, number = name.rpartition("_")
    if base in _PROBES and number.isdecimal():
        first = _row(base)
        return Looks(f"{first.label} {number}", f"{pgettext('quantity', _PROBES[base])} {number}", first.hue)
    gauge = _SECOND_GAUGE.match(name)
    if gauge and gauge[1] in _ROWS:
        label = _row(gauge[1]).label
        second = pgettext("quantity", "Second gauge: {quantity}").format(quantity=inside(label))
        return Looks(second, _shortened(f"{label} 2"), "rain")
    return None


def _row(name: str) -> Looks:
    """Return the looks of a row in the language of the page."""
    found = _ROWS[name]
    return Looks(pgettext("quantity", found.label), pgettext("quantity", found.short), found.hue)


LOOKS: Final = MappingProxyType(
    _ROWS | {name: numbered for name in CATALOGUE if name not in _ROWS and (numbered := _numbered(name))}
)


def looks(name: str, label: str = "") -> Looks:
    """Return the looks of a quantity; one that is not in the catalogue is labelled after its name: "Leaf colour".

    :param label: what people call it, such as the name of a probe; it may be in any script and of any length.
    """
    found = _known(name, language()) or _further(name) or _alike(name) or _looks(_sentence(name))
    return Looks(label, _shortened(label), found.hue) if label else found


@lru_cache(maxsize=4096)
def _known(name: str, _language: str) -> Looks | None:
    if name not in LOOKS:
        return None
    return _row(name) if name in _ROWS else _numbered(name)


def _further(name: str) -> Looks | None:
    """Return the looks of another source of a quantity: its colour, and its label with what tells the source apart."""
    base, which = base_and_which(name)
    if not which:
        return None
    first, told = _known(base, language()) or LOOKS[base], " ".join(which.replace("_", " ").split()) or which
    short = pgettext("quantity", _PROBES[base]) if base in _PROBES else first.short
    return Looks(f"{first.label} {told}", _shortened(f"{short} {told}"), first.hue)


def _alike(name: str) -> Looks | None:
    """Return the looks of a name that ends with a known word: the word's colour."""
    like = likeness(name)
    return _looks(_sentence(name), hue=LOOKS[like.entry.name].hue) if like else None


def _sentence(name: str) -> str:
    words = " ".join(re.split(r"[_.:\s-]+", name)).strip() or name
    return words[:1].upper() + words[1:]
