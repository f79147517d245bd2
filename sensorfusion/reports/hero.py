"""The top of the report page: the main number, its meaning, the sun and the wind."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final, Literal

from django.utils.translation import gettext

from sensorfusion.domain.liveness import State
from sensorfusion.domain.quantities import CATALOGUE, base_and_which, quantity
from sensorfusion.domain.quantities.kinds import Kind, is_room_or_yard, kind_of, primary_of
from sensorfusion.domain.quantities.settings import USUAL
from sensorfusion.domain.weather import derived, sun
from sensorfusion.reports import words
from sensorfusion.reports.queries import Station
from sensorfusion.reports.recent import Extreme
from sensorfusion.reports.records import Ribbon
from sensorfusion.reports.sunarc import SunArc, sun_arc
from sensorfusion.web.looks import Looks
from sensorfusion.web.values.display import NBSP, NOTHING, Display, fixed
from sensorfusion.web.values.numbers import localised

# Quantities about the device, not its surroundings.
_DEVICE: Final = frozenset(
    ("battery", "battery_voltage", "signal_strength", "signal_to_noise", "condition_code", "city_id", "uptime")
)
RADIATION_LASTS: Final = timedelta(minutes=15)  # an old reading does not describe the current clouds


_UNDER_A_ROOF: Final = frozenset((Kind.ROOM, Kind.FREEZER, Kind.METER, Kind.CONTACT, Kind.TANK))


@dataclass(frozen=True, slots=True)
class Delta:
    """The difference between the number and yesterday's."""

    direction: Literal["up", "down", "same"]
    size: str
    words: str


@dataclass(frozen=True, slots=True)
class Stat:
    """A labelled value; for an extreme of today also its canonical value, its time, and the records it may break."""

    label: str
    text: str
    when: str = ""
    at: datetime | None = None
    fact: str = ""
    value: str = ""
    ribbons: Sequence[Ribbon] = ()


@dataclass(frozen=True, slots=True)
class Fact:
    """An entry at the foot of the page; `quantity` is set for a value of the sensor, `at` for an age."""

    label: str
    text: str
    quantity: str = ""
    symbol: str = ""
    at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Hero:
    quantity: str
    looks: Looks
    number: str
    unit: str
    symbol: str
    state: State
    place: str
    clock: str
    feels: str
    delta: Delta | None
    stats: list[Stat]
    sky: str
    sun_x: str
    sun_y: str
    arc: SunArc | None
    last_seen: str
    doubt: words.Doubt | None
    is_word: bool = False
    total: str | None = None  # canonical: of an amount, today's sum is the number; empty while the day has none


def kind(station: Station) -> Kind:
    """Return what the sensor is: as its owner says, else as its quantities do."""
    chosen = station.sensor.kind
    return Kind(chosen) if chosen else kind_of(station.newest.values)


def primary(station: Station) -> str | None:
    """Return the quantity of the main number: the owner's choice, else the kind's, else the first of the catalogue."""
    numbers, settings = station.numbers, station.presentation.settings
    if station.sensor.primary_quantity in numbers:
        return station.sensor.primary_quantity
    present = [name for name in numbers if not settings.get(name, USUAL).hidden] or numbers
    found = primary_of(kind(station), present)
    if found is not None:
        return found
    if "temperature" in present:
        return "temperature"
    known = [name for name in present if (base := base_and_which(name)[0]) in CATALOGUE and base not in _DEVICE]
    order = list(CATALOGUE)
    return min(known, key=lambda name: (order.index(base_and_which(name)[0]), name), default=min(present, default=None))


def is_outdoors(station: Station) -> bool:
    """Return whether the page shows what belongs to the sky: of weather stations, and of what may be one.

    Temperature and humidity alone are proposed as a room. With a place they keep the sky until the owner decides.
    """
    found = kind(station)
    if found != Kind.ROOM or station.sensor.kind:
        return found == Kind.WEATHER
    return station.place is not None and is_room_or_yard(station.newest.values)


def hero(
    station: Station,
    name: str,
    *,
    system: str,
    today: tuple[Extreme, Extreme] | None,
    yesterday: dict[str, float],
    ribbons: Mapping[str, Sequence[Ribbon]] | None = None,
) -> Hero:
    """Build the top of the page for the quantity `name`."""
    shown = station.display(name, system)
    number, symbol = shown.parts(station.standing(name))
    sky_name, sun_x, sun_y = sky(station)
    return Hero(
        quantity=name,
        looks=station.looks(name),
        number=number,
        unit=symbol,
        symbol=symbol,
        state=station.state,
        place=_place(station),
        clock=words.clock(station.now),
        feels=_feels(station, system) if name == "temperature" and is_outdoors(station) else "",
        delta=_delta(name, station.current(name), yesterday.get(name), shown, station.looks(name).hue),
        stats=_stats(name, today, shown, ribbons or {}),
        sky=sky_name,
        sun_x=sun_x,
        sun_y=sun_y,
        arc=sun_arc(station.now, *station.place) if station.place and sky_name != "none" else None,
        last_seen=words.age(station.observed_at, now=station.now) if station.observed_at else "",
        doubt=words.doubt((station.newest.flags or {}).get(name)),
    )


def hero_of_state(station: Station, name: str, *, system: str) -> Hero:
    """Build the top of the page for a text or a boolean: its word is in the place of the number."""
    sky_name, sun_x, sun_y = sky(station)
    return Hero(
        quantity=name,
        looks=station.looks(name),
        number=station.display(name, system).text(station.newest.values[name]),
        unit="",
        symbol="",
        state=station.state,
        place=_place(station),
        clock=words.clock(station.now),
        feels="",
        delta=None,
        stats=[],
        sky=sky_name,
        sun_x=sun_x,
        sun_y=sun_y,
        arc=sun_arc(station.now, *station.place) if station.place and sky_name != "none" else None,
        last_seen=words.age(station.observed_at, now=station.now) if station.observed_at else "",
        doubt=words.doubt((station.newest.flags or {}).get(name)),
        is_word=True,
    )


def _place(station: Station) -> str:
    parts = []
    if station.place:
        latitude, longitude = station.place
        parts.append(f"{coordinate(latitude, 'NS')} {coordinate(longitude, 'EW')}")
    if station.elevation_m is not None:
        parts.append(f"{station.elevation_m:.0f}{NBSP}m")
    return " · ".join(parts or [station.sensor.site.name])


def coordinate(degrees: float, letters: str) -> str:
    """Format a coordinate: 52.24° N."""
    return f"{localised(fixed(abs(degrees), 2))}°{NBSP}{gettext(letters[degrees < 0])}"


def _feels(station: Station, system: str) -> str:
    given = station.current("feels_like")
    if given is None:
        given = derived.feels_like(
            temperature=station.current("temperature"),
            humidity=station.current("humidity"),
            wind_speed=station.current("wind_speed"),
        )
    return "" if given is None else station.display("feels_like", system).short(given)


def _delta(name: str, value: float | None, before: float | None, shown: Display, hue: str) -> Delta | None:
    """Return the difference from yesterday; no direction is higher than another."""
    if value is None or before is None or quantity(name).combine == "vector":
        return None
    by, is_nothing = value - before, shown.is_nothing(value - before, of=value)
    said = words.moved(by, hue, is_nothing)
    if is_nothing:
        return Delta("same", "", said)
    return Delta("up" if by > 0 else "down", shown.size(by), said)


def _stats(
    name: str, today: tuple[Extreme, Extreme] | None, shown: Display, ribbons: Mapping[str, Sequence[Ribbon]]
) -> list[Stat]:
    """Return the extremes of today, dashes while there are none yet."""
    if quantity(name).combine != "mean":
        return []
    low, high = today or (None, None)
    found = [_stat(gettext("High today"), "high", high, shown), _stat(gettext("Low today"), "low", low, shown)]
    return [replace(each, ribbons=ribbons.get(each.fact, ())) for each in found]


def _stat(label: str, fact: str, extreme: Extreme | None, shown: Display) -> Stat:
    if extreme is None:
        return Stat(label, NOTHING, fact=fact)
    at = extreme.at
    return Stat(label, shown.short(extreme.value), words.clock(at) if at else "", at, fact, f"{extreme.value:.9g}")


def sky(station: Station) -> tuple[str, str, str]:
    """Return the sky's name, and the sun's position in it: east is left, 70° high is at the top."""
    if station.place is None or (kind(station) in _UNDER_A_ROOF and not is_outdoors(station)):
        return "none", "", ""
    latitude, longitude = station.place
    altitude, azimuth = sun.position(station.now, latitude=latitude, longitude=longitude)
    name: str = sun.sky(altitude)
    if sun.is_overcast(altitude=altitude, solar_radiation=_fresh_radiation(station)):
        name = "overcast"
    x, y = min(1.0, max(0.0, (azimuth - 60) / 240)), 1 - min(1.0, max(0.0, altitude / 70))
    return name, f"{x:.3f}", f"{y:.3f}"


def _fresh_radiation(station: Station) -> float | None:
    at = station.value_at("solar_radiation")
    return station.current("solar_radiation") if at and at > station.ago(RADIATION_LASTS) else None
