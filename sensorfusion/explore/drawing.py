"""Pictures of series over time, placed as the report page's: in a box of 1000 by 1000 that the browser stretches."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any, Final

from sensorfusion.explore.notes import Mark
from sensorfusion.explore.queries import Line
from sensorfusion.explore.series_looks import Dressed
from sensorfusion.reports.charts.axes import Scale, Tick, time_ticks, value_scale
from sensorfusion.reports.charts.cards import FROM_ZERO
from sensorfusion.reports.charts.drawings import SIDE
from sensorfusion.reports.charts.spans import RANGES
from sensorfusion.reports.geometry import Box, Point, bars, number, polyline, split
from sensorfusion.reports.sunarc import nights
from sensorfusion.web.values.display import row

NIGHTS_UP_TO: Final = timedelta(days=10)
MONTHS_UP_TO: Final = timedelta(days=400)  # longer spans have a mark at each new year
TICKS_MOST: Final = 12
BAR: Final = 0.86  # of the length of a bucket


@dataclass(frozen=True, slots=True)
class Stroke:
    """`style` is line, ghost, dots or bars; `band` the area between lowest and highest readings."""

    label: str
    hue: str
    dash: int
    style: str
    path: str
    band: str = ""


@dataclass(frozen=True, slots=True)
class Curve:
    """The points of a stroke, in canonical values, with what draws them."""

    look: Dressed
    label: str
    points: list[Point]
    style: str = "line"
    width_s: float = 0.0
    lows: list[Point] = field(default_factory=list)
    highs: list[Point] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Panel:
    """One chart: strokes on one or two scales. `data` is what the page's script reads values from."""

    title: str
    strokes: list[Stroke]
    left: list[Tick]
    right: list[Tick]
    units: list[str]
    x_ticks: list[Tick]
    nights: list[tuple[str, str]]
    data: dict[str, Any]
    zero: str = ""
    notes: Sequence[Mark] = ()


@dataclass(frozen=True, slots=True)
class Frame:
    """The span of a picture, in the first series' zone."""

    start: datetime
    end: datetime
    place: tuple[float, float] | None

    @property
    def seconds(self) -> tuple[float, float]:
        return self.start.timestamp(), self.end.timestamp()


def curve(look: Dressed, line: Line, *, style: str = "", label: str = "") -> Curve:
    """Return the points of a line: a bucket's in its middle; a row without a value is no gap by itself."""
    kind = style or {"vector": "dots", "sum": "bars"}.get(look.chosen.entry.combine, "line")
    by = 0.0 if kind == "bars" else line.width_s / 2
    is_banded = line.width_s and kind == "line"
    return Curve(
        look,
        label or look.label,
        _points(line.t, line.column.value, by),
        kind,
        line.width_s,
        _points(line.t, line.column.low, by) if is_banded else [],
        _points(line.t, line.column.high, by) if is_banded else [],
    )


def _points(t: Sequence[float], values: Sequence[float | None], by: float) -> list[Point]:
    return [Point(at + by, value) for at, value in zip(t, values, strict=True) if value is not None]


def panel(title: str, curves: Sequence[Curve], frame: Frame) -> Panel:
    """Draw curves of one or two units, each unit on a scale of its own."""
    units = list(dict.fromkeys(each.look.unit for each in curves))
    scales = {unit: scale_of([each for each in curves if each.look.unit == unit], frame) for unit in units}
    marks = [scales[unit].marks for unit in units]
    return Panel(
        title=title,
        strokes=[_stroke(each, box_of(frame, scales[each.look.unit])) for each in curves],
        left=marks[0] if marks else [],
        right=marks[1] if len(marks) > 1 else [],
        units=units,
        x_ticks=x_ticks(frame),
        nights=_nights(frame),
        data=data(curves, scales, frame),
    )


def with_notes(drawn: Panel, marks: Sequence[Mark]) -> Panel:
    """Mark notes on a chart, and give their words to its script."""
    told = [[mark.start_s, mark.end_s, mark.words] for mark in marks]
    return replace(drawn, notes=marks, data={**drawn.data, "notes": told})


def data(curves: Sequence[Curve], scales: dict[str, Scale], frame: Frame) -> dict[str, Any]:
    """Return what the page's script needs to name the values under a crosshair."""
    return {
        "span": frame.seconds,
        "lines": [
            {
                "label": each.label,
                "hue": each.look.hue,
                "unit": row(each.look.shown),
                "scale": [scales[each.look.unit].low, scales[each.look.unit].high],
                "width": each.width_s if each.style == "bars" else 0,
                "t": [round(point.x, 3) for point in each.points],
                "v": [point.y for point in each.points],
            }
            for each in curves
        ],
    }


def scale_of(curves: Sequence[Curve], frame: Frame) -> Scale:
    """Return the scale of all points in view, bands included."""
    left, right = frame.seconds
    values = [
        y
        for each in curves
        for points in (each.points, each.lows, each.highs)
        for x, y in points
        if y is not None and left <= x <= right
    ]
    if not values:
        return Scale(0.0, 1.0, [])
    first = curves[0]
    hue = first.look.chosen.station.looks(first.look.chosen.name.quantity).hue
    from_zero = (hue in FROM_ZERO or any(each.style == "bars" for each in curves)) and min(values) >= 0
    return value_scale(min(values), max(values), first.look.shown, from_zero=from_zero)


def box_of(frame: Frame, scale: Scale) -> Box:
    return Box(*frame.seconds, scale.low, scale.high, SIDE, SIDE, 0)


def _stroke(each: Curve, box: Box) -> Stroke:
    inside = [point for point in each.points if box.left <= point.x <= box.right]
    match each.style:
        case "bars":
            path = bars(inside, box, width=each.width_s * BAR)
        case "dots":
            path = "".join(f"M{number(box.x(x))} {number(box.y(y))}h0" for x, y in inside if y is not None)
        case _:
            path = polyline(_broken(inside, each.width_s), box).line
    return Stroke(each.label, each.look.hue, each.look.dash, each.style, path, band(each, box))


def _broken(points: Sequence[Point], width_s: float) -> list[Point]:
    return [Point(*each) for each in split([(x, y) for x, y in points if y is not None], width=width_s)]


def band(each: Curve, box: Box) -> str:
    """Draw the area between the lowest and the highest readings, broken where the line is."""
    pairs = list(zip(_broken(each.lows, each.width_s), _broken(each.highs, each.width_s), strict=True))
    runs: list[list[tuple[Point, Point]]] = [[]]
    for low, high in pairs:
        if low.y is None or high.y is None:
            runs.append([])
        elif box.left <= low.x <= box.right:
            runs[-1].append((low, high))
    return "".join(_area(run, box) for run in runs if len(run) > 1)


def _area(run: Sequence[tuple[Point, Point]], box: Box) -> str:
    edge = [*(high for _, high in run), *(low for low, _ in reversed(run))]
    return f"M{'L'.join(box.at(x, y or 0.0) for x, y in edge)}Z"


def x_ticks(frame: Frame) -> list[Tick]:
    """Return the marks of the time axis: those of the shortest range that holds the span."""
    length = frame.end - frame.start
    if length > MONTHS_UP_TO:
        years = [frame.start.replace(month=1, day=1, hour=0, minute=0, second=0, microsecond=0)]
        while (after := years[-1].replace(year=years[-1].year + 1)) <= frame.end:
            years.append(after)
        left, right = frame.seconds
        found = [(at.timestamp() - left) / (right - left) * 100 for at in years]
        ticks = [
            Tick(f"{place:.2f}%", str(at.year), True) for at, place in zip(years, found, strict=True) if place >= 0
        ]
    else:
        ticks = time_ticks(frame.start, frame.end, next((name for name, has in RANGES.items() if length <= has), "1y"))
    return ticks[:: -(-len(ticks) // TICKS_MOST) or 1]


def _nights(frame: Frame) -> list[tuple[str, str]]:
    if frame.place is None or frame.end - frame.start > NIGHTS_UP_TO:
        return []
    return nights(frame.start, frame.end, *frame.place)


def difference_panel(
    title: str, rows: Sequence[tuple[float, float]], look: Dressed, base: float, frame: Frame, width_s: float
) -> Panel:
    """Draw a signed result, filled from `base`: warm above, cold below."""
    points = [Point(t + width_s / 2, value) for t, value in rows]
    plain = Curve(look, title, points, "line", width_s)
    values = [point.y or 0.0 for point in points]
    scale = value_scale(min([base, *values]), max([base, *values]), look.shown, from_zero=False)
    box = box_of(frame, scale)
    strokes = [
        Stroke(title, hue, 0, "area", polyline(_broken(_beyond(points, base, pick), width_s), box, base=base).area)
        for hue, pick in (("warm", max), ("cold", min))
    ]
    zero = f"{box.y(base) / SIDE * 100:.2f}%"
    drawn = Stroke(title, "text", 0, "line", polyline(_broken(points, width_s), box).line)
    told = data([replace(plain, look=replace(look, hue="text"))], {look.unit: scale}, frame)
    return Panel(title, [*strokes, drawn], scale.marks, [], [look.unit], x_ticks(frame), [], told, zero)


def _beyond(points: Sequence[Point], base: float, pick: Any) -> list[Point]:
    return [Point(x, pick(y, base)) for x, y in points]
