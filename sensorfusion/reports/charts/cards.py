"""The chart cards as drawn by the server: axes, lines, a sentence and the numbers as a table.

The page's script replaces the drawing by an interactive one of the same data; without scripts this one stays.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, Literal

from django.utils.translation import gettext

from sensorfusion.domain.local_time import DAY_S
from sensorfusion.domain.quantities import quantity
from sensorfusion.domain.quantities.device import is_of_the_device
from sensorfusion.domain.weather.wind import compass_point, weight
from sensorfusion.readings.charts.question import ChartQuestion
from sensorfusion.readings.charts.series import Series, series
from sensorfusion.readings.rollups.buckets import Column
from sensorfusion.readings.rollups.question import Question
from sensorfusion.reports import queries, words
from sensorfusion.reports.charts import bars
from sensorfusion.reports.charts.axes import Scale, Tick, time_ticks, value_scale
from sensorfusion.reports.charts.bands import Bands
from sensorfusion.reports.charts.bars import bar_path, bars_of, total_path
from sensorfusion.reports.charts.drawings import SIDE, Drawing, Line, arrows, day_later, drawing, ghost, line, width_s
from sensorfusion.reports.charts.labels import apart, fitting, is_wider, room
from sensorfusion.reports.charts.resolution import bars_words, resolution_words, with_unit
from sensorfusion.reports.charts.spans import Span
from sensorfusion.reports.geometry import Box, Point
from sensorfusion.reports.queries import DAY, Station
from sensorfusion.reports.sunarc import nights
from sensorfusion.web.looks import looks
from sensorfusion.web.values.display import Display

Kind = Literal["line", "bars", "dots", "wind"]
NO_BANDS: Final[Mapping[str, Bands]] = {}

# Room for labels without css/axes.css: the margins in css/sensor.css, at the left with the padding of the card.
LEFT_PX, RIGHT_PX = 54.0, 84.0
ROWS_MOST: Final = 100  # of a table
FROM_ZERO: Final = frozenset(("wind", "gust", "sun", "uv", "rain"))  # hues of quantities with a natural zero
WIND_STRIP: Final = 0.22  # of the wind's axis, below zero, for arrows


@dataclass(frozen=True, slots=True)
class Spec:
    """The contents of a card; `ghost` is the quantity whose previous day is drawn behind."""

    id: str
    title: str
    quantities: tuple[str, ...]
    kind: Kind = "line"
    ghost: str = ""


@dataclass(frozen=True, slots=True)
class Table:
    heads: list[str]
    rows: list[list[str]]


@dataclass(frozen=True, slots=True)
class Card:
    """`subtitle` names the unit and what a point of the drawing stands for."""

    spec: Spec
    subtitle: str
    drawings: list[Drawing]
    y_ticks: list[Tick]
    x_ticks: list[Tick]
    nights: list[tuple[str, str]]
    silence: tuple[str, str] | None
    arrows: list[tuple[str, str]]
    sentence: str
    table: Table
    resolution: str  # of its data, which the script asks for
    bands: Bands | None = None

    @property
    def legend(self) -> list[Drawing]:
        """The drawings that have a name."""
        return [drawing for drawing in self.drawings if drawing.label]

    @property
    def is_wide(self) -> bool:
        """Whether labels beside the drawing need more room than the margins that it has without css/axes.css."""
        return is_wider([tick.label for tick in self.y_ticks], LEFT_PX) or self.names_room > 0

    @property
    def names_room(self) -> int:
        """The steps of margin that the names at the right take if the usual one is too small, else 0."""
        names = [tick.label for tick in self.ends]
        return room(names) if is_wider(names, RIGHT_PX) else 0

    @property
    def ends(self) -> list[Tick]:
        """The names at the ends of lines, none over another."""
        named = [drawing for drawing in self.drawings if drawing.end]
        places = apart([float(drawing.end.rstrip("%")) for drawing in named])
        return [
            Tick(f"{place:.2f}%", fitting(drawing.end_words or drawing.label))
            for place, drawing in zip(places, named, strict=True)
        ]

    @property
    def silence_middle(self) -> str:
        """The place of the words "no data"."""
        start, width = (float(part.rstrip("%")) for part in self.silence or ("0%", "0%"))
        return f"{start + width / 2:.2f}%"


def specs(station: Station, hero: str) -> list[Spec]:
    """Return the cards of a sensor: its main quantity first, then at most four small ones."""
    has = station.numbers
    beside = ("dew_point",) if hero == "temperature" and "dew_point" in has else ()
    main = _main(station, hero, beside)
    small = [spec for spec in _candidates(station) if set(spec.quantities[:1]) <= set(has)]
    small = [spec for spec in small if spec.kind != "bars" or spec.quantities != main.quantities]
    rest = [name for name in has if name not in (hero, *beside) and quantity(name).combine == "mean"]
    rest = [name for name in rest if not is_of_the_device(name)]
    told = {name for spec in small for name in spec.quantities} | {"pressure", "rain_rate", "uv_index"}
    small += [Spec(f"chart-{_slug(name)}", station.looks(name).label, (name,)) for name in rest if name not in told]
    return [main, *small[:4]]


def _main(station: Station, hero: str, beside: tuple[str, ...]) -> Spec:
    name, title = f"chart-{_slug(hero)}", station.looks(hero).label
    match quantity(hero).combine:
        case "sum":
            return Spec(name, title, (hero,), "bars")
        case "vector":
            return Spec(name, title, (hero,), "dots", ghost=hero)
        case _:
            return Spec(name, title, (hero, *beside), ghost=hero)


def _candidates(station: Station) -> list[Spec]:
    has = station.numbers
    pressure = "sea_level_pressure" if "sea_level_pressure" in has else "pressure"
    rain = "rain" if "rain" in has else "rain_day"
    light = "solar_radiation" if "solar_radiation" in has else "humidity"
    winds = tuple(name for name in ("wind_speed", "wind_gust", "wind_direction") if name in has)
    return [
        *([Spec("chart-wind", gettext("Wind"), winds, "wind")] if winds[:1] == ("wind_speed",) else []),
        Spec("chart-pressure", station.looks(pressure).label, (pressure,)),
        Spec("chart-rain", gettext("Rain"), (rain,), "bars"),
        Spec(f"chart-{_slug(light)}", station.looks(light).label, (light,)),
        *([Spec("chart-humidity", station.looks("humidity").label, ("humidity",))] if light != "humidity" else []),
    ]


def _slug(name: str) -> str:
    return "".join(letter if letter.isalnum() else "-" for letter in name)


def cards(
    station: Station, chosen: list[Spec], span: Span, *, system: str, bands: Mapping[str, Bands] = NO_BANDS
) -> list[Card]:
    """Query the data of the cards, and draw them.

    :param bands: those behind the lines of quantities; each is drawn where its quantity is the first.
    """
    drawn, *ghosts = (series(question) for question in lines_of(station, chosen, span))
    before = ghosts[0] if ghosts else None
    return [
        _bar_card(station, spec, span, system)
        if spec.kind == "bars"
        else _line_card(station, spec, span, system, drawn, before, bands.get(spec.quantities[0]))
        for spec in chosen
    ]


def lines_of(station: Station, chosen: Sequence[Spec], span: Span) -> list[ChartQuestion]:
    """Return the question for all lines of the cards and, of a short span, that for the lines of the day before."""
    lines = list(dict.fromkeys(each for spec in chosen if spec.kind != "bars" for each in spec.quantities))
    asked = [queries.chart_of(station, lines, span)]
    if span.length_s <= DAY.total_seconds():
        ghosts = [spec.ghost for spec in chosen if spec.ghost]
        asked.append(queries.chart_of(station, ghosts, span, of_day_before=True))
    return asked


def amounts_of(station: Station, chosen: Sequence[Spec], span: Span) -> list[Question]:
    """Return the questions for the bars of the cards."""
    return [bars.amounts_of(station, spec.quantities[0], span) for spec in chosen if spec.kind == "bars"]


def _line_card(
    station: Station,
    spec: Spec,
    span: Span,
    system: str,
    series: Series,
    before: Series | None,
    bands: Bands | None,
) -> Card:
    # Beside a speed its directions are arrows; alone they are drawn themselves.
    drawn = [each for each in spec.quantities if quantity(each).combine != "vector"] or list(spec.quantities[:1])
    shown = station.display(drawn[0], system)
    lines = {each: line(series, each, interval_s=station.interval_s) for each in drawn}
    yesterday = day_later(station, line(before, spec.ghost)) if before and spec.ghost else None
    box, marks = _box([*lines.values(), *([yesterday] if yesterday else [])], shown, spec, span, bands)
    drawings = [
        each
        for name in drawn
        for each in drawing(
            station.looks(name), lines[name], box, is_main=name == drawn[0], is_dots=spec.kind == "dots"
        )
    ]
    return Card(
        spec=spec,
        subtitle=with_unit(shown.symbol, resolution_words(series.resolution, series.days, quantity(drawn[0]).combine)),
        drawings=[
            *drawings,
            *([ghost(station.looks(spec.ghost).hue, yesterday, box)] if yesterday else []),
            *(bands.drawings(station.looks(drawn[0]).hue, box) if bands else []),
        ],
        y_ticks=marks,
        x_ticks=time_ticks(span.start, span.end, span.name),
        nights=_nights(station, span),
        silence=_silence(station, span),
        arrows=arrows(_blowing(series), box) if spec.kind == "wind" and "wind_direction" in series.columns else [],
        sentence=_with(_sentence(station, drawn[0], series.columns[drawn[0]], span, shown), bands),
        table=_table(station, spec.quantities, series, system, bands),
        resolution=series.resolution,
        bands=bands,
    )


def _with(sentence: str, bands: Bands | None) -> str:
    return f"{sentence} {bands.sentence}" if bands and bands.sentence else sentence


def _blowing(series: Series) -> list[Point]:
    """Return the directions without those of calms, in which a vane has none."""
    speeds = {point.x: point.y for point in line(series, "wind_speed").points}
    return [point for point in line(series, "wind_direction").points if weight(speeds.get(point.x))]


def _box(
    lines: Sequence[Line], shown: Display, spec: Spec, span: Span, bands: Bands | None = None
) -> tuple[Box, list[Tick]]:
    values = [value for each in lines for value in each.values]
    scale = _scale(bands.widened(min(values), max(values)) if bands and values else values, shown, spec)
    return Box(span.start.timestamp(), span.end.timestamp(), scale.low, scale.high, SIDE, SIDE, 0), scale.marks


def _scale(values: Sequence[float], shown: Display, spec: Spec) -> Scale:
    if not values:
        return Scale(0.0, 1.0, [])
    from_zero = looks(spec.quantities[0]).hue in FROM_ZERO and spec.kind != "dots"
    strip = WIND_STRIP if spec.kind == "wind" and "wind_direction" in spec.quantities else 0.0
    return value_scale(min(values), max(values), shown, from_zero=from_zero, strip=strip)


def _bar_card(station: Station, spec: Spec, span: Span, system: str) -> Card:
    rain, bar = spec.quantities[0], span.bar
    points = bars_of(station, rain, span)
    shown = station.display(rain, system)
    box, marks = _box([Line(points)], shown, spec, span)
    return Card(
        spec=spec,
        subtitle=with_unit(shown.symbol, bars_words(bar.length_s), " "),
        drawings=[
            Drawing(station.looks(rain).short, station.looks(rain).hue, "bars", bar_path(points, box, bar)),
            *_total(points, station.looks(rain).hue, box, shown),
        ],
        y_ticks=marks,
        x_ticks=time_ticks(span.start, span.end, span.name),
        nights=_nights(station, span),
        silence=_silence(station, span),
        arrows=[],
        sentence=amount_words([point.y or 0.0 for point in points], span.words, shown),
        table=Table(
            [str(bar.head), gettext("Rain, {unit}").format(unit=shown.symbol)],
            [[_instant(station, x, bar.length_s), shown.number(y)] for x, y in points][-ROWS_MOST:][::-1],
        ),
        resolution=bar.width,
    )


def _total(points: list[Point], hue: str, box: Box, shown: Display) -> list[Drawing]:
    """Draw what fell in all, with the amount at its end: its height has no axis."""
    if not points:
        return []
    path, end = total_path(points, box)
    total = shown.text(sum(y or 0.0 for _, y in points))
    return [Drawing(gettext("Total"), hue, "total", path, end=end, end_words=total)]


def _nights(station: Station, span: Span) -> list[tuple[str, str]]:
    if station.place is None or span.length_s > timedelta(days=7).total_seconds():
        return []
    return nights(span.start, span.end, *station.place)


def _silence(station: Station, span: Span) -> tuple[str, str] | None:
    """Return start and length of the silence up to now, in per cent; None while the sensor reports."""
    if not span.is_live or station.state not in ("late", "offline", "paused") or station.observed_at is None:
        return None
    silent_s = station.now.timestamp() - station.observed_at.timestamp()
    share = min(1.0, silent_s / span.length_s)
    return f"{(1 - share) * 100:.2f}%", f"{share * 100:.2f}%"


def _sentence(station: Station, name: str, column: Column, span: Span, shown: Display) -> str:
    """Name the lowest and the highest reading of a span, and the newest one."""
    now = station.current(name) if station.state == "live" and span.is_live else None
    if quantity(name).combine == "vector":
        return direction_words(any(each is not None for each in column.value), span.words, now=now)
    lows = [value for value in column.low if value is not None]
    highs = [value for value in column.high if value is not None]
    bounds = (min(lows), max(highs)) if lows and highs else None
    return bounds_words(bounds, span.words, shown, now=now)


def bounds_words(bounds: tuple[float, float] | None, span: str, shown: Display, *, now: float | None) -> str:
    """Return the sentence of a line's extremes."""
    if bounds is None:
        return gettext("No readings in {span}.").format(span=span)
    low, high = shown.bounds(*bounds)
    if low == shown.number(bounds[1]):
        extremes = gettext("Always {value}").format(value=high)
    else:
        extremes = gettext("Between {low} and {high}").format(low=low, high=high)
    return _in(span, extremes, "" if now is None else shown.text(now))


def direction_words(has_any: bool, span: str, *, now: float | None) -> str:
    """Return the sentence of directions, which have no lowest and no highest."""
    if not has_any:
        return gettext("No readings in {span}.").format(span=span)
    newest = "" if now is None else f"{gettext(compass_point(now))} {now:.0f}°"
    return _in(span, gettext("Directions"), newest)


def _in(span: str, values: str, now: str) -> str:
    if now:
        return gettext("{values} in {span}; now {now}.").format(values=values, span=span, now=now)
    return gettext("{values} in {span}.").format(values=values, span=span)


def amount_words(amounts: Sequence[float], span: str, shown: Display) -> str:
    """Return the sentence of amounts."""
    if not amounts:
        return gettext("No readings in {span}.").format(span=span)
    return _in(span, shown.text(sum(amounts)), "") if any(amounts) else gettext("No rain in {span}.").format(span=span)


def _table(station: Station, names: Sequence[str], series: Series, system: str, bands: Bands | None) -> Table:
    known = [name for name in names if name in series.columns]
    columns = [(name, station.display(name, system), series.columns[name].value) for name in known]
    rows = [row for row in range(len(series.t)) if any(column[row] is not None for *_, column in columns)]
    picked = rows[::-1][:: max(1, -(-len(rows) // ROWS_MOST))]
    row_s = width_s(series)
    heads = [f"{station.looks(name).short}{', ' + shown.symbol if shown.symbol else ''}" for name, shown, _ in columns]
    told = [bands] if bands and bands.weeks else []
    return Table(
        [gettext("Day") if row_s >= DAY_S else gettext("Time"), *heads, *(each.head for each in told)],
        [
            [
                _instant(station, series.t[row], row_s),
                *(shown.number(column[row]) for _, shown, column in columns),
                *(each.cell(series.t[row]) for each in told),
            ]
            for row in picked
        ],
    )


def _instant(station: Station, epoch_s: float, row_s: float) -> str:
    """Format when a row begins: a day has no time."""
    at = datetime.fromtimestamp(epoch_s, station.zone)
    return words.date(at) if row_s >= DAY_S else words.since(at, now=station.now)
