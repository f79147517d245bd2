"""Reference evapotranspiration, hour by hour: FAO-56 (Allen, Pereira, Raes and Smith 1998), equation 53.

kPa and MJ/m² inside, as in the paper. The sun's position decides by thresholds, so it has to be that of the same source
as the platform's.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

USUAL_SHARE: Final = 0.6  # of a clear sky's radiation, before any day told it: between humid and dry nights, page 75
SUN_TELLS: Final = math.radians(17)  # lower, the share is that of the last time it was higher: 0.3 rad, page 75


@dataclass(frozen=True)
class Where:
    """Degrees, and metres above the sea."""

    latitude: float
    longitude: float
    elevation_m: float


def sun_altitude(at: float, where: Where) -> float:
    """Return the altitude of the sun's centre in radians: NOAA's solar calculator, by its spreadsheet's columns."""
    century = (at / 86400 + 2440587.5 - 2451545) / 36525
    mean = math.radians(280.46646 + century * (36000.76983 + century * 0.0003032))
    anomaly = math.radians(357.52911 + century * (35999.05029 - 0.0001537 * century))
    orbit = 0.016708634 - century * (0.000042037 + 0.0000001267 * century)
    equation = (
        math.sin(anomaly) * (1.914602 - century * (0.004817 + 0.000014 * century))
        + math.sin(2 * anomaly) * (0.019993 - 0.000101 * century)
        + math.sin(3 * anomaly) * 0.000289
    )
    node = math.radians(125.04 - 1934.136 * century)
    apparent = mean + math.radians(equation - 0.00569 - 0.00478 * math.sin(node))
    tilt = math.radians(23 + (26 + (21.448 - century * 46.815) / 60) / 60 + 0.00256 * math.cos(node))
    declination = math.asin(math.sin(tilt) * math.sin(apparent))
    y = math.tan(tilt / 2) ** 2
    minutes = 4 * math.degrees(
        y * math.sin(2 * mean)
        - 2 * orbit * math.sin(anomaly)
        + 4 * orbit * y * math.sin(anomaly) * math.cos(2 * mean)
        - y * y / 2 * math.sin(4 * mean)
        - 1.25 * orbit * orbit * math.sin(2 * anomaly)
    )
    hour_angle = math.radians((at % 86400) / 240 + minutes / 4 + where.longitude - 180)
    phi = math.radians(where.latitude)
    return math.asin(
        math.sin(phi) * math.sin(declination) + math.cos(phi) * math.cos(declination) * math.cos(hour_angle)
    )


def evaporated(rows: Sequence[tuple[float, float | None, Mapping[str, float]]], where: Where) -> list[float | None]:
    """Return the mm of each row: its last instant, the hours before it that it stands for, and its values."""
    found: list[float | None] = []
    share: float | None = None
    for at, hours, numbers in rows:
        if not hours:
            found.append(None)
            continue
        middle = at - hours * 1800
        share = _share_of_clear_sky(middle, numbers["solar_radiation"], where) or share
        found.append(hours * _per_hour(middle, numbers, USUAL_SHARE if share is None else share, where))
    return found


def _share_of_clear_sky(at: float, radiation: float, where: Where) -> float | None:
    altitude = sun_altitude(at, where)
    if altitude <= SUN_TELLS:
        return None
    day = datetime.fromtimestamp(at, UTC).timetuple().tm_yday
    outside = 60 * 0.0820 * (1 + 0.033 * math.cos(2 * math.pi * day / 365)) * math.sin(altitude)  # equations 23 and 28
    clear = (0.75 + 2e-5 * where.elevation_m) * outside  # equation 37
    return min(1.0, max(0.3, radiation * 0.0036 / clear))


def _per_hour(at: float, numbers: Mapping[str, float], share: float, where: Where) -> float:
    t, rh, wind = numbers["temperature"], numbers["humidity"], numbers["wind_speed"]
    saturated = 0.6108 * math.exp(17.27 * t / (t + 237.3))  # equation 11
    vapour = saturated * rh / 100
    lost = 4.903e-9 / 24 * (t + 273.16) ** 4 * (0.34 - 0.14 * math.sqrt(vapour)) * (1.35 * share - 0.35)  # equation 39
    net = 0.77 * max(0.0, numbers["solar_radiation"]) * 0.0036 - lost
    kept = 1 - (0.1 if sun_altitude(at, where) > 0 else 0.5)  # equations 45 and 46
    slope = 4098 * saturated / (t + 237.3) ** 2  # equation 13
    psychrometric = 0.000665 * 101.3 * math.pow(1 - 0.0065 * where.elevation_m / 293, 5.26)  # equations 7 and 8
    of_wind = psychrometric * 37 / (t + 273) * wind * (saturated - vapour)
    return (0.408 * slope * net * kept + of_wind) / (slope + psychrometric * (1 + 0.34 * wind))
