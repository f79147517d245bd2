"""The lines of a chart card: points of a series, and their paths.

Everything is placed in a box of 1000 by 1000 that the browser stretches, ticks in per cent of it.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

from django.utils.translation import gettext

from sensorfusion.domain import local_time
from sensorfusion.readings.charts.series import Series
from sensorfusion.readings.rollups.buckets import WIDTHS
from sensorfusion.reports.geometry import Box, Pair, Point, number, polyline, ribbon, split
from sensorfusion.reports.queries import Station
from sensorfusion.web.looks import Looks

SIDE: Final = 1000
ARROWS: Final = 24


@dataclass(frozen=True, slots=True)
class Drawing:
    label: str
    hue: str
    style: str  # line, band, ghost, bars, total or dots
    path: str
    area: str = ""
    end: str = ""  # vertical place of its last point, in per cent, for its name
    end_words: str = ""  # instead of its name

    @property
    def look(self) -> str:
        """The legend's word for the style."""
        return "faint" if self.style == "ghost" else self.style


@dataclass(frozen=True, slots=True)
class Line:
    """Points of one quantity, and the least and the greatest reading of each where they are buckets of readings.

    `width_s` is the width of buckets, 0 for readings.
    """

    points: list[Point]
    lows: list[Point] = field(default_factory=list)
    highs: list[Point] = field(default_factory=list)
    width_s: float = 0.0
    interval_s: float | None = None

    @property
    def values(self) -> list[float]:
        """All that is drawn, for the axis."""
        return [point.y for column in (self.points, self.lows, self.highs) for point in column if point.y is not None]


def width_s(series: Series) -> float:
    """Return the width of a series' rows, 0 for readings."""
    return 0.0 if series.resolution == "raw" else WIDTHS[series.resolution] * series.days


def line(series: Series, name: str, *, interval_s: float | None = None) -> Line:
    """Return the points of a quantity: a bucket's in its middle; a reading without the quantity is not a gap."""
    column, width = series.columns.get(name), width_s(series)
    if column is None:
        return Line([])
    rows = [row for row, value in enumerate(column.value) if value is not None]

    def points(values: Sequence[float | None]) -> list[Point]:
        return [Point(series.t[row] + width / 2, values[row]) for row in rows]

    has_band = width > 0 and any(column.low[row] != column.high[row] for row in rows)
    edges = (points(column.low), points(column.high)) if has_band else ([], [])
    return Line(points(column.value), *edges, width, interval_s)


def day_later(station: Station, before: Line) -> Line:
    """Move yesterday's points to the same times of today."""
    moved = [Point(local_time.day_after_s(x, station.zone), y) for x, y in before.points]
    return Line(moved, width_s=before.width_s)


def drawing(looking: Looks, drawn: Line, box: Box, *, is_main: bool, is_dots: bool) -> list[Drawing]:
    """Draw a line with the band of its extremes behind it, or dots."""
    if is_dots or looking.hue == "gust":
        return [Drawing(looking.short, looking.hue, "dots", _dots(drawn.points, box))]
    broken = _broken(drawn.points, drawn, box)
    path, area = polyline(broken, box)
    last = broken[-1][1] if broken else None
    end = "" if last is None else f"{box.y(last) / SIDE * 100:.2f}%"
    band = ribbon(_broken(drawn.lows, drawn, box), _broken(drawn.highs, drawn, box), box)
    return [
        Drawing(looking.short, looking.hue, "line", path, area if is_main else "", end),
        *([Drawing("", looking.hue, "band", band)] if band else []),
    ]


def ghost(hue: str, yesterday: Line, box: Box) -> Drawing:
    """Draw the day before behind the day."""
    return Drawing(gettext("Yesterday"), hue, "ghost", polyline(_broken(yesterday.points, yesterday, box), box).line)


def arrows(points: Sequence[Point], box: Box) -> list[tuple[str, str]]:
    """Place arrows that point with the wind, as place in per cent and angle."""
    blowing = [point for point in _entering(points, box) if point.y is not None]
    picked = blowing[:: max(1, -(-len(blowing) // ARROWS))]
    return [(f"{box.x(x) / SIDE * 100:.2f}%", f"{(y or 0) + 180:.0f}") for x, y in picked]


def _broken(points: Sequence[Point], of: Line, box: Box) -> list[Pair]:
    """Remove points outside the box, and break the line where the sensor was silent."""
    entering = [(x, y) for x, y in _entering(points, box) if y is not None]
    return split(entering, width=of.width_s, interval=of.interval_s)


def _entering(points: Sequence[Point], box: Box) -> list[Point]:
    """Remove points outside the span; the middle of the current bucket may be after it."""
    return [point for point in points if box.left <= point.x <= box.right]


def _dots(points: Sequence[Point], box: Box) -> str:
    return "".join(f"M{number(box.x(x))} {number(box.y(y))}h0" for x, y in _entering(points, box) if y is not None)
