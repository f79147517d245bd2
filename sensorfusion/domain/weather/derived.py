"""Quantities derived from measured ones: dew point, felt temperatures, sea-level pressure, and words for their values.

Everything is in canonical units (°C, %, m/s, hPa). A function returns None if a required input is missing.
"""

import math
from bisect import bisect_right
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import Final

from sensorfusion.domain.texts.translation import gettext, gettext_noop

KELVIN = 273.15  # K at 0 °C, exactly
GRAVITY = 9.80665  # m/s2, exactly (standard gravity)
DRY_AIR = 287.05  # J/(kg K), gas constant of dry air
WATER_VAPOUR = 461.5  # J/(kg K), gas constant of water vapour
_HOT = (80 - 32) * 5 / 9  # °C: the heat index applies from 80 °F
_HUMID = 40.0  # %: and from this humidity
_COLD = 10.0  # °C: wind chill applies up to here
_BREEZY = 4.8 / 3.6  # m/s: and above 4.8 km/h
_ABOVE_GROUND = 0.3  # hPa
_LAPSE = 0.190284  # of the standard atmosphere: R L / g


def saturation_pressure(*, temperature: float) -> float:
    """Compute the saturation vapour pressure over water in hPa (Magnus form of Alduchov and Eskridge 1996, eq. 21)."""
    return 6.1094 * math.exp(17.625 * temperature / (243.04 + temperature))


def dew_point(*, temperature: float | None, humidity: float | None) -> float | None:
    """Compute the dew point by inverting the Magnus form; None for perfectly dry air."""
    if temperature is None or humidity is None or humidity <= 0:
        return None
    magnus = math.log(humidity / 100) + 17.625 * temperature / (243.04 + temperature)
    return 243.04 * magnus / (17.625 - magnus)


def feels_like(*, temperature: float | None, humidity: float | None, wind_speed: float | None) -> float | None:
    """Return wind chill when it is cold and windy, heat index when it is hot and humid, else the air temperature."""
    if temperature is None:
        return None
    if wind_speed is not None and temperature <= _COLD:
        return wind_chill(temperature=temperature, wind_speed=wind_speed)
    if humidity is not None and temperature >= _HOT and humidity >= _HUMID:
        return heat_index(temperature=temperature, humidity=humidity)
    return temperature


def wind_chill(*, temperature: float | None, wind_speed: float | None) -> float | None:
    """Compute wind chill (JAG/TI 2001); outside its range, above 10 °C or below 4.8 km/h, it equals the temperature."""
    if temperature is None or wind_speed is None:
        return None
    if temperature > _COLD or wind_speed <= _BREEZY:
        return temperature
    power = math.pow(wind_speed * 3.6, 0.16)
    return 13.12 + 0.6215 * temperature - 11.37 * power + 0.3965 * temperature * power


def heat_index(*, temperature: float | None, humidity: float | None) -> float | None:
    """Compute the heat index of the US National Weather Service (SR 90-23, Rothfusz 1990, with both adjustments)."""
    if temperature is None or humidity is None:
        return None
    t, rh = temperature * 9 / 5 + 32, humidity
    simple = (t + 0.5 * (t + 61 + (t - 68) * 1.2 + rh * 0.094)) / 2
    return ((simple if simple < 80 else _rothfusz(t, rh)) - 32) * 5 / 9


def _rothfusz(t: float, rh: float) -> float:
    """Return the regression with its adjustments; input and result in °F."""
    index = -42.379 + 2.04901523 * t + 10.14333127 * rh - 0.22475541 * t * rh - 0.00683783 * t * t
    index += -0.05481717 * rh * rh + 0.00122874 * t * t * rh + 0.00085282 * t * rh * rh - 0.00000199 * t * t * rh * rh
    if rh < 13 and 80 <= t <= 112:
        index -= (13 - rh) / 4 * math.sqrt((17 - abs(t - 95)) / 17)
    elif rh > 85 and 80 <= t <= 87:
        index += (rh - 85) / 10 * (87 - t) / 5
    return index


def apparent_temperature(
    *, temperature: float | None, humidity: float | None, wind_speed: float | None
) -> float | None:
    """Compute the Australian apparent temperature in the shade (Bureau of Meteorology; Steadman 1994)."""
    if temperature is None or humidity is None or wind_speed is None:
        return None
    vapour = humidity / 100 * 6.105 * math.exp(17.27 * temperature / (237.7 + temperature))
    return temperature + 0.33 * vapour - 0.70 * wind_speed - 4.00


def humidex(*, temperature: float | None, humidity: float | None) -> float | None:
    """Compute the Canadian humidex (Masterton and Richardson 1979)."""
    dew = dew_point(temperature=temperature, humidity=humidity)
    if temperature is None or dew is None:
        return None
    vapour = 6.11 * math.exp(5417.7530 * (1 / 273.16 - 1 / (KELVIN + dew)))
    return temperature + 5 / 9 * (vapour - 10)


def sea_level_pressure(*, pressure: float | None, temperature: float | None, elevation_m: float | None) -> float | None:
    """Reduce station pressure to sea level: the hypsometric equation at the station's temperature.

    Accurate to some tenths of a hPa up to about 750 m; above that no reduction is reliable (WMO-No. 8, part I).
    """
    if pressure is None or temperature is None or elevation_m is None:
        return None
    return pressure * math.exp(GRAVITY * elevation_m / (DRY_AIR * (temperature + KELVIN)))


def altimeter_setting(*, pressure: float | None, elevation_m: float | None) -> float | None:
    """Reduce station pressure to sea level in the standard atmosphere, as altimeters are set (NWS, wxcalc, altimeter).

    The temperature of the air does not count; 0.3 hPa stand for the height of the barometer above the ground.
    """
    if pressure is None or elevation_m is None or pressure <= _ABOVE_GROUND:
        return None
    reduced = pressure - _ABOVE_GROUND
    rise = math.pow(1013.25, _LAPSE) * 0.0065 / 288 * elevation_m / math.pow(reduced, _LAPSE)
    return reduced * math.pow(1 + rise, 1 / _LAPSE)


def absolute_humidity(*, temperature: float | None, humidity: float | None) -> float | None:
    """Compute the mass of water vapour in the air, in g/m3."""
    if temperature is None or humidity is None:
        return None
    vapour_pa = humidity * saturation_pressure(temperature=temperature)  # % of hPa is Pa
    return 1000 * vapour_pa / (WATER_VAPOUR * (temperature + KELVIN))


def vapour_pressure_deficit(*, temperature: float | None, humidity: float | None) -> float | None:
    """Compute how much more vapour the air could hold, in kPa; never negative."""
    if temperature is None or humidity is None:
        return None
    return max(0.0, saturation_pressure(temperature=temperature) * (1 - humidity / 100) / 10)


@dataclass(frozen=True, slots=True)
class Words:
    """Words for intervals of a number: `edges` are ascending; an edge belongs to the interval above it."""

    edges: tuple[float, ...]
    words: tuple[str, ...]

    def place(self, value: float) -> int:
        """Return the number of edges that are at or below a value."""
        return bisect_right(self.edges, value)

    def of(self, value: float) -> str:
        """Return the word of the interval that contains a value, in the language of the page."""
        return gettext(self.words[self.place(value)])


# These tables are also sent to the pages' scripts (reports/script_tables.py).
WORDS: Final[Mapping[str, Words]] = {
    # Lower edges of forces 1 to 12 in m/s (WMO-No. 8, part I, chapter 5: speeds are rounded to 0.1 m/s).
    "beaufort": Words(
        (0.3, 1.6, 3.4, 5.5, 8.0, 10.8, 13.9, 17.2, 20.8, 24.5, 28.5, 32.7),
        (
            gettext_noop("calm"),
            gettext_noop("light air"),
            gettext_noop("light breeze"),
            gettext_noop("gentle breeze"),
            gettext_noop("moderate breeze"),
            gettext_noop("fresh breeze"),
            gettext_noop("strong breeze"),
            gettext_noop("near gale"),
            gettext_noop("gale"),
            gettext_noop("strong gale"),
            gettext_noop("storm"),
            gettext_noop("violent storm"),
            gettext_noop("hurricane force"),
        ),
    ),
    # Thresholds of the US National Weather Service's dew point guide, in whole °C.
    "comfort": Words(
        (5, 10, 16, 18, 21, 24),
        (
            gettext_noop("very dry"),
            gettext_noop("dry"),
            gettext_noop("comfortable"),
            gettext_noop("slightly humid"),
            gettext_noop("humid"),
            gettext_noop("muggy"),
            gettext_noop("oppressive"),
        ),
    ),
    # Exposure categories (WHO, Global solar UV index, 2002).
    "uv": Words(
        (3, 6, 8, 11),
        (
            gettext_noop("low"),
            gettext_noop("moderate"),
            gettext_noop("high"),
            gettext_noop("very high"),
            gettext_noop("extreme"),
        ),
    ),
    # Tiers of a change over 3 hours, in hPa.
    "rising": Words(
        (0.7, 2, 5),
        (gettext_noop("steady"), gettext_noop("rising slowly"), gettext_noop("rising"), gettext_noop("rising rapidly")),
    ),
    "falling": Words(
        (0.7, 2, 5),
        (
            gettext_noop("steady"),
            gettext_noop("falling slowly"),
            gettext_noop("falling"),
            gettext_noop("falling rapidly"),
        ),
    ),
}


def beaufort(*, wind_speed: float) -> int:
    """Return the Beaufort force, 0 to 12."""
    tenths = Decimal(wind_speed).quantize(Decimal("0.1"), ROUND_HALF_UP)  # as the pages' scripts round
    return WORDS["beaufort"].place(float(tenths))


def beaufort_word(*, wind_speed: float) -> str:
    """Return the name of the Beaufort force."""
    return gettext(WORDS["beaufort"].words[beaufort(wind_speed=wind_speed)])


def comfort_word(*, dew_point: float) -> str:
    """Return the word for the dew point's comfort."""
    return WORDS["comfort"].of(dew_point)


def uv_word(*, uv_index: float) -> str:
    """Return the exposure category of the rounded index."""
    return WORDS["uv"].of(math.floor(uv_index + 0.5))


def tendency_word(*, change_3h: float) -> str:
    """Return the word for the pressure tendency, from its change in hPa over 3 hours."""
    return WORDS["rising" if change_3h > 0 else "falling"].of(abs(change_3h))
