"""Derived quantities from the values of one instant, each by the formula that docs/readings.md names, written again.

°C, %, m/s, hPa. Sources beside the formulas.
"""

import math
from collections.abc import Callable, Mapping
from decimal import ROUND_HALF_UP, Decimal
from typing import Final

Number = float | None


def over_water(t: float) -> float:
    """Return the saturation vapour pressure in hPa: Alduchov and Eskridge 1996, J. Appl. Meteor. 35, equation 21."""
    return 6.1094 * math.exp(17.625 * t / (t + 243.04))


def dew_point(t: float, rh: float) -> Number:
    """Return the temperature at which the vapour pressure saturates; the inverse of the equation above."""
    if rh <= 0:
        return None
    ratio = math.log(rh / 100 * over_water(t) / 6.1094)
    return 243.04 * ratio / (17.625 - ratio)


def heat_index(t: float, rh: float) -> float:
    """Return the heat index: NWS Technical Attachment SR 90-23 and wpc.ncep.noaa.gov/html/heatindex_equation.shtml."""
    f = 1.8 * t + 32
    simple = (0.5 * (f + 61.0 + (f - 68.0) * 1.2 + rh * 0.094) + f) / 2
    if simple < 80:
        return (simple - 32) / 1.8
    terms = (
        -42.379,
        2.04901523 * f,
        10.14333127 * rh,
        -0.22475541 * f * rh,
        -6.83783e-3 * f**2,
        -5.481717e-2 * rh**2,
        1.22874e-3 * f**2 * rh,
        8.5282e-4 * f * rh**2,
        -1.99e-6 * f**2 * rh**2,
    )
    index = math.fsum(terms)
    if rh < 13 and 80 <= f <= 112:
        index -= (13 - rh) / 4 * math.sqrt((17 - abs(f - 95)) / 17)
    if rh > 85 and 80 <= f <= 87:
        index += (rh - 85) / 10 * (87 - f) / 5
    return (index - 32) / 1.8


def wind_chill(t: float, wind: float) -> float:
    """Return the wind chill: JAG/TI 2001, to 10 °C and above 4.8 km/h; elsewhere the temperature."""
    kmh = wind * 3.6
    if t > 10 or kmh <= 4.8:
        return t
    return 13.12 + 0.6215 * t + (0.3965 * t - 11.37) * math.pow(kmh, 0.16)


def feels_like(t: float, rh: Number, wind: Number) -> float:
    """Return the wind chill to 10 °C, the heat index from 80 °F and 40 %, else the temperature."""
    if t <= 10 and wind is not None:
        return wind_chill(t, wind)
    if 1.8 * t + 32 >= 80 and rh is not None and rh >= 40:
        return heat_index(t, rh)
    return t


def apparent_temperature(t: float, rh: float, wind: float) -> float:
    """Return the apparent temperature in the shade: bom.gov.au/info/thermal_stress (Steadman 1994)."""
    return t + 0.33 * (rh / 100 * 6.105 * math.exp(17.27 * t / (237.7 + t))) - 0.7 * wind - 4


def humidex(t: float, rh: float) -> Number:
    """Return the humidex: Masterton and Richardson 1979."""
    dew = dew_point(t, rh)
    if dew is None:
        return None
    return t + 5 / 9 * (6.11 * math.exp(5417.7530 * (1 / 273.16 - 1 / (dew + 273.15))) - 10)


def absolute_humidity(t: float, rh: float) -> float:
    """Return g/m³ of vapour: the law of ideal gases with 461.5 J/(kg K)."""
    return rh / 100 * over_water(t) * 100 / (461.5 * (t + 273.15)) * 1000


def vapour_pressure_deficit(t: float, rh: float) -> float:
    """Return kPa that are missing from saturation; none above 100 %."""
    return max(0.0, over_water(t) / 10 * (1 - rh / 100))


def sea_level_pressure(pressure: float, t: float, elevation_m: float) -> float:
    """Return hPa at sea level: the hypsometric equation, 287.05 J/(kg K), 9.80665 m/s² (WMO-No. 8, chapter 3)."""
    return pressure * math.exp(9.80665 * elevation_m / (287.05 * (t + 273.15)))


def beaufort(wind: float) -> float:
    """Return the force: WMO-No. 8, part I, chapter 5, lower edges in m/s of speeds to a tenth, halves up."""
    edges = (0.3, 1.6, 3.4, 5.5, 8.0, 10.8, 13.9, 17.2, 20.8, 24.5, 28.5, 32.7)
    tenths = float(Decimal(round(wind, 6)).quantize(Decimal("0.1"), ROUND_HALF_UP))
    return float(sum(tenths >= edge for edge in edges))


# Required inputs, optional ones, and the formula of them in this order.
FORMULAS: Final[Mapping[str, tuple[tuple[str, ...], tuple[str, ...], Callable[..., Number]]]] = {
    "dew_point": (("temperature", "humidity"), (), dew_point),
    "heat_index": (("temperature", "humidity"), (), heat_index),
    "wind_chill": (("temperature", "wind_speed"), (), wind_chill),
    "feels_like": (("temperature",), ("humidity", "wind_speed"), feels_like),
    "apparent_temperature": (("temperature", "humidity", "wind_speed"), (), apparent_temperature),
    "humidex": (("temperature", "humidity"), (), humidex),
    "absolute_humidity": (("temperature", "humidity"), (), absolute_humidity),
    "vapour_pressure_deficit": (("temperature", "humidity"), (), vapour_pressure_deficit),
    "beaufort": (("wind_speed",), (), beaufort),
}


def at_once(name: str, numbers: Mapping[str, float], elevation_m: float) -> Number:
    """Return a derived quantity of one instant, None if an input is missing."""
    if name == "sea_level_pressure":
        if "pressure" not in numbers or "temperature" not in numbers:
            return None
        return sea_level_pressure(numbers["pressure"], numbers["temperature"], elevation_m)
    needed, optional, formula = FORMULAS[name]
    if any(each not in numbers for each in needed):
        return None
    return formula(*(numbers[each] for each in needed), *(numbers.get(each) for each in optional))
