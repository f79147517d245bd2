"""One sensor as a wall shows it: the top of its report page and a few tiles, for readers who stand far away."""

from dataclasses import dataclass
from datetime import datetime, time
from typing import Final

from django.utils.translation import pgettext

from sensorfusion.domain.quantities import quantity
from sensorfusion.domain.weather import sun
from sensorfusion.reports import queries, words
from sensorfusion.reports.comparison import compared, same_time
from sensorfusion.reports.hero import Hero, hero, hero_of_state, is_outdoors, kind, primary
from sensorfusion.reports.kinds.instrument import main_state
from sensorfusion.reports.kinds.ruler import Ruler, ruler
from sensorfusion.reports.kinds.strips import Strip, strip_of_state
from sensorfusion.reports.kinds.zones import zones_of
from sensorfusion.reports.queries import Station
from sensorfusion.reports.recent import Extreme, Recent, extremes, recent
from sensorfusion.reports.sparkline import Spark, spark, step_s, thinned
from sensorfusion.reports.tiles import Tile, history, shown, tiles
from sensorfusion.reports.wind import Compass, compass
from sensorfusion.web.values.dates import long_day_of_month, weekday

TILES_MOST: Final = 6
DARK_BELOW: Final = -6.0  # degrees of the sun: the end of civil twilight
DARK_FROM, DARK_UNTIL = time(22), time(6)  # where no place is known


@dataclass(frozen=True, slots=True)
class Slide:
    """`hero` is None for a sensor without values; of ruler, compass and strip at most one is drawn."""

    station: Station
    hero: Hero | None
    compass: Compass | None
    ruler: Ruler | None
    strip: Strip | None
    spark: Spark | None
    tiles: list[Tile]
    is_night: bool
    clock: str
    second: int
    date: str

    @property
    def age(self) -> str:
        at = self.station.observed_at
        return words.age(at, now=self.station.now) if at else ""


def slide(station: Station, *, system: str, is_shared: bool = False) -> Slide:
    """Read and draw a sensor.

    :param is_shared: whether it is seen by a link, which tells neither the day before nor the band of the owner.
    """
    name, lately = primary(station), recent(station)
    state = main_state(station, kind(station))
    main = state or name
    today = extremes(station, name, lately) if name and not state else None
    has_wind = {"wind_speed", "wind_direction"} <= set(station.numbers)
    return Slide(
        station=station,
        hero=_hero(station, name, state, today, system, is_shared=is_shared),
        compass=compass(station, queries.wind_spread(station), system=system) if has_wind else None,
        ruler=None if state or has_wind else _ruler(station, name, today, system, is_shared=is_shared),
        strip=strip_of_state(station, state) if state else None,
        spark=_spark(station, lately, name) if name and not state else None,
        tiles=_tiles(station, lately, main, system),
        is_night=is_night(station),
        clock=words.clock(station.now),
        second=station.now.second,
        date=_dated(station.now),
    )


def _dated(now: datetime) -> str:
    return pgettext("date", "{weekday} {day}").format(weekday=weekday(now), day=long_day_of_month(now))


def is_night(station: Station) -> bool:
    """Return whether the wall is dimmed: by the sun where the place is known, else by the site's clock."""
    if station.place:
        latitude, longitude = station.place
        return sun.position(station.now, latitude=latitude, longitude=longitude).altitude < DARK_BELOW
    at = station.now.time()
    return at >= DARK_FROM or at < DARK_UNTIL


def _hero(
    station: Station,
    name: str | None,
    state: str | None,
    today: tuple[Extreme, Extreme] | None,
    system: str,
    *,
    is_shared: bool,
) -> Hero | None:
    if state is not None:
        return hero_of_state(station, state, system=system)
    if name is None:
        return None
    before = None if is_shared else queries.day_before(station, compared(station, name))
    yesterday = same_time(station, before) if before else {}
    return hero(station, name, system=system, today=today, yesterday=yesterday)


def _ruler(
    station: Station, name: str | None, today: tuple[Extreme, Extreme] | None, system: str, *, is_shared: bool
) -> Ruler | None:
    if name is None or is_outdoors(station) or quantity(name).combine != "mean":
        return None
    zones = None if is_shared else zones_of(station, name, kind(station))
    return ruler(station, name, today=today, zones=zones, system=system)


def _spark(station: Station, lately: Recent, name: str) -> Spark:
    length_s = step_s(station.interval_s)
    steps = thinned(name, history(lately.day, name), now=station.now, step_s=length_s)
    return spark(name, steps, now=station.now, step_s=length_s)


def _tiles(station: Station, lately: Recent, main: str | None, system: str) -> list[Tile]:
    """Draw the first tiles alone: each of a state costs a query."""
    rest = frozenset(shown(station, main)[TILES_MOST:])
    return tiles(station, lately, hero=main, system=system, told=rest)
