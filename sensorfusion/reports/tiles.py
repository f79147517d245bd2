"""The tiles of the report page: one quantity each, with its last day, its extremes and one sentence."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, Literal

from sensorfusion.domain import derived, sun
from sensorfusion.domain.liveness import State, state
from sensorfusion.domain.quantities import CATALOGUE, Quantity, quantity
from sensorfusion.domain.rollup import step
from sensorfusion.readings.queries import Series
from sensorfusion.reports import words
from sensorfusion.reports.display import NBSP, Display, display
from sensorfusion.reports.queries import Station, is_number
from sensorfusion.reports.sparkline import Spark, spark

MOST: Final = 18
TENDENCY: Final = timedelta(hours=3)
# The order of what people look for first; the rest follows as the catalogue has it.
_FIRST: Final = (
    "humidity",
    "sea_level_pressure",
    "pressure",
    "rain_day",
    "rain",
    "solar_radiation",
    "uv_index",
    "dew_point",
    "visibility",
    "wind_speed",
    "soil_temperature",
    "soil_moisture",
)
# Said elsewhere when the first is there: in the hero, or in the sentence of a tile.
_TOLD_BY: Final[dict[str, tuple[str, ...]]] = {
    "temperature": ("feels_like",),
    "wind_direction": ("wind_speed", "wind_gust", "wind_direction", "wind_gust_direction"),
    "sea_level_pressure": ("pressure", "ground_level_pressure"),
    "rain_day": ("rain", "rain_rate", "rain_1h", "rain_24h", "rain_total"),
    "rain": ("rain_rate", "rain_1h", "rain_24h", "rain_total"),
    "soil_temperature": ("soil_moisture",),
    "solar_radiation": ("uv_index",),
}
# How the device is stands at the foot of the page.
DEVICE: Final = ("battery", "battery_voltage", "signal_strength", "signal_to_noise", "uptime")
_NEVER: Final = frozenset(("condition_code", "city_id", "city_name", *DEVICE))


@dataclass(frozen=True, slots=True)
class Bound:
    """One of today's extremes: as shown, and in the canonical unit for the script."""

    text: str
    value: str


@dataclass(frozen=True, slots=True)
class Tile:
    quantity: str
    label: str
    entry: Quantity
    state: State
    number: str
    symbol: str
    spark: Spark | None
    sentence: str
    low: Bound | None
    high: Bound | None
    at: datetime | None
    age: str
    is_total: bool  # a sum of today, which the newest value of the quantity is not


def tiles(station: Station, series: Series, *, hero: str | None, system: str) -> list[Tile]:
    """Make the tiles of everything the hero does not show."""
    return [_tile(station, series, name, system) for name in shown(station, hero)[:MOST]]


def shown(station: Station, hero: str | None) -> list[str]:
    """List the quantities that get a tile, in order."""
    present = [name for name in station.newest.values if name not in _NEVER]
    told = {each for name in present for each in _told(name, present)} | {hero}
    order = [*_FIRST, *CATALOGUE]
    known = sorted((name for name in present if name in CATALOGUE), key=order.index)
    return [name for name in [*known, *sorted(set(present) - set(known))] if name not in told]


def _told(name: str, present: list[str]) -> tuple[str, ...]:
    if name == "wind_direction" and "wind_speed" not in present:
        return ()  # no compass without a speed
    return _TOLD_BY.get(name, ())


def _tile(station: Station, series: Series, name: str, system: str) -> Tile:
    entry, unit = quantity(name), display(name, system)
    points = history(series, name)
    value: object = station.newest.values[name]
    if entry.combine == "sum":
        value = total_today(station, series, name)
    has_extremes = entry.combine == "mean" and name in series.columns
    at = station.value_at(name)
    return Tile(
        quantity=name,
        label="Rain today" if name == "rain" else entry.label,
        entry=entry,
        state=_state(station, at),
        number=unit.number(value),
        symbol=unit.symbol if is_number(value) else "",
        spark=spark(name, points, now=station.now, interval_s=station.interval_s) if _is_drawn(value, entry) else None,
        sentence=_sentence(station, series, name, system),
        low=_bound(min(_since_midnight(series, name, "low", station), default=None), unit) if has_extremes else None,
        high=_bound(max(_since_midnight(series, name, "high", station), default=None), unit) if has_extremes else None,
        at=at,
        age=words.age(at, now=station.now) if at else "",
        is_total=entry.combine == "sum",
    )


def _is_drawn(value: object, entry: Quantity) -> bool:
    return is_number(value) and entry.combine != "vector"


def _bound(value: float | None, unit: Display) -> Bound | None:
    return None if value is None else Bound(unit.number(value), f"{value:g}")


def _state(station: Station, at: datetime | None) -> State:
    """Judge one quantity: its sensor's state, or offline when it alone has stopped."""
    own = state(last_at=at, interval_s=station.interval_s, now=station.now, status=station.sensor.status)
    return own if own == "offline" else station.state


def history(series: Series, name: str) -> list[tuple[float, float]]:
    """List the points of a quantity that are there."""
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


def _sentence(station: Station, series: Series, name: str, system: str) -> str:
    say = _SENTENCES.get(name)
    said = say(station, series, system) if say else ""
    return said or _change(series, name, system)


def _change(series: Series, name: str, system: str) -> str:
    """Say how a number moved within an hour."""
    points = history(series, name)
    if not points or quantity(name).combine != "mean":
        return ""
    before = value_before(points, timedelta(hours=1))
    if before is None:
        return ""
    shown = display(name, system)
    by = points[-1][1] - before
    size = shown.size(by)
    if not float(size.split(NBSP)[0].rstrip("°")):
        return "steady"
    return f"{'▲' if by > 0 else '▼'} {size} in 1{NBSP}h"


def value_before(points: list[tuple[float, float]], back: timedelta) -> float | None:
    """Return the value nearest to `back` before the last one, if there is one within a third of that."""
    wanted = points[-1][0] - back.total_seconds()
    t, value = min(points, key=lambda point: abs(point[0] - wanted))
    return value if abs(t - wanted) <= back.total_seconds() / 3 else None


def _pressure(name: str) -> Callable[[Station, Series, str], str]:
    def say(station: Station, series: Series, system: str) -> str:
        points = history(series, name)
        before = value_before(points, TENDENCY) if points else None
        if before is None:
            return ""
        change = points[-1][1] - before
        word = derived.tendency_word(change_3h=change)
        arrow = {"r": "▲ ", "f": "▼ "}.get(word[0], "")
        return f"{arrow}{word}, {display(name, system).difference(change)} per 3{NBSP}h"

    return say


def _rain(name: str) -> Callable[[Station, Series, str], str]:
    def say(station: Station, series: Series, system: str) -> str:
        rate = station.value("rain_rate")
        if rate:
            return f"{display('rain_rate', system).text(rate)} now"
        points = history(series, name)
        wet = [
            t
            for (_, before), (t, value) in zip([(0, 0.0), *points], points, strict=False)
            if _fell(name, before, value)
        ]
        if not wet:
            return f"dry for 24{NBSP}h" if points else ""
        return f"last rain at {words.clock(datetime.fromtimestamp(wet[-1], station.zone))}"

    return say


def _fell(name: str, before: float, value: float) -> bool:
    return value > 0 if quantity(name).combine == "sum" else step(before, value) > 0


def _solar(station: Station, series: Series, system: str) -> str:
    uv = station.value("uv_index")
    if uv is not None and uv >= 0.5:
        return f"UV {display('uv_index', system).number(uv)}, {derived.uv_word(uv_index=uv)}"
    if station.place is None:
        return ""
    latitude, longitude = station.place
    altitude = sun.position(station.now, latitude=latitude, longitude=longitude).altitude
    if altitude <= 0:
        return "the sun is down"
    clear, value = sun.clear_sky_radiation(altitude), station.value("solar_radiation")
    return f"{min(value / clear, 1) * 100:.0f}{NBSP}% of a clear sky" if value and altitude > sun.OVERCAST_ABOVE else ""


def _dew_point(station: Station, series: Series, system: str) -> str:
    value = station.value("dew_point")
    return "" if value is None else derived.comfort_word(dew_point=value)


def _humidity(station: Station, series: Series, system: str) -> str:
    if "dew_point" in station.newest.values:
        return ""
    dew = derived.dew_point(temperature=station.value("temperature"), humidity=station.value("humidity"))
    return "" if dew is None else f"dew point {display('dew_point', system).short(dew)}"


def _soil(station: Station, series: Series, system: str) -> str:
    value = station.value("soil_moisture")
    return "" if value is None else f"moisture {display('soil_moisture', system).text(value)}"


def _uv(station: Station, series: Series, system: str) -> str:
    value = station.value("uv_index")
    return "" if value is None else derived.uv_word(uv_index=value)


_SENTENCES: Final[dict[str, Callable[[Station, Series, str], str]]] = {
    "dew_point": _dew_point,
    "humidity": _humidity,
    "pressure": _pressure("pressure"),
    "rain": _rain("rain"),
    "rain_day": _rain("rain_day"),
    "sea_level_pressure": _pressure("sea_level_pressure"),
    "soil_temperature": _soil,
    "solar_radiation": _solar,
    "uv_index": _uv,
}
