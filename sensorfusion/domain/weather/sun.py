"""Positions of sun and moon: altitude and azimuth, rise, noon, set, twilights, light of the sky, the moon's phase.

The sun follows the equations of NOAA's solar calculator (after Meeus, Astronomical Algorithms, 1998), accurate to a
minute between 72° north and south and to some minutes nearer the poles. Altitudes are geometric: refraction is included
only in the altitude of sunrise and sunset.
"""

import math
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from functools import lru_cache
from typing import Literal, NamedTuple

from sensorfusion.domain.texts.translation import gettext_noop

Sky = Literal["day", "golden", "twilight", "night"]

J2000 = datetime(2000, 1, 1, 12, tzinfo=UTC)
RISEN = -0.833  # degrees: upper limb on the horizon, 34' refraction and 16' radius
DAY_ABOVE, NIGHT_BELOW, TWILIGHT_BELOW = 6.0, -12.0, -0.8  # degrees
CIVIL, NAUTICAL, ASTRONOMICAL = -6.0, -12.0, -18.0  # degrees
OVERCAST_SHARE, OVERCAST_ABOVE = 0.35, 10.0  # share of the clear sky's radiation; degrees: lower, the model is rough


class SunPosition(NamedTuple):
    """Degrees; altitude above the horizon without refraction, azimuth from north by east."""

    altitude: float
    azimuth: float


class _Sun(NamedTuple):
    declination: float  # radians
    equation_min: float  # minutes that a sundial is ahead of a clock


@dataclass(frozen=True, slots=True)
class SunDay:
    """One day of the sun, in the requested zone; None where the sun does not cross that altitude on this day.

    The sunset that belongs to a day may be after midnight (Reykjavík in June).
    """

    noon: datetime
    day_length_s: float
    sunrise: datetime | None
    sunset: datetime | None
    civil_dawn: datetime | None
    civil_dusk: datetime | None
    nautical_dawn: datetime | None
    nautical_dusk: datetime | None
    astronomical_dawn: datetime | None
    astronomical_dusk: datetime | None


class Moon(NamedTuple):
    """`fraction` of the disc that is lit, 0 to 1; `elongation` from the sun in degrees: 90 first quarter, 180 full."""

    fraction: float
    elongation: float
    name: str


@lru_cache(maxsize=256)  # the sensors of a site ask for one place and instant
def position(at: datetime, *, latitude: float, longitude: float) -> SunPosition:
    """Compute the sun's position; `at` must be aware, longitude is positive east."""
    sun, phi = _sun(at), math.radians(latitude)
    hour = math.radians(_solar_minutes(at, sun, longitude) / 4 - 180)
    up = math.sin(phi) * math.sin(sun.declination) + math.cos(phi) * math.cos(sun.declination) * math.cos(hour)
    east = -math.cos(sun.declination) * math.sin(hour)
    north = math.cos(phi) * math.sin(sun.declination) - math.sin(phi) * math.cos(sun.declination) * math.cos(hour)
    return SunPosition(math.degrees(math.asin(max(-1.0, min(1.0, up)))), math.degrees(math.atan2(east, north)) % 360)


def sky(altitude: float) -> Sky:
    """Return the light of the sky at a sun altitude."""
    if altitude > DAY_ABOVE:
        return "day"
    if altitude >= TWILIGHT_BELOW:
        return "golden"
    return "twilight" if altitude >= NIGHT_BELOW else "night"


def clear_sky_radiation(altitude: float) -> float:
    """Estimate the solar radiation under a clear sky in W/m2 (Haurwitz 1945)."""
    height = math.sin(math.radians(altitude))
    return 1098 * height * math.exp(-0.057 / height) if height > 0 else 0.0


def is_overcast(*, altitude: float, solar_radiation: float | None) -> bool:
    """Return whether much less radiation arrives than under a clear sky; always False near the horizon."""
    if solar_radiation is None or altitude <= OVERCAST_ABOVE:
        return False
    return solar_radiation < OVERCAST_SHARE * clear_sky_radiation(altitude)


def sun_day(day: date, *, latitude: float, longitude: float, zone: tzinfo) -> SunDay:
    """Compute the solar day whose noon is nearest to 12:00 of that date in that zone."""
    return _sun_day(day, latitude, longitude, zone)


@lru_cache(maxsize=512)  # a page asks for the same days for each of its charts, and its next visit too
def _sun_day(day: date, latitude: float, longitude: float, zone: tzinfo) -> SunDay:
    noon = _noon(day, longitude, zone)

    def cross(altitude: float, side: int) -> datetime | None:
        at = _crossing(noon, altitude, side, latitude)
        return None if at is None else at.astimezone(zone)

    rise, fall = cross(RISEN, -1), cross(RISEN, 1)
    if rise is not None and fall is not None:
        # Subtracting wall times of one zone would ignore a change of its offset in between.
        length_s = (fall.astimezone(UTC) - rise.astimezone(UTC)).total_seconds()
    else:
        length_s = 86400.0 if position(noon, latitude=latitude, longitude=longitude).altitude > RISEN else 0.0
    twilights = (cross(altitude, side) for altitude in (CIVIL, NAUTICAL, ASTRONOMICAL) for side in (-1, 1))
    return SunDay(noon.astimezone(zone), length_s, rise, fall, *twilights)


def moon(at: datetime) -> Moon:
    """Compute the moon's phase (Meeus 1998, chapter 48: good to a fraction of a per cent of the disc)."""
    t = _centuries(at)
    d = math.radians(297.8501921 + 445267.1114034 * t)  # mean elongation
    m = math.radians(357.5291092 + 35999.0502909 * t)  # sun's mean anomaly
    n = math.radians(134.9633964 + 477198.8675055 * t)  # moon's mean anomaly
    terms = 6.289 * math.sin(n) - 2.100 * math.sin(m) + 1.274 * math.sin(2 * d - n) + 0.658 * math.sin(2 * d)
    terms += 0.214 * math.sin(2 * n) + 0.110 * math.sin(d)
    elongation = (math.degrees(d) + terms) % 360
    return Moon((1 - math.cos(math.radians(elongation))) / 2, elongation, _phase(elongation))


def _phase(elongation: float) -> str:
    """Return the name of the phase; the four principal ones last a day (12.2 degrees of elongation)."""
    quarter, past = divmod(elongation + 6.1, 90)
    principal = (
        gettext_noop("new moon"),
        gettext_noop("first quarter"),
        gettext_noop("full moon"),
        gettext_noop("last quarter"),
    )
    between = (
        gettext_noop("waxing crescent"),
        gettext_noop("waxing gibbous"),
        gettext_noop("waning gibbous"),
        gettext_noop("waning crescent"),
    )
    return (principal if past < 12.2 else between)[int(quarter) % 4]


def _centuries(at: datetime) -> float:
    """Return Julian centuries since J2000; the minute between universal and dynamical time is negligible here."""
    return (at - J2000).total_seconds() / (86400 * 36525)


def _sun(at: datetime) -> _Sun:
    """Compute declination and equation of time (Meeus 1998, chapters 25 and 28)."""
    t = _centuries(at)
    longitude = math.radians((280.46646 + t * (36000.76983 + t * 0.0003032)) % 360)
    anomaly = math.radians(357.52911 + t * (35999.05029 - 0.0001537 * t))
    eccentricity = 0.016708634 - t * (0.000042037 + 0.0000001267 * t)
    center = math.sin(anomaly) * (1.914602 - t * (0.004817 + 0.000014 * t))
    center += math.sin(2 * anomaly) * (0.019993 - 0.000101 * t) + math.sin(3 * anomaly) * 0.000289
    node = math.radians(125.04 - 1934.136 * t)
    apparent = longitude + math.radians(center - 0.00569 - 0.00478 * math.sin(node))
    tilt = math.radians(23.4392911 - 0.0130042 * t + 0.00256 * math.cos(node))
    y = math.tan(tilt / 2) ** 2
    equation = y * math.sin(2 * longitude) - 2 * eccentricity * math.sin(anomaly)
    equation += 4 * eccentricity * y * math.sin(anomaly) * math.cos(2 * longitude)
    equation -= 0.5 * y * y * math.sin(4 * longitude) + 1.25 * eccentricity**2 * math.sin(2 * anomaly)
    return _Sun(math.asin(math.sin(tilt) * math.sin(apparent)), 4 * math.degrees(equation))


def _solar_minutes(at: datetime, sun: _Sun, longitude: float) -> float:
    """Return the solar time in minutes after solar midnight."""
    clock = (at.astimezone(UTC) - datetime.combine(at.astimezone(UTC).date(), time(), UTC)).total_seconds() / 60
    return (clock + sun.equation_min + 4 * longitude) % 1440


def _noon(day: date, longitude: float, zone: tzinfo) -> datetime:
    at = datetime.combine(day, time(12), zone).astimezone(UTC)
    for _ in range(2):  # the equation of time changes by half a minute a day at most
        at -= timedelta(minutes=_solar_minutes(at, _sun(at), longitude) - 720)
    return at


def _crossing(noon: datetime, altitude: float, side: int, latitude: float) -> datetime | None:
    """Return when the sun crosses an altitude before (-1) or after (1) noon, refined with that moment's declination."""
    phi, at = math.radians(latitude), noon
    equation_at_noon = _sun(noon).equation_min
    for _ in range(4):
        sun = _sun(at)
        up = math.sin(math.radians(altitude)) - math.sin(phi) * math.sin(sun.declination)
        cosine = up / (math.cos(phi) * math.cos(sun.declination))
        if not -1 <= cosine <= 1:
            return None
        minutes = side * 4 * math.degrees(math.acos(cosine)) + equation_at_noon - sun.equation_min
        at = noon + timedelta(minutes=minutes)
    return at
