"""The tiles of the report page: one quantity each, with its last day, its extremes and one sentence."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise
from typing import Final, Literal

from sensorfusion.domain.liveness import State, state
from sensorfusion.domain.normalise import is_number
from sensorfusion.domain.quantities import CATALOGUE, Quantity, base_and_which, quantity
from sensorfusion.domain.quantities.names import LONGEST_WHICH
from sensorfusion.domain.rollup import step
from sensorfusion.domain.weather import sun
from sensorfusion.readings.charts.series import Series
from sensorfusion.reports import words
from sensorfusion.reports.device import is_of_the_device
from sensorfusion.reports.display import Display, display
from sensorfusion.reports.queries import Station
from sensorfusion.reports.sentences import Told, sentence
from sensorfusion.reports.sparkline import Spark, Step, spark, step_s, thinned
from sensorfusion.web.looks import FIRST_TILES, Looks

MOST: Final = 18
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
_NEVER: Final = frozenset(("condition_code", "city_id", "city_name"))


@dataclass(frozen=True, slots=True)
class Bound:
    """One of today's extremes: as shown, and in the canonical unit for the script."""

    text: str
    value: str


@dataclass(frozen=True, slots=True)
class Tile:
    """`total` is canonical: an amount's tile shows today's sum, not the newest value of the quantity."""

    quantity: str
    label: str
    entry: Quantity
    looks: Looks
    state: State
    number: str
    symbol: str
    spark: Spark | None
    sentence: str
    low: Bound | None
    high: Bound | None
    at: datetime | None
    age: str
    total: str
    wet_at: str  # epoch seconds: when rain last fell
    doubt: words.Doubt | None

    @property
    def is_total(self) -> bool:
        return self.entry.combine == "sum"


def tiles(station: Station, series: Series, *, hero: str | None, system: str) -> list[Tile]:
    """Build the tiles of everything the hero does not show."""
    return [_tile(station, series, name, system) for name in shown(station, hero)[:MOST]]


def shown(station: Station, hero: str | None) -> list[str]:
    """Return the quantities that get a tile, in order."""
    present = [name for name in station.newest.values if name not in _NEVER and not is_of_the_device(name)]
    told = {each for name in present for each in _told(name, present)} | {hero}
    order = [*FIRST_TILES, *CATALOGUE]
    found = sorted(present, key=lambda name: _place(name, order))
    return [name for name in found if name not in told]


def _place(name: str, order: list[str]) -> tuple[int, str]:
    """Return the place of a tile: a second probe follows the first, and unknown quantities come last."""
    base, which = base_and_which(name)
    return (order.index(base), f"{which:>{LONGEST_WHICH}}") if base in CATALOGUE else (len(order), name)


def _told(name: str, present: list[str]) -> tuple[str, ...]:
    if name == "wind_direction" and "wind_speed" not in present:
        return ()  # no compass without a speed
    return _TOLD_BY.get(name, ())


def _tile(station: Station, series: Series, name: str, system: str) -> Tile:
    entry, looking, unit = quantity(name), station.looks(name), display(name, system)
    length_s = step_s(station.interval_s)
    steps = thinned(name, history(series, name), now=station.now, step_s=length_s)
    value: object = station.newest.values[name]
    if entry.combine == "sum":
        value = total_today(station, series, name)
    has_extremes = entry.combine == "mean" and name in series.columns
    at, wet_at = station.value_at(name), _wet_at(series, name) if looking.hue == "rain" else None
    return Tile(
        quantity=name,
        label="Rain today" if name == "rain" and name not in station.labels else looking.label,
        entry=entry,
        looks=looking,
        state=_state(station, at),
        number=unit.number(value),
        symbol=unit.symbol if is_number(value) else "",
        spark=spark(name, steps, now=station.now, step_s=length_s) if _is_drawn(value, entry) else None,
        sentence=sentence(name, told(station, name, steps, wet_at=wet_at, system=system)),
        low=_bound(min(_since_midnight(series, name, "low", station), default=None), unit) if has_extremes else None,
        high=_bound(max(_since_midnight(series, name, "high", station), default=None), unit) if has_extremes else None,
        at=at,
        age=words.age(at, now=station.now) if at else "",
        total=f"{value:.9g}" if is_number(value) else "0",
        wet_at="" if wet_at is None else f"{wet_at:.0f}",
        doubt=words.doubt((station.newest.flags or {}).get(name)),
    )


def told(station: Station, name: str, steps: Sequence[Step], *, wet_at: float | None, system: str) -> Told:
    """Collect the inputs of a quantity's sentence."""
    at = station.value_at(name) or station.now
    altitude = None
    if station.place:
        latitude, longitude = station.place
        altitude = sun.position(station.now, latitude=latitude, longitude=longitude).altitude
    values = {each: value for each in station.numbers if (value := station.value(each)) is not None}
    now, zone = station.now.timestamp(), station.zone
    return Told(values, steps, at.timestamp(), now, zone, system=system, altitude=altitude, wet_at=wet_at)


def _is_drawn(value: object, entry: Quantity) -> bool:
    return is_number(value) and entry.combine != "vector"


def _bound(value: float | None, unit: Display) -> Bound | None:
    return None if value is None else Bound(unit.number(value), f"{value:.9g}")


def _state(station: Station, at: datetime | None) -> State:
    """Return the state of one quantity: its sensor's state, or offline if it alone has stopped."""
    own = state(last_at=at, interval_s=station.interval_s, now=station.now, status=station.sensor.status)
    return own if own == "offline" else station.state


def history(series: Series, name: str) -> list[tuple[float, float]]:
    """Return the points of a quantity that have a value."""
    column = series.columns.get(name)
    return [(t, value) for t, value in zip(series.t, column.value, strict=True) if value is not None] if column else []


def _since_midnight(series: Series, name: str, part: Literal["value", "low", "high"], station: Station) -> list[float]:
    column = series.columns.get(name)
    values: list[float | None] = getattr(column, part) if column else []
    start = station.midnight.timestamp()
    return [value for t, value in zip(series.t, values, strict=False) if value is not None and t >= start]


def total_today(station: Station, series: Series, name: str) -> float | None:
    """Add up an amount since local midnight."""
    values = _since_midnight(series, name, "value", station)
    return sum(values) if values else None


def _wet_at(series: Series, name: str) -> float | None:
    """Return when rain last fell: an amount arrived, or a counter increased."""
    points = history(series, name)
    if quantity(name).combine == "sum":
        wet = [t for t, amount in points if amount > 0]
    else:
        wet = [t for (_, before), (t, after) in pairwise(points) if step(before, after) > 0]
    return wet[-1] if wet else None
