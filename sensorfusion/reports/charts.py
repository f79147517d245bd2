"""The chart cards as drawn by the server: axes, lines, a sentence and the numbers as a table.

The page's script replaces the drawing by an interactive one; without scripts this one stays. Everything is placed in a
box of 1000 by 1000 that the browser stretches, ticks in per cent of it.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, Literal

from sensorfusion.domain.quantities import quantity
from sensorfusion.domain.rollup import step
from sensorfusion.readings.charts.series import BUCKET_GAP, Series
from sensorfusion.readings.rollups.buckets import WIDTHS, Width
from sensorfusion.reports import queries, words
from sensorfusion.reports.axes import Scale, Tick, time_ticks, value_scale
from sensorfusion.reports.device import is_of_the_device
from sensorfusion.reports.display import Display, display
from sensorfusion.reports.geometry import Box, Point, bars, number, polyline, split
from sensorfusion.reports.queries import DAY, RANGES, RangeName, Station
from sensorfusion.reports.sunarc import nights
from sensorfusion.web.looks import Looks, looks

Kind = Literal["line", "bars", "dots", "wind"]

SIDE: Final = 1000
POINTS: Final = 300  # of a drawn line: one for every three pixels of the widest card
ROWS_MOST: Final = 100  # of a table
IN_WORDS: Final[dict[RangeName, str]] = {
    "1h": "the last hour",
    "6h": "the last 6 hours",
    "24h": "the last 24 hours",
    "7d": "the last 7 days",
    "30d": "the last 30 days",
    "1y": "the last year",
}
# The buckets that bars are made of, and how many seconds of them make a bar.
BARS: Final[dict[RangeName, tuple[Width, int]]] = {
    "1h": ("5m", 300),
    "6h": ("5m", 900),
    "24h": ("1h", 3600),
    "7d": ("1h", 21600),
    "30d": ("1d", 86400),
    "1y": ("1d", 604800),
}
FROM_ZERO: Final = frozenset(("wind", "gust", "sun", "uv", "rain"))  # hues of quantities with a natural zero
WIND_STRIP: Final = 0.22  # of the wind's axis, below zero, for arrows
ARROWS: Final = 24


@dataclass(frozen=True, slots=True)
class Spec:
    """The contents of a card; `ghost` is the quantity whose previous day is drawn behind."""

    id: str
    title: str
    quantities: tuple[str, ...]
    kind: Kind = "line"
    ghost: str = ""


@dataclass(frozen=True, slots=True)
class Drawing:
    label: str
    hue: str
    style: str  # line, ghost, bars or dots
    path: str
    area: str = ""
    end: str = ""  # vertical place of its last point, in per cent, for its name

    @property
    def look(self) -> str:
        """The legend's word for the style."""
        return "faint" if self.style == "ghost" else self.style


@dataclass(frozen=True, slots=True)
class Table:
    heads: list[str]
    rows: list[list[str]]


@dataclass(frozen=True, slots=True)
class Card:
    spec: Spec
    unit: str
    drawings: list[Drawing]
    y_ticks: list[Tick]
    x_ticks: list[Tick]
    nights: list[tuple[str, str]]
    silence: tuple[str, str] | None
    arrows: list[tuple[str, str]]
    sentence: str
    table: Table

    @property
    def silence_middle(self) -> str:
        """The place of the words "no data"."""
        start, width = (float(part.rstrip("%")) for part in self.silence or ("0%", "0%"))
        return f"{start + width / 2:.2f}%"


def specs(station: Station, hero: str) -> list[Spec]:
    """Return the cards of a sensor: its main quantity first, then at most four small ones."""
    has = station.numbers
    beside = ("dew_point",) if hero == "temperature" and "dew_point" in has else ()
    main = Spec(f"chart-{_slug(hero)}", station.looks(hero).label, (hero, *beside), ghost=hero)
    small = [spec for spec in _candidates(station) if set(spec.quantities[:1]) <= set(has)]
    rest = [name for name in has if name not in (hero, *beside) and quantity(name).combine == "mean"]
    rest = [name for name in rest if not is_of_the_device(name)]
    told = {name for spec in small for name in spec.quantities} | {"pressure", "rain_rate", "uv_index"}
    small += [Spec(f"chart-{_slug(name)}", station.looks(name).label, (name,)) for name in rest if name not in told]
    return [main, *small[:4]]


def _candidates(station: Station) -> list[Spec]:
    has = station.numbers
    pressure = "sea_level_pressure" if "sea_level_pressure" in has else "pressure"
    rain = "rain" if "rain" in has else "rain_day"
    light = "solar_radiation" if "solar_radiation" in has else "humidity"
    winds = tuple(name for name in ("wind_speed", "wind_gust", "wind_direction") if name in has)
    return [
        *([Spec("chart-wind", "Wind", winds, "wind")] if winds[:1] == ("wind_speed",) else []),
        Spec("chart-pressure", station.looks(pressure).label, (pressure,)),
        Spec("chart-rain", "Rain", (rain,), "bars"),
        Spec(f"chart-{_slug(light)}", station.looks(light).label, (light,)),
        *([Spec("chart-humidity", station.looks("humidity").label, ("humidity",))] if light != "humidity" else []),
    ]


def _slug(name: str) -> str:
    return "".join(letter if letter.isalnum() else "-" for letter in name)


def cards(station: Station, chosen: list[Spec], name: RangeName, *, system: str) -> list[Card]:
    """Query the data of the cards, and draw them."""
    lines = list(dict.fromkeys(each for spec in chosen if spec.kind != "bars" for each in spec.quantities))
    series = queries.chart(station, lines, name, points=POINTS)
    ghosts = [spec.ghost for spec in chosen if spec.ghost]
    before = queries.chart(station, ghosts, name, points=POINTS, back=DAY) if RANGES[name] <= DAY else None
    dark = _nights(station, name)
    return [
        _bar_card(station, spec, name, system, dark)
        if spec.kind == "bars"
        else _line_card(station, spec, name, system, series, before, dark)
        for spec in chosen
    ]


def _line_card(
    station: Station,
    spec: Spec,
    name: RangeName,
    system: str,
    series: Series,
    before: Series | None,
    dark: list[tuple[str, str]],
) -> Card:
    drawn = [each for each in spec.quantities if quantity(each).combine != "vector"]
    shown = display(drawn[0], system)
    points = {each: _points(series, each) for each in drawn}
    ghost = _points(before, spec.ghost, DAY) if before and spec.ghost else []
    scale = _scale([*points.values(), ghost], shown, spec)
    box = _box(station, name, scale)
    least_s = _silence_of_buckets(series)
    drawings = [_drawing(station.looks(each), points[each], box, least_s, is_main=each == drawn[0]) for each in drawn]
    return Card(
        spec=spec,
        unit=shown.symbol,
        drawings=[*drawings, *([_ghost(spec.ghost, ghost, box, least_s)] if ghost else [])],
        y_ticks=scale.marks,
        x_ticks=time_ticks(station.now - RANGES[name], station.now, name),
        nights=dark,
        silence=_silence(station, name),
        arrows=_arrows(_points(series, "wind_direction"), box) if "wind_direction" in spec.quantities else [],
        sentence=_sentence(station, drawn[0], points[drawn[0]], name, shown),
        table=_table(station, spec.quantities, series, name, system),
    )


def _points(series: Series, name: str, shift: timedelta = timedelta()) -> list[Point]:
    """Return the points of a quantity: a bucket's in its middle; a reading without the quantity is not a gap."""
    column, width_s = series.columns.get(name), WIDTHS[series.resolution] if series.resolution != "raw" else 0
    by = shift.total_seconds() + width_s / 2
    return [Point(t + by, y) for t, y in zip(series.t, column.value, strict=True) if y is not None] if column else []


def _broken(points: list[Point], box: Box, least_s: float) -> list[Point]:
    """Remove points outside the box, and break the line where the sensor was silent."""
    return split([(x, y) for x, y in _entering(points, box) if y is not None], least=least_s)


def _silence_of_buckets(series: Series) -> float:
    return BUCKET_GAP * (WIDTHS[series.resolution] if series.resolution != "raw" else 0)


def _scale(columns: Iterable[list[Point]], shown: Display, spec: Spec) -> Scale:
    values = [point.y for column in columns for point in column if point.y is not None]
    if not values:
        return Scale(0.0, 1.0, [])
    from_zero = looks(spec.quantities[0]).hue in FROM_ZERO
    strip = WIND_STRIP if "wind_direction" in spec.quantities else 0.0
    return value_scale(min(values), max(values), shown, from_zero=from_zero, strip=strip)


def _box(station: Station, name: RangeName, scale: Scale) -> Box:
    end = station.now.timestamp()
    return Box(end - RANGES[name].total_seconds(), end, scale.low, scale.high, SIDE, SIDE, 0)


def _drawing(looking: Looks, points: list[Point], box: Box, least_s: float, *, is_main: bool) -> Drawing:
    if looking.hue == "gust":
        return Drawing(looking.short, looking.hue, "dots", _dots(points, box))
    broken = _broken(points, box, least_s)
    line, area = polyline(broken, box)
    last = broken[-1].y if broken else None
    end = "" if last is None else f"{box.y(last) / SIDE * 100:.2f}%"
    return Drawing(looking.short, looking.hue, "line", line, area if is_main else "", end)


def _ghost(name: str, points: list[Point], box: Box, least_s: float) -> Drawing:
    return Drawing("Yesterday", looks(name).hue, "ghost", polyline(_broken(points, box, least_s), box).line)


def _entering(points: list[Point], box: Box) -> list[Point]:
    """Remove points outside the range."""
    return [point for point in points if box.left <= point.x <= box.right]


def _dots(points: list[Point], box: Box) -> str:
    return "".join(f"M{number(box.x(x))} {number(box.y(y))}h0" for x, y in _entering(points, box) if y is not None)


def _arrows(points: list[Point], box: Box) -> list[tuple[str, str]]:
    """Place arrows that point with the wind, as place in per cent and angle."""
    blowing = [point for point in _entering(points, box) if point.y is not None]
    picked = blowing[:: max(1, -(-len(blowing) // ARROWS))]
    return [(f"{box.x(x) / SIDE * 100:.2f}%", f"{(y or 0) + 180:.0f}") for x, y in picked]


def _bar_card(station: Station, spec: Spec, name: RangeName, system: str, dark: list[tuple[str, str]]) -> Card:
    rain, (width, bar_s) = spec.quantities[0], BARS[name]
    start = station.now - RANGES[name]
    table = queries.bins(station, [rain], start=start, width=width)
    column = table.columns[rain]
    monday = station.midnight - timedelta(days=station.now.weekday())
    points = _summed(amounts(rain, table.t, column.value, column.high), bar_s, monday.timestamp())
    shown = display(rain, system)
    scale = _scale([points], shown, spec)
    path = bars(_entering(points, _box(station, name, scale)), _box(station, name, scale), width=bar_s * 0.86)
    return Card(
        spec=spec,
        unit=shown.symbol,
        drawings=[Drawing(station.looks(rain).short, looks(rain).hue, "bars", path)],
        y_ticks=scale.marks,
        x_ticks=time_ticks(start, station.now, name),
        nights=dark,
        silence=_silence(station, name),
        arrows=[],
        sentence=_amount_sentence(points, name, shown),
        table=Table(
            [_instant_head(name), f"Rain, {shown.symbol}"],
            [[_instant(station, x, name), shown.number(y)] for x, y in points][-ROWS_MOST:][::-1],
        ),
    )


def _summed(points: list[Point], width_s: int, origin_s: float) -> list[Point]:
    """Add up amounts in bars that are aligned to a midnight."""
    sums: dict[float, float] = {}
    for x, y in points:
        start = (x - origin_s) // width_s * width_s + origin_s
        sums[start] = sums.get(start, 0.0) + (y or 0.0)
    return [Point(start, round(total, 3)) for start, total in sums.items()]


def amounts(
    name: str, t: Sequence[float], values: Sequence[float | None], highs: Sequence[float | None]
) -> list[Point]:
    """Return the amount of each bucket: sums as they are, of counters the increase since the bucket before."""
    if quantity(name).combine != "counter":
        return [Point(*each) for each in zip(t, values, strict=True)]
    found: list[Point] = []
    before: float | None = None
    for at, last, high in zip(t, values, highs, strict=True):
        if last is None or high is None:
            continue
        # A counter that restarted within the bucket fell to less than its highest value there.
        grown = 0.0 if before is None else step(before, high)
        found.append(Point(at, round(grown + (last if last < high else 0.0), 3)))
        before = last
    return found


def _nights(station: Station, name: RangeName) -> list[tuple[str, str]]:
    if station.place is None or RANGES[name] > timedelta(days=7):
        return []
    return nights(station.now - RANGES[name], station.now, *station.place)


def _silence(station: Station, name: RangeName) -> tuple[str, str] | None:
    """Return start and length of the silence up to now, in per cent; None while the sensor reports."""
    if station.state not in ("late", "offline", "paused") or station.observed_at is None:
        return None
    share = min(1.0, (station.now - station.observed_at) / RANGES[name])
    return f"{(1 - share) * 100:.2f}%", f"{share * 100:.2f}%"


def _sentence(station: Station, name: str, points: list[Point], span: RangeName, shown: Display) -> str:
    values = [point.y for point in points if point.y is not None]
    if not values:
        return f"No readings in {IN_WORDS[span]}."
    between = f"Between {shown.number(min(values))} and {shown.text(max(values))} in {IN_WORDS[span]}"
    now = station.value(name)
    return f"{between}; now {shown.text(now)}." if now is not None and station.state == "live" else f"{between}."


def _amount_sentence(points: list[Point], name: RangeName, shown: Display) -> str:
    if not points:
        return f"No readings in {IN_WORDS[name]}."
    total = sum(point.y or 0 for point in points)
    return f"{shown.text(total)} in {IN_WORDS[name]}." if total else f"No rain in {IN_WORDS[name]}."


def _table(station: Station, names: Sequence[str], series: Series, span: RangeName, system: str) -> Table:
    every = max(1, -(-len(series.t) // ROWS_MOST))
    columns = [(display(name, system), series.columns[name].value) for name in names if name in series.columns]
    picked = [
        row for row in range(len(series.t) - 1, -1, -every) if any(column[row] is not None for _, column in columns)
    ]
    heads = [
        f"{station.looks(name).short}{', ' + shown.symbol if shown.symbol else ''}"
        for name, (shown, _) in zip(names, columns, strict=True)
    ]
    return Table(
        [_instant_head(span), *heads],
        [
            [_instant(station, series.t[row], span), *(shown.number(column[row]) for shown, column in columns)]
            for row in picked
        ],
    )


def _instant_head(span: RangeName) -> str:
    return "Time" if RANGES[span] <= DAY else "Date"


def _instant(station: Station, epoch_s: float, span: RangeName) -> str:
    at = datetime.fromtimestamp(epoch_s, station.zone)
    if RANGES[span] > timedelta(days=30):
        return f"{words.day(at)} {at.year}"
    return words.since(at, now=station.now)
