"""The tiles of the report page: one quantity each, with its last day, its extremes and one sentence."""

import re
from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext
from msgspec.json import encode

from sensorfusion.domain.liveness import State
from sensorfusion.domain.normalise import is_number
from sensorfusion.domain.quantities import CATALOGUE, Quantity, base_and_which, quantity
from sensorfusion.domain.quantities.device import is_of_the_device
from sensorfusion.domain.quantities.names import LONGEST_WHICH
from sensorfusion.domain.quantities.settings import USUAL, in_order
from sensorfusion.domain.weather import sun
from sensorfusion.readings.charts.series import Series
from sensorfusion.reports import words
from sensorfusion.reports.kinds.strips import Strip, strip_of_state
from sensorfusion.reports.queries import Station
from sensorfusion.reports.recent import Point, Recent, wet_at
from sensorfusion.reports.sentences import Told, memory_s, sentence
from sensorfusion.reports.sparkline import Spark, Step, spark, step_s, thinned
from sensorfusion.web.looks import FIRST_TILES, Looks
from sensorfusion.web.values.display import Display

MOST: Final = 18
MOST_STRIPS: Final = 6  # each is a query
# Quantities without a tile of their own if the first is there: they are in the hero, or in a tile's sentence.
_TOLD_BY: Final[dict[str, tuple[str, ...]]] = {
    "temperature": ("feels_like",),
    "wind_direction": ("wind_speed", "wind_gust", "wind_direction", "wind_gust_direction"),
    "sea_level_pressure": ("pressure", "ground_level_pressure"),
    "rain_day": ("rain", "rain_rate", "rain_1h", "rain_24h", "rain_total"),
    "rain": ("rain_rate", "rain_1h", "rain_24h", "rain_total"),
    "soil_temperature": ("soil_moisture",),
    "solar_radiation": ("uv_index",),
}
_DIGITS: Final = re.compile(r"\d+")
_NEVER: Final = frozenset(("condition_code", "city_id", "city_name"))


@dataclass(frozen=True, slots=True)
class Bound:
    """One of today's extremes as shown, a dash while there is none, and in the canonical unit for the script."""

    text: str
    value: str


@dataclass(frozen=True, slots=True)
class Tile:
    """`total` is canonical: an amount's tile shows today's sum, not the newest value; empty while the day has none."""

    quantity: str
    label: str
    entry: Quantity
    looks: Looks
    state: State
    number: str
    symbol: str
    spark: Spark | None
    sentence: str
    hours: str  # readings of the last hours, for the script's sentence
    low: Bound | None
    high: Bound | None
    at: datetime | None
    why: str
    total: str
    wet_at: str  # epoch seconds: when rain last fell
    doubt: words.Doubt | None
    strip: Strip | None = None
    address: str = ""  # in Explore

    @property
    def is_total(self) -> bool:
        return self.entry.combine == "sum"


def tiles(
    station: Station, recent: Recent, *, hero: str | None, system: str, told: AbstractSet[str] = frozenset()
) -> list[Tile]:
    """Build the tiles of everything the hero does not show.

    :param told: states that the hero shows beside its number.
    """
    names = [name for name in shown(station, hero) if name not in told][:MOST]
    drawn = [name for name in names if isinstance(station.newest.values[name], bool | str)][:MOST_STRIPS]
    return [_tile(station, recent, name, system, has_strip=name in drawn) for name in names]


def shown(station: Station, hero: str | None) -> list[str]:
    """Return the quantities that get a tile, in order."""
    settings = station.presentation.settings
    present = [
        name
        for name in station.newest.values
        if (name not in _NEVER and not is_of_the_device(name)) or settings.get(name, USUAL).place is not None
    ]
    told = {each for name in present for each in _told(name, present) if each not in settings} | {hero}
    order = [*FIRST_TILES, *CATALOGUE]
    found = in_order(sorted(present, key=lambda name: _place(name, order)), settings)
    return [name for name in found if name not in told and not settings.get(name, USUAL).hidden]


def _place(name: str, order: list[str]) -> tuple[int, str]:
    """Return the place of a tile: a second probe follows the first, and unknown quantities come last."""
    base, which = base_and_which(name)
    return (order.index(base), f"{which:>{LONGEST_WHICH}}") if base in CATALOGUE else (len(order), _counting(name))


def _counting(name: str) -> str:
    """Return a name to sort by, so that a second channel comes before a tenth."""
    return _DIGITS.sub(lambda found: found[0].zfill(LONGEST_WHICH), name)


def _told(name: str, present: list[str]) -> tuple[str, ...]:
    if name == "wind_direction" and "wind_speed" not in present:
        return ()  # no compass without a speed
    return _TOLD_BY.get(name, ())


def _tile(station: Station, recent: Recent, name: str, system: str, *, has_strip: bool = False) -> Tile:
    entry, looking, unit = quantity(name), station.looks(name), station.display(name, system)
    length_s = step_s(station.interval_s)
    steps = thinned(name, history(recent.day, name), now=station.now, step_s=length_s)
    value = station.standing(name)
    today = recent.today.get(name)
    if entry.combine == "sum":
        value = today.value[0] if today else None
    number, symbol = unit.parts(value)
    has_extremes = entry.combine == "mean" and station.value(name) is not None
    at, wet = station.value_at(name), wet_at(station, name, recent) if looking.hue == "rain" else None
    hours = _remembered(station, name, recent)
    return Tile(
        quantity=name,
        label=gettext("Rain today") if name == "rain" and not station.presentation.label(name) else looking.label,
        entry=entry,
        looks=looking,
        state=station.state_of(name),
        number=number,
        symbol=symbol,
        spark=spark(name, steps, now=station.now, step_s=length_s) if _is_drawn(station, name) else None,
        sentence=sentence(name, told(station, name, steps, hours=hours, wet_at=wet, system=system)),
        hours=encode(hours).decode(),
        low=_bound(today.low[0] if today else None, unit) if has_extremes else None,
        high=_bound(today.high[0] if today else None, unit) if has_extremes else None,
        at=at,
        why=station.why_of(name),
        total=f"{value:.9g}" if is_number(value) else "",
        wet_at="" if wet is None else f"{wet:.0f}",
        doubt=words.doubt((station.newest.flags or {}).get(name)),
        strip=strip_of_state(station, name) if has_strip else None,
        address=explore_address(station, name),
    )


def explore_address(station: Station, name: str) -> str:
    """Return the address of a quantity's chart in Explore, empty for a text or a boolean."""
    if not is_number(station.newest.values.get(name)):
        return ""
    return f"{reverse('explore')}?{urlencode({'s': f'{station.sensor.uuid}:{name}'})}"


def _remembered(station: Station, name: str, recent: Recent) -> list[Point]:
    """Return the readings of the last hours that matter to a quantity's sentence."""
    at = station.value_at(name)
    since = at.timestamp() - memory_s(name) if at else 0.0
    return [point for point in recent.hours.get(name, ()) if point.at >= since]


def told(
    station: Station,
    name: str,
    steps: Sequence[Step],
    *,
    hours: Sequence[tuple[float, float]] = (),
    wet_at: float | None,
    system: str,
) -> Told:
    """Collect the inputs of a quantity's sentence."""
    at = station.value_at(name) or station.now
    altitude = None
    if station.place:
        latitude, longitude = station.place
        altitude = sun.position(station.now, latitude=latitude, longitude=longitude).altitude
    beside = {each: station.current(each) if station.is_reporting else None for each in station.numbers}
    values = {each: value for each, value in {**beside, name: station.good(name)}.items() if value is not None}
    return Told(
        values,
        steps,
        hours,
        at.timestamp(),
        station.now.timestamp(),
        station.zone,
        system=system,
        presentation=station.presentation,
        altitude=altitude,
        wet_at=wet_at,
        is_current=beside.get(name) is not None,
    )


def _is_drawn(station: Station, name: str) -> bool:
    return station.value(name) is not None and quantity(name).combine != "vector"


def _bound(value: float | None, unit: Display) -> Bound:
    return Bound(unit.number(value), "" if value is None else f"{value:.9g}")


def history(series: Series, name: str) -> list[tuple[float, float]]:
    """Return the points of a quantity that have a value."""
    column = series.columns.get(name)
    return [(t, value) for t, value in zip(series.t, column.value, strict=True) if value is not None] if column else []
