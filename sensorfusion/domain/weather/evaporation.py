"""Reference evapotranspiration: the water that well-watered short grass evaporates (FAO-56 Penman–Monteith).

Allen, Pereira, Raes and Smith, "Crop evapotranspiration", FAO Irrigation and Drainage Paper 56, 1998; equation numbers
are those of that paper. As there, pressures are in kPa and energy is in MJ/m2 internally.
"""

import math
from datetime import datetime
from typing import Final

from sensorfusion.domain.weather import sun

ALBEDO: Final = 0.23  # of the reference grass
SOLAR_CONSTANT: Final = 0.0820  # MJ/(m2 min)
STEFAN_BOLTZMANN: Final = 4.903e-9  # MJ/(K4 m2 d)
LATENT: Final = 0.408  # mm of water that 1 MJ/m2 evaporates
ASSUMED_CLEARNESS: Final = 0.6  # between the 0.4–0.6 of humid and the 0.7–0.8 of dry nights (page 75)
SUN_TELLS_ABOVE: Final = 17.0  # degrees (0.3 rad): lower, the clear sky's radiation is too little for a comparison


def hourly(
    *,
    at: datetime,
    temperature: float,
    humidity: float,
    wind_speed: float,
    solar_radiation: float,
    latitude: float,
    longitude: float,
    elevation_m: float,
    clearness: float | None = None,
) -> float:
    """Compute the evapotranspiration in mm/h during a short interval around `at` (equation 53); dew makes it negative.

    :param wind_speed: m/s at 2 m above the ground (see `wind_at_2_m`).
    :param solar_radiation: W/m2.
    :param clearness: share of the clear sky's radiation: the result of `clearness` while the sun is high enough, at
        night the last known one.
    """
    received = max(0.0, solar_radiation) * 0.0036  # MJ/(m2 h)
    clear = ASSUMED_CLEARNESS if clearness is None else clearness
    vapour = saturation_kpa(temperature) * humidity / 100
    lost = _long_wave((temperature + 273.16) ** 4 / 24, vapour, clear)
    net = (1 - ALBEDO) * received - lost
    day = sun.position(at, latitude=latitude, longitude=longitude).altitude > 0
    ground = net * (0.1 if day else 0.5)  # equations 45 and 46
    deficit = saturation_kpa(temperature) - vapour
    return _penman_monteith(temperature, net - ground, wind_speed, deficit, elevation_m, of_wind=37)


def clearness(
    *, at: datetime, solar_radiation: float, latitude: float, longitude: float, elevation_m: float
) -> float | None:
    """Return the share of a clear sky's radiation that arrives, within [0.3, 1]; None while the sun is too low."""
    altitude = sun.position(at, latitude=latitude, longitude=longitude).altitude
    if altitude <= SUN_TELLS_ABOVE:
        return None
    around = 1 + 0.033 * math.cos(2 * math.pi * at.timetuple().tm_yday / 365)  # equation 23
    outside = 60 * SOLAR_CONSTANT * around * math.sin(math.radians(altitude))  # MJ/(m2 h), equation 28 at one instant
    return _share(solar_radiation * 0.0036, _clear_sky(outside, elevation_m))


def daily(
    *,
    day_of_year: int,
    low: float,
    high: float,
    humidity: tuple[float, float],
    wind_speed: float,
    solar_energy: float,
    latitude: float,
    elevation_m: float,
) -> float:
    """Compute the evapotranspiration of a day in mm (equation 6).

    :param humidity: lowest and highest.
    :param wind_speed: the day's mean in m/s at 2 m above the ground.
    :param solar_energy: in MJ/m2: the day's mean radiation in W/m2 times 0.0864.
    """
    coldest, warmest = saturation_kpa(low), saturation_kpa(high)
    vapour = (coldest * humidity[1] + warmest * humidity[0]) / 200  # equation 17
    outside = extraterrestrial(day_of_year=day_of_year, latitude=latitude)
    clear = _share(solar_energy, _clear_sky(outside, elevation_m))
    kelvins = ((low + 273.16) ** 4 + (high + 273.16) ** 4) / 2
    net = (1 - ALBEDO) * solar_energy - _long_wave(kelvins, vapour, clear)
    deficit = (coldest + warmest) / 2 - vapour
    return _penman_monteith((low + high) / 2, net, wind_speed, deficit, elevation_m, of_wind=900)


def extraterrestrial(*, day_of_year: int, latitude: float) -> float:
    """Compute the daily solar energy on a horizontal surface outside the atmosphere, in MJ/m2 (equations 21 to 25)."""
    year, phi = 2 * math.pi * day_of_year / 365, math.radians(latitude)
    around, declination = 1 + 0.033 * math.cos(year), 0.409 * math.sin(year - 1.39)
    cosine = -math.tan(phi) * math.tan(declination)
    sunset = math.acos(max(-1.0, min(1.0, cosine)))
    up = sunset * math.sin(phi) * math.sin(declination) + math.cos(phi) * math.cos(declination) * math.sin(sunset)
    return 24 * 60 / math.pi * SOLAR_CONSTANT * around * up


def wind_at_2_m(*, wind_speed: float, height_m: float) -> float:
    """Convert wind speed over grass from another height to 2 m (equation 47)."""
    return wind_speed * 4.87 / math.log(67.8 * height_m - 5.42)


def saturation_kpa(temperature: float) -> float:
    """Compute the saturation vapour pressure in kPa as FAO-56 does (equation 11, Tetens)."""
    return 0.6108 * math.exp(17.27 * temperature / (temperature + 237.3))


def _penman_monteith(
    temperature: float, energy: float, wind: float, deficit: float, elevation_m: float, *, of_wind: float
) -> float:
    slope = 4098 * saturation_kpa(temperature) / (temperature + 237.3) ** 2  # equation 13
    pressure = 101.3 * math.pow((293 - 0.0065 * elevation_m) / 293, 5.26)  # equation 7
    gamma = 0.665e-3 * pressure  # equation 8
    blown = gamma * of_wind / (temperature + 273) * wind * deficit
    return (LATENT * slope * energy + blown) / (slope + gamma * (1 + 0.34 * wind))


def _clear_sky(outside: float, elevation_m: float) -> float:
    return (0.75 + 2e-5 * elevation_m) * outside  # equation 37


def _share(received: float, clear_sky: float) -> float:
    return 1.0 if clear_sky <= 0 else max(0.3, min(1.0, received / clear_sky))


def _long_wave(kelvins_4: float, vapour: float, clear: float) -> float:
    """Return the net long-wave radiation of the ground (equation 39)."""
    return STEFAN_BOLTZMANN * kelvins_4 * (0.34 - 0.14 * math.sqrt(vapour)) * (1.35 * clear - 0.35)
