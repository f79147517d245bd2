"""Geometry of the pages' SVG: pure functions from numbers to path data. Angles are degrees clockwise from north."""

import math
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final, NamedTuple

from sensorfusion.domain.gaps import gaps

_NOTHING: Final = re.compile(r"(?<![\d.])-0(?![\d.])")


class Point(NamedTuple):
    """`y` None is a gap."""

    x: float
    y: float | None


Pair = tuple[float, float | None]  # a point, of which there are too many to name their parts


@dataclass(frozen=True, slots=True)
class Box:
    """Mapping of data to the drawing: `left` to `right` becomes 0 to `width`, `low` to `high` becomes `height` to 0."""

    left: float
    right: float
    low: float
    high: float
    width: float
    height: float
    decimals: int = 1  # of coordinates as written

    def x(self, value: float) -> float:
        return (value - self.left) / ((self.right - self.left) or 1) * self.width

    def y(self, value: float) -> float:
        return self.height - (value - self.low) / ((self.high - self.low) or 1) * self.height

    def path(self, points: Iterable[tuple[float, float]]) -> str:
        """Return the coordinates of points as path data with lines between them, each as `at` writes it."""
        xs, ys = zip(*points, strict=True)
        return self.across(self.heights(ys), xs)

    def heights(self, ys: Sequence[float]) -> str:
        """Return path data with the heights of points, and places for where they are along x."""
        low, up, height = self.low, (self.high - self.low) or 1, self.height
        text = (
            f"%%.{self.decimals}f %.{self.decimals}fL" * len(ys) % tuple([height - (y - low) / up * height for y in ys])
        )
        return _brief(text.replace(".0L", "L"))[:-1]

    def across(self, heights: str, xs: Sequence[float]) -> str:
        """Return path data of which the heights are written."""
        left, across, width = self.left, (self.right - self.left) or 1, self.width
        return _brief((heights % tuple([(x - left) / across * width for x in xs])).replace(".0 ", " "))

    def at(self, x: float, y: float) -> str:
        """Return the coordinates of a point as path data."""
        return f"{number(self.x(x), self.decimals)} {number(self.y(y), self.decimals)}"


class Drawn(NamedTuple):
    line: str
    area: str


def number(value: float, decimals: int = 1) -> str:
    """Format a coordinate as briefly as possible, without a trailing ".0"."""
    text = f"{value:.{decimals}f}".removesuffix(".0")
    return "0" if text == "-0" else text


def _brief(text: str) -> str:
    """Write 0 for each -0 in path data."""
    return _NOTHING.sub("0", text) if "-0" in text else text


class Stretch(NamedTuple):
    """A line between gaps whose heights are written already: they change by readings, its place along x by time."""

    xs: Sequence[float]
    heights: str


def stretches(points: Iterable[Pair], box: Box) -> list[Stretch]:
    """Write the heights of a line that is broken at gaps; of the box, left and right do not matter."""
    found = [tuple(zip(*run, strict=True)) for run in runs(points)]
    return [Stretch(xs, box.heights(ys)) for xs, ys in found]


def polyline(points: Iterable[Pair], box: Box, *, base: float | None = None) -> Drawn:
    """Draw a line that is broken at gaps, and the area between it and `base` (the bottom of the box)."""
    return placed(stretches(points, box), box, base=base)


def placed(line: Iterable[Stretch], box: Box, *, base: float | None = None) -> Drawn:
    """Draw a line whose heights are written, as `polyline` does."""
    lines, areas = [], []
    floor = number(box.height if base is None else box.y(base))
    for xs, heights in line:
        drawn = box.across(heights, xs)
        # A single reading is a dot: a line of zero length with round ends.
        lines.append(f"M{drawn}h0" if len(xs) == 1 else f"M{drawn}")
        areas.append(f"M{number(box.x(xs[0]))} {floor}L{drawn}V{floor}Z")
    return Drawn("".join(lines), "".join(areas))


def ribbon(lows: Iterable[Pair], highs: Iterable[Pair], box: Box) -> str:
    """Draw the area between two lines with the same instants and gaps."""
    areas = []
    for low, high in zip(runs(lows), runs(highs), strict=True):
        areas.append(f"M{box.path(high)}L{box.path(reversed(low))}Z")
    return "".join(areas)


def runs(points: Iterable[Pair]) -> list[list[tuple[float, float]]]:
    """Return the stretches between gaps."""
    runs: list[list[tuple[float, float]]] = [[]]
    for x, y in points:
        if y is not None:
            runs[-1].append((x, y))
        elif runs[-1]:
            runs.append([])
    return [run for run in runs if run]


def split(
    points: Sequence[tuple[float, float]], *, least: float = 0.0, width: float = 0.0, interval: float | None = None
) -> list[Pair]:
    """Insert a gap wherever there was a silence (see domain/gaps.py): of more than `least`, or an empty bucket."""
    silences = set(gaps([x for x, _ in points], least_s=least, width_s=width, interval_s=interval))
    if not silences:
        return list(points)
    found: list[Pair] = []
    for place, (x, y) in enumerate(points):
        if place in silences:
            found.append(((points[place - 1][0] + x) / 2, None))
        found.append((x, y))
    return found


def bars(points: Iterable[Point], box: Box, *, width: float) -> str:
    """Draw upright bars `width` wide (in x), each beginning at its point; none for zero."""
    return "".join(
        f"M{number(box.x(x))} {number(box.height)}V{number(box.y(y))}H{number(box.x(x + width))}V{number(box.height)}Z"
        for x, y in points
        if y
    )


def ticks(low: float, high: float, *, count: int) -> list[float]:
    """Return at most `count` + 1 round numbers from at or below `low` to at or above `high`."""
    rough = (high - low) / count or 1
    power = 10 ** math.floor(math.log10(rough))
    step = next(factor * power for factor in (1, 2, 2.5, 5, 10, 20) if factor * power >= rough * 0.999)
    first, last = math.floor(low / step + 1e-9), math.ceil(high / step - 1e-9)
    return [float(f"{place * step:.12g}") for place in range(first, max(last, first + 1) + 1)]


def polar(angle: float, radius: float) -> str:
    """Return the point at an angle and a distance from the centre, as path data."""
    radians = math.radians(angle)
    return f"{number(radius * math.sin(radians))} {number(-radius * math.cos(radians))}"


def arc(start: float, end: float, radius: float) -> str:
    """Draw the arc from one angle clockwise to another."""
    return (
        f"M{polar(start, radius)}A{number(radius)} {number(radius)} 0 {int(end - start > 180)} 1 {polar(end, radius)}"
    )


def wedge(start: float, end: float, inner: float, outer: float) -> str:
    """Draw the piece of a ring between two angles."""
    return (
        f"M{polar(start, inner)}L{polar(start, outer)}"
        f"A{number(outer)} {number(outer)} 0 0 1 {polar(end, outer)}L{polar(end, inner)}"
        f"A{number(inner)} {number(inner)} 0 0 0 {polar(start, inner)}Z"
    )


def moon(elongation: float, radius: float) -> str:
    """Draw the lit part of the moon as seen from the north: the limb, and the terminator as half an ellipse."""
    waxing = elongation % 360 < 180
    half_width = abs(math.cos(math.radians(elongation))) * radius
    # After a quarter the terminator bulges away from the lit limb.
    gibbous = 90 < elongation % 360 < 270
    r, limb, terminator = number(radius), int(waxing), int(waxing == gibbous)
    return f"M0 -{r}A{r} {r} 0 0 {limb} 0 {r}A{number(half_width)} {r} 0 0 {terminator} 0 -{r}Z"
