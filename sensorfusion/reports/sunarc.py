"""The drawing of the sun's path over the horizon, and the day's almanac in words."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, tzinfo
from typing import Final

from django.utils.translation import gettext, pgettext

from sensorfusion.domain.weather import sun
from sensorfusion.reports import words
from sensorfusion.reports.geometry import Box, Point, moon, number, polyline
from sensorfusion.web.values.display import MINUS, NBSP

WIDTH, HORIZON, TOP = 420, 140, 14  # size of the drawing; the path is cut off a little below the horizon
_MARGIN: Final = timedelta(minutes=80)  # shown before sunrise and after sunset
STEPS: Final = 72
_MOON_RADIUS: Final = 22


@dataclass(frozen=True, slots=True)
class SunArc:
    """`path` is the whole path, `passed` its part from sunrise to now; x and y are the sun's position.

    The script moves the sun: the drawing spans `start` to `end` (epoch seconds) and the horizon to `top` (degrees).
    """

    start: int
    end: int
    top: str
    path: str
    passed: str
    x: str
    y: str
    is_up: bool
    rise: str
    rise_x: str
    set: str
    set_x: str
    words: str
    moon: str
    moon_words: str


@dataclass(frozen=True, slots=True)
class Almanac:
    """Labelled facts of the day's sun and moon."""

    day: str
    sun: list[tuple[str, str]]
    twilight: list[tuple[str, str]]
    moon: str
    moon_facts: list[tuple[str, str]]


def sun_arc(now: datetime, latitude: float, longitude: float) -> SunArc:
    """Draw the sun's altitude over the local day of `now`; its highest point reaches the top."""
    day = sun.sun_day(now.date(), latitude=latitude, longitude=longitude, zone=_zone(now))
    start = day.sunrise - _MARGIN if day.sunrise and day.sunset else day.noon - timedelta(hours=12)
    end = day.sunset + _MARGIN if day.sunrise and day.sunset else day.noon + timedelta(hours=12)
    instants = [start.timestamp() + (end - start).total_seconds() * place / STEPS for place in range(STEPS + 1)]
    path = [Point(t, _altitude(t, latitude, longitude)) for t in instants]
    here = Point(now.timestamp(), _altitude(now.timestamp(), latitude, longitude))
    top = max(y for _, y in path if y is not None)
    box = Box(path[0].x, path[-1].x, 0, max(top, 4.0) / (1 - TOP / HORIZON), WIDTH, HORIZON)
    is_up = here.y is not None and here.y > sun.RISEN
    passed = [point for point in path if point.x < here.x and (point.y or 0) > sun.RISEN]
    phase = sun.moon(now)
    return SunArc(
        start=int(box.left),
        end=int(box.right),
        top=f"{box.high:.2f}",
        path=polyline(path, box).line,
        passed=polyline([*passed, here], box).line if is_up else "",
        x=number(box.x(here.x)),
        y=number(box.y(here.y or 0)),
        is_up=is_up,
        rise=words.clock(day.sunrise) if day.sunrise else "",
        rise_x=number(box.x(day.sunrise.timestamp())) if day.sunrise else "",
        set=words.clock(day.sunset) if day.sunset else "",
        set_x=number(box.x(day.sunset.timestamp())) if day.sunset else "",
        words=_words(day, top),
        moon=moon(_as_seen(phase.elongation, latitude), _MOON_RADIUS),
        moon_words=_phase_words(phase),
    )


def almanac(now: datetime, latitude: float, longitude: float) -> Almanac:
    """Return the day's sunrise and sunset, its length compared with yesterday's, twilights and the moon."""
    zone = _zone(now)
    day = sun.sun_day(now.date(), latitude=latitude, longitude=longitude, zone=zone)
    before = sun.sun_day(now.date() - timedelta(days=1), latitude=latitude, longitude=longitude, zone=zone)
    phase = sun.moon(now)
    change_s = round(day.day_length_s - before.day_length_s)
    return Almanac(
        day=words.day(now),
        sun=[
            (gettext("Sunrise"), _clock(day.sunrise)),
            (gettext("Solar noon"), words.clock(day.noon)),
            (gettext("Sunset"), _clock(day.sunset)),
            (gettext("Day length"), words.duration(day.day_length_s)),
            (gettext("Change since yesterday"), _change(change_s)),
        ],
        twilight=[
            (gettext("Civil twilight"), f"{_clock(day.civil_dawn)} – {_clock(day.civil_dusk)}"),
            (gettext("Nautical twilight"), f"{_clock(day.nautical_dawn)} – {_clock(day.nautical_dusk)}"),
            (gettext("Astronomical twilight"), f"{_clock(day.astronomical_dawn)} – {_clock(day.astronomical_dusk)}"),
        ],
        moon=moon(_as_seen(phase.elongation, latitude), _MOON_RADIUS),
        moon_facts=[(gettext("Phase"), _phase(phase)), (pgettext("moon", "Lit"), f"{phase.fraction * 100:.0f}{NBSP}%")],
    )


def _zone(now: datetime) -> tzinfo:
    return now.tzinfo or UTC


def _altitude(epoch_s: float, latitude: float, longitude: float) -> float:
    at = sun.J2000 + timedelta(seconds=epoch_s - sun.J2000.timestamp())
    return sun.position(at, latitude=latitude, longitude=longitude).altitude


def _as_seen(elongation: float, latitude: float) -> float:
    """Mirror the phase for readers south of the equator, who see the moon upside down."""
    return elongation if latitude >= 0 else 360 - elongation


def _clock(at: datetime | None) -> str:
    return words.clock(at) if at else pgettext("time", "none")


def _change(seconds: int) -> str:
    sign = "+" if seconds > 0 else MINUS if seconds < 0 else ""
    return f"{sign}{abs(seconds) // 60}{NBSP}min {abs(seconds) % 60:02d}{NBSP}s"


def _phase_words(phase: sun.Moon) -> str:
    share = f"{phase.fraction * 100:.0f}"
    return gettext("{phase}, {share}\u00a0% lit").format(phase=_phase(phase), share=share)


def _phase(phase: sun.Moon) -> str:
    name = gettext(phase.name)
    return name[:1].upper() + name[1:]


def _words(day: sun.SunDay, top: float) -> str:
    if day.sunrise and day.sunset:
        said = gettext("The sun rises at {rise} and sets at {set}.")
        return said.format(rise=words.clock(day.sunrise), set=words.clock(day.sunset))
    return gettext("The sun is up all day.") if top > sun.RISEN else gettext("The sun stays under the horizon all day.")


def nights(start: datetime, end: datetime, latitude: float, longitude: float) -> list[tuple[str, str]]:
    """Return the nights between two instants as place and width, in per cent of the time between them."""
    zone, span = _zone(start), end.timestamp() - start.timestamp()
    found = []
    for place in range(-1, (end.date() - start.date()).days + 1):
        day = start.date() + timedelta(days=place)
        sets = sun.sun_day(day, latitude=latitude, longitude=longitude, zone=zone).sunset
        rises = sun.sun_day(day + timedelta(days=1), latitude=latitude, longitude=longitude, zone=zone).sunrise
        if sets and rises:
            left = max(0.0, (sets.timestamp() - start.timestamp()) / span)
            right = min(1.0, (rises.timestamp() - start.timestamp()) / span)
            if right > left:
                found.append((f"{left * 100:.2f}%", f"{(right - left) * 100:.2f}%"))
    return found
