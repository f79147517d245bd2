"""The pictures of a report as SVG: path data in a box 1000 wide that is stretched, and labels placed by percent."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Final, Literal

from sensorfusion.documents import queries
from sensorfusion.documents.figures import Day, Usual
from sensorfusion.documents.periods import Period
from sensorfusion.documents.streaks import Dated
from sensorfusion.reports.charts.axes import NOISE
from sensorfusion.reports.charts.labels import mark_labels
from sensorfusion.reports.geometry import Box, number, ticks
from sensorfusion.reports.queries import Station
from sensorfusion.reports.wind import RoseDrawing, rose_drawing
from sensorfusion.web.values import dates
from sensorfusion.web.values.display import Display

WIDTH: Final = 1000.0
ABOVE: Final = 14.0  # room for a label over the highest point
TICKS: Final = 5
EDGE: Final = 8.0  # per cent of the width


@dataclass(frozen=True, slots=True)
class Label:
    """Text at a place; `x` in percent of the width. `is_minor` is left out where it is narrow."""

    x: str
    y: str
    text: str
    is_minor: bool = False
    anchor: str = "m"  # class of a label of a point: m is its middle, e its end, s its start


@dataclass(frozen=True, slots=True)
class Drawing:
    """`paths` by class; `gaps` are the columns of days without readings, as x and width."""

    height: int
    paths: dict[str, str]
    grid: list[tuple[str, bool]]
    left: list[Label]
    days: list[Label]
    named: list[Label]
    right: list[Label] = field(default_factory=list)
    gaps: list[tuple[str, str]] = field(default_factory=list)

    @property
    def total_height(self) -> int:
        return self.height + 18

    @property
    def foot(self) -> int:
        return self.height + 13


def ribbon(days: Sequence[Day], usual: Usual | None, shown: Display) -> Drawing:
    """Draw the lowest to the highest value of each day with its mean, and the usual band behind."""
    ends = [value for day in days for value in (day.low, day.high) if value is not None]
    band = usual.band if usual else []
    ends += [value for pair in band if pair for value in pair]
    box, grid, left = _scale(ends, shown, height=206, zero=True, least=_least(ends, shown))
    columns = _columns(days)
    bars = "".join(
        _stroke(x, box.y(_in(day.low, shown)), box.y(_in(day.high, shown)))
        for x, day in zip(columns, days, strict=True)
        if day.low is not None and day.high is not None
    )
    means = "".join(
        f"M{x} {number(box.y(_in(day.mean, shown)))}h.1"
        for x, day in zip(columns, days, strict=True)
        if day.mean is not None
    )
    paths = {"usual": _band(band, columns, box, shown), "ribbon": bars, "mean": means}
    named = _named(days, columns, box, shown, [("high", max, -6), ("low", min, 15)])
    return Drawing(206, paths, grid, left, numbers_of(days), named, gaps=_gaps(days))


def _stroke(x: str, bottom: float, top: float) -> str:
    """Draw a bar that can be seen even where the lowest is the highest."""
    return f"M{x} {number(top)}V{number(max(bottom, top + 1))}"


def amount_bars(days: Sequence[Day], shown: Display, *, part: Literal["rain", "amount"] = "rain") -> Drawing:
    """Draw the rain or the amount of each day as bars, and the total so far as a line on the right scale."""
    fell = [value for day in days if (value := getattr(day, part)) is not None]
    box, grid, left = _scale([0.0, *fell], shown, height=132, least=min(shown.factor, _least(fell, shown)))
    totals, total = [], 0.0
    for day in days:
        total += getattr(day, part) or 0.0
        totals.append(total)
    marks = ticks(0, max(total * shown.factor, 3 * shown.step(total * shown.factor)) or 1, count=3)
    over = Box(0, WIDTH, 0, marks[-1], WIDTH, box.height - ABOVE)
    pitch = WIDTH / len(days)
    line = f"M0 {number(box.height)}" + "".join(
        f"H{number((place + 0.5) * pitch)}V{number(over.y(value * shown.factor) + ABOVE)}"
        for place, value in enumerate(totals)
    )
    right = [
        Label("100%", number(over.y(value) + ABOVE + 4), text)
        for value, text in zip(marks, mark_labels(marks, _unsigned(shown)), strict=True)
    ]
    return Drawing(
        132,
        {"bars": _bars(days, part, box, shown), "total": f"{line}H{number(WIDTH)}"},
        grid,
        left,
        numbers_of(days),
        _named(days, _columns(days), box, shown, [(part, max, -6)]),
        right,
        _gaps(days),
    )


def wind_bars(days: Sequence[Day], shown: Display) -> Drawing:
    """Draw the mean wind of each day as bars, and its strongest as dots."""
    there = [value for day in days for value in (day.wind, day.gust) if value is not None]
    box, grid, left = _scale([0.0, *there], shown, height=118)
    gusts = "".join(
        f"M{x} {number(box.y(_in(day.gust, shown)))}h.1"
        for x, day in zip(_columns(days), days, strict=True)
        if day.gust is not None
    )
    named = _named(days, _columns(days), box, shown, [("gust", max, -7)])
    paths = {"bars": _bars(days, "wind", box, shown), "gusts": gusts}
    return Drawing(118, paths, grid, left, numbers_of(days), named, gaps=_gaps(days))


def _in(value: float | None, shown: Display) -> float:
    return (value or 0.0) * shown.factor + shown.offset


def _least(values: Sequence[float], shown: Display) -> float:
    """Return the least span of a scale: one unit, or many steps of numbers that are written by their digits."""
    largest = max((abs(_in(value, shown)) for value in values), default=0.0)
    step = shown.step(largest) if shown.digits or shown.si else 0.0
    return min(1.0, NOISE * step) if step else 1.0


def _scale(
    values: Sequence[float], shown: Display, *, height: int, zero: bool = False, least: float = 1.0
) -> tuple[Box, list[tuple[str, bool]], list[Label]]:
    drawn = [_in(value, shown) for value in values] or [0.0]
    low, high = min(drawn), max(drawn)
    marks = ticks(low, max(high, low + least), count=TICKS)
    box = Box(0, WIDTH, marks[0], marks[-1], WIDTH, height - ABOVE)
    moved = Box(0, WIDTH, marks[0], marks[-1] + (marks[-1] - marks[0]) * ABOVE / (height - ABOVE), WIDTH, height)
    grid = [(number(box.y(mark) + ABOVE), mark == (0 if zero else marks[0])) for mark in marks]
    return moved, grid, left_labels(marks, shown, [box.y(mark) + ABOVE + 4 for mark in marks])


def left_labels(marks: Sequence[float], shown: Display, heights: Sequence[float]) -> list[Label]:
    """Write the marks of the left scale; the unit is in the heading."""
    texts = mark_labels(marks, _unsigned(shown))
    return [Label("-7", number(height), text) for text, height in zip(texts, heights, strict=True)]


def _unsigned(shown: Display) -> Display:
    return replace(shown, symbol=shown.symbol.removeprefix("°")) if shown.symbol[:1] == "°" else shown


def _columns(days: Sequence[Day]) -> list[str]:
    pitch = WIDTH / len(days)
    return [number((place + 0.5) * pitch) for place in range(len(days))]


def _percent(place: int, many: int) -> str:
    return f"{(place + 0.5) / many * 100:.2f}%"


def _bars(days: Sequence[Day], part: str, box: Box, shown: Display) -> str:
    pitch = WIDTH / len(days)
    return "".join(
        f"M{number((place + 0.2) * pitch)} {number(box.height)}V{number(box.y(_in(value, shown)))}"
        f"h{number(pitch * 0.6)}V{number(box.height)}z"
        for place, day in enumerate(days)
        if (value := getattr(day, part))
    )


def _band(band: Sequence[tuple[float, float] | None], columns: Sequence[str], box: Box, shown: Display) -> str:
    there = [(x, *pair) for x, pair in zip(columns, band, strict=True) if pair] if band else []
    if len(there) < 2:
        return ""
    up = [f"{x} {number(box.y(_in(high, shown)))}" for x, _, high in there]
    back = [f"{x} {number(box.y(_in(low, shown)))}" for x, low, _ in reversed(there)]
    return f"M{'L'.join([*up, *back])}z"


def numbers_of(days: Sequence[Dated]) -> list[Label]:
    """Number the days; where it is narrow only the first and every fifth, in long spans the first of each month."""
    many = len(days)
    if many > 31:
        return [
            Label(_percent(place, many), "", dates.short_month(day.day))
            for place, day in enumerate(days)
            if day.day.day == 1
        ]
    return [
        Label(_percent(place, many), "", str(day.day.day), is_minor=many > 10 and place > 0 and day.day.day % 5 > 0)
        for place, day in enumerate(days)
    ]


def _named(
    days: Sequence[Day], columns: Sequence[str], box: Box, shown: Display, ends: Sequence[tuple[str, object, int]]
) -> list[Label]:
    """Write the number at the greatest and the least of the period."""
    found = []
    for part, pick, above in ends:
        there = [(getattr(day, part), place) for place, day in enumerate(days) if getattr(day, part) is not None]
        if there:
            value = max(there)[0] if pick is max else min(there)[0]
            place = next(place for each, place in there if each == value)
            y = number(box.y(_in(value, shown)) + above)
            x = _percent(place, len(days))
            found.append(Label(x, y, shown.number(value), anchor=_anchor(x)))
    return found


def _anchor(x: str) -> str:
    """Let a label near an end of a drawing begin or end there, clear of the marks beside it."""
    place = float(x.rstrip("%"))
    return "s" if place < EDGE else "e" if place > 100 - EDGE else "m"


def _gaps(days: Sequence[Day]) -> list[tuple[str, str]]:
    pitch = 100 / len(days)
    return [
        (f"{place * pitch:.2f}%", f"{pitch:.2f}%")
        for place, day in enumerate(days)
        if not day.has_readings and day.hours.expected
    ]


def rose_of(station: Station, period: Period, *, system: str) -> RoseDrawing | None:
    """Read and draw where the wind came from; None if the sensor does not tell."""
    if not queries.has_wind(station):
        return None
    return rose_drawing(queries.rose_of(station, period), system=system, presentation=station.presentation)
