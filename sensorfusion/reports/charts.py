"""The chart cards as drawn by the server: axes, lines, a sentence and the numbers as a table.

The page's script replaces the drawing by an interactive one; without scripts this one stays. Everything is placed in a
box of 1000 by 1000 that the browser stretches, ticks in per cent of it.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, Literal, NamedTuple

from sensorfusion.domain import local_time
from sensorfusion.domain.local_time import DAY_S
from sensorfusion.domain.quantities import quantity
from sensorfusion.domain.quantities.device import is_of_the_device
from sensorfusion.readings.charts.series import BUCKET_GAP, Series
from sensorfusion.readings.rollups.buckets import WIDTHS, Column, Width
from sensorfusion.reports import queries, words
from sensorfusion.reports.axes import Scale, Tick, time_ticks, value_scale
from sensorfusion.reports.display import Display, display
from sensorfusion.reports.geometry import Box, Point, bars, number, polyline, split
from sensorfusion.reports.queries import DAY, RANGES, RangeName, Station
from sensorfusion.reports.sunarc import nights
from sensorfusion.web.looks import Looks, looks

Kind = Literal["line", "bars", "dots", "wind"]

SIDE: Final = 1000
ROWS_MOST: Final = 100  # of a table
IN_WORDS: Final[dict[RangeName, str]] = {
    "1h": "the last hour",
    "6h": "the last 6 hours",
    "24h": "the last 24 hours",
    "7d": "the last 7 days",
    "30d": "the last 30 days",
    "1y": "the last year",
}


class Bar(NamedTuple):
    """The buckets that bars are made of, the length of a bar, and the head of their instants in tables.

    Bars stand at round hours of the site, which hourly buckets do not in every zone.
    """

    width: Width
    length_s: int
    head: str


BARS: Final[dict[RangeName, Bar]] = {
    "1h": Bar("5m", 300, "Time"),
    "6h": Bar("5m", 900, "Time"),
    "24h": Bar("5m", 3600, "Time"),
    "7d": Bar("5m", 21600, "From"),
    "30d": Bar("1d", 86400, "Day"),
    "1y": Bar("1d", 604800, "Week from"),
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
    series = queries.chart(station, lines, name)
    ghosts = [spec.ghost for spec in chosen if spec.ghost]
    before = queries.chart(station, ghosts, name, of_day_before=True) if RANGES[name] <= DAY else None
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
    ghost = _day_later(station, _points(before, spec.ghost)) if before and spec.ghost else []
    scale = _scale([*points.values(), ghost], shown, spec)
    box = _box(station, name, scale)
    least_s = _silence_of_buckets(series)
    drawings = [_drawing(station.looks(each), points[each], box, least_s, is_main=each == drawn[0]) for each in drawn]
    return Card(
        spec=spec,
        unit=shown.symbol,
        drawings=[*drawings, *([_ghost(spec.ghost, ghost, box, least_s)] if ghost else [])],
        y_ticks=scale.marks,
        x_ticks=time_ticks(station.ago(RANGES[name]), station.now, name),
        nights=dark,
        silence=_silence(station, name),
        arrows=_arrows(_points(series, "wind_direction"), box) if "wind_direction" in spec.quantities else [],
        sentence=_sentence(station, drawn[0], series.columns[drawn[0]], name, shown),
        table=_table(station, spec.quantities, series, system),
    )


def _points(series: Series, name: str) -> list[Point]:
    """Return the points of a quantity: a bucket's in its middle; a reading without the quantity is not a gap."""
    column, by = series.columns.get(name), _width_s(series) / 2
    return [Point(t + by, y) for t, y in zip(series.t, column.value, strict=True) if y is not None] if column else []


def _width_s(series: Series) -> float:
    return 0 if series.resolution == "raw" else WIDTHS[series.resolution] * series.days


def _day_later(station: Station, points: list[Point]) -> list[Point]:
    """Move yesterday's points to the same times of today."""
    return [Point(local_time.day_after_s(x, station.zone), y) for x, y in points]


def _broken(points: list[Point], box: Box, least_s: float) -> list[Point]:
    """Remove points outside the box, and break the line where the sensor was silent."""
    return split([(x, y) for x, y in _entering(points, box) if y is not None], least=least_s)


def _silence_of_buckets(series: Series) -> float:
    return BUCKET_GAP * _width_s(series)


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
    rain, bar = spec.quantities[0], BARS[name]
    points = _bars(station, _amounts(station, rain, name), bar)
    shown = display(rain, system)
    scale = _scale([points], shown, spec)
    box = _box(station, name, scale)
    path = bars(_entering(points, box), box, width=bar.length_s * 0.86)
    return Card(
        spec=spec,
        unit=shown.symbol,
        drawings=[Drawing(station.looks(rain).short, looks(rain).hue, "bars", path)],
        y_ticks=scale.marks,
        x_ticks=time_ticks(station.ago(RANGES[name]), station.now, name),
        nights=dark,
        silence=_silence(station, name),
        arrows=[],
        sentence=amount_words([point.y or 0.0 for point in points], name, shown),
        table=Table(
            [bar.head, f"Rain, {shown.symbol}"],
            [[_instant(station, x, bar.length_s), shown.number(y)] for x, y in points][-ROWS_MOST:][::-1],
        ),
    )


def _amounts(station: Station, name: str, span: RangeName) -> list[Point]:
    """Return the amount of each bucket of a range."""
    start, is_counter = station.ago(RANGES[span]), quantity(name).combine == "counter"
    # What a counter grew by is known from the bucket before.
    lead = min(start, station.day_before(start)) if is_counter else start
    table = queries.bins(station, [name], start=lead, width=BARS[span].width, extras=is_counter)
    column = table.columns[name]
    amounts = station.calendar.increases(name, column) if is_counter else column.value
    return [
        Point(t, amount)
        for t, last, amount in zip(table.t, table.last, amounts, strict=True)
        if amount is not None and last >= start.timestamp()
    ]


def _bars(station: Station, points: list[Point], bar: Bar) -> list[Point]:
    """Add up amounts in bars of the site's clock and days."""
    sums: dict[float, float] = {}
    zone, starts_h = station.zone, station.calendar.day_starts_h
    for x, y in points:
        start = local_time.bar_start_s(x, width_s=bar.length_s, zone=zone, starts_h=starts_h)
        sums[start] = sums.get(start, 0.0) + (y or 0.0)
    return [Point(start, round(total, 3)) for start, total in sums.items()]


def _nights(station: Station, name: RangeName) -> list[tuple[str, str]]:
    if station.place is None or RANGES[name] > timedelta(days=7):
        return []
    return nights(station.ago(RANGES[name]), station.now, *station.place)


def _silence(station: Station, name: RangeName) -> tuple[str, str] | None:
    """Return start and length of the silence up to now, in per cent; None while the sensor reports."""
    if station.state not in ("late", "offline", "paused") or station.observed_at is None:
        return None
    silent_s = station.now.timestamp() - station.observed_at.timestamp()
    share = min(1.0, silent_s / RANGES[name].total_seconds())
    return f"{(1 - share) * 100:.2f}%", f"{share * 100:.2f}%"


def _sentence(station: Station, name: str, column: Column, span: RangeName, shown: Display) -> str:
    """Name the lowest and the highest reading of a range, and the newest one."""
    lows = [value for value in column.low if value is not None]
    highs = [value for value in column.high if value is not None]
    bounds = (min(lows), max(highs)) if lows and highs else None
    return bounds_words(bounds, span, shown, now=station.value(name) if station.state == "live" else None)


def bounds_words(bounds: tuple[float, float] | None, span: RangeName, shown: Display, *, now: float | None) -> str:
    """Return the sentence of a line's extremes."""
    if bounds is None:
        return f"No readings in {IN_WORDS[span]}."
    between = f"Between {shown.number(bounds[0])} and {shown.text(bounds[1])} in {IN_WORDS[span]}"
    return f"{between}." if now is None else f"{between}; now {shown.text(now)}."


def amount_words(amounts: Sequence[float], span: RangeName, shown: Display) -> str:
    """Return the sentence of amounts."""
    if not amounts:
        return f"No readings in {IN_WORDS[span]}."
    return f"{shown.text(sum(amounts))} in {IN_WORDS[span]}." if any(amounts) else f"No rain in {IN_WORDS[span]}."


def _table(station: Station, names: Sequence[str], series: Series, system: str) -> Table:
    columns = [(name, display(name, system), series.columns[name].value) for name in names if name in series.columns]
    rows = [row for row in range(len(series.t)) if any(column[row] is not None for *_, column in columns)]
    picked = rows[::-1][:: max(1, -(-len(rows) // ROWS_MOST))]
    width_s = _width_s(series)
    heads = [f"{station.looks(name).short}{', ' + shown.symbol if shown.symbol else ''}" for name, shown, _ in columns]
    return Table(
        ["Day" if width_s >= DAY_S else "Time", *heads],
        [
            [_instant(station, series.t[row], width_s), *(shown.number(column[row]) for _, shown, column in columns)]
            for row in picked
        ],
    )


def _instant(station: Station, epoch_s: float, width_s: float) -> str:
    """Format when a row begins: a day has no time."""
    at = datetime.fromtimestamp(epoch_s, station.zone)
    return words.date(at) if width_s >= DAY_S else words.since(at, now=station.now)
