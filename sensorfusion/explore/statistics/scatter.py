"""The picture of two series against each other: a dot is a pair of values, its area the number of such pairs."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

from django.utils.translation import gettext

from sensorfusion.explore.series_looks import Dressed
from sensorfusion.explore.statistics.pairs import Fit, Pair, fit
from sensorfusion.reports.charts.axes import Scale, Tick, value_scale
from sensorfusion.reports.charts.drawings import SIDE
from sensorfusion.reports.charts.labels import ACROSS_PX, thinned
from sensorfusion.reports.geometry import Box, number
from sensorfusion.web.values.display import DIGITS
from sensorfusion.web.values.numbers import fixed, localised, significant

GRID: Final = 4  # units of the box of 1000 within which dots coincide
SIZES: Final = (1, 2, 4, 8, 16)  # least number of pairs of each size of dots


@dataclass(frozen=True, slots=True)
class Scatter:
    """`dots` is a path for each size; `line` the line of best fit, `equal` that of equal values of one unit."""

    dots: list[tuple[int, str]]
    line: str
    equal: str
    x_ticks: list[Tick]
    y_ticks: list[Tick]
    fit: Fit | None
    count: int
    words: str

    @property
    def left_over(self) -> str:
        """The standard deviation of what the line does not explain."""
        return localised(significant(self.fit.left, DIGITS)) if self.fit else ""

    @property
    def r2(self) -> str:
        return localised(fixed(self.fit.r2, 3)) if self.fit else ""


def scatter(a: Dressed, b: Dressed, pairs: Sequence[Pair]) -> Scatter:
    """Draw the second series over the first, in the reader's units."""
    points = [Pair(t, _in_unit(a, x), _in_unit(b, y)) for t, x, y in pairs]
    if not points:
        return Scatter([], "", "", [], [], None, 0, gettext("No time at which both report."))
    across, up = _scale([pair.a for pair in points], a), _scale([pair.b for pair in points], b)
    box = Box(across.low, across.high, up.low, up.high, SIDE, SIDE, 0)
    found = fit(points)
    return Scatter(
        dots=_dots(points, box),
        line=_line(box, found.slope, found.intercept) if found else "",
        equal=_line(box, 1, 0) if a.unit == b.unit else "",
        x_ticks=_across(across),
        y_ticks=up.marks,
        fit=found,
        count=len(points),
        words=_words(a, b, found),
    )


def _in_unit(look: Dressed, value: float) -> float:
    return value * look.shown.factor + look.shown.offset


def _scale(values: Sequence[float], look: Dressed) -> Scale:
    return value_scale(min(values), max(values), replace(look.shown, factor=1, offset=0), from_zero=False)


def _across(scale: Scale) -> list[Tick]:
    """Turn the marks of an upright axis into those of a level one."""
    every = thinned([tick.label for tick in scale.marks], width=ACROSS_PX)
    return [Tick(f"{100 - float(tick.place.rstrip('%')):.2f}%", tick.label) for tick in scale.marks[::every]]


def _dots(points: Sequence[Pair], box: Box) -> list[tuple[int, str]]:
    places = Counter((round(box.x(x) / GRID) * GRID, round(box.y(y) / GRID) * GRID) for _, x, y in points)
    paths: dict[int, list[str]] = {}
    for (x, y), many in places.items():
        size = max(place for place, least in enumerate(SIZES) if many >= least)
        paths.setdefault(size, []).append(f"M{x} {y}h0")
    return [(size, "".join(path)) for size, path in sorted(paths.items())]


def _line(box: Box, slope: float, intercept: float) -> str:
    """Draw a straight line as far as it is inside the box."""
    ends = [box.left, box.right]
    if slope:
        ends += [(edge - intercept) / slope for edge in (box.low, box.high)]
    inside = sorted(x for x in ends if box.left <= x <= box.right and _is_inside(box, slope * x + intercept))
    if len(inside) < 2:
        return ""
    first, last = inside[0], inside[-1]
    return f"M{_at(box, first, slope, intercept)}L{_at(box, last, slope, intercept)}"


def _is_inside(box: Box, y: float) -> bool:
    margin = (box.high - box.low) * 1e-9
    return box.low - margin <= y <= box.high + margin


def _at(box: Box, x: float, slope: float, intercept: float) -> str:
    return f"{number(box.x(x))} {number(box.y(slope * x + intercept))}"


def _words(a: Dressed, b: Dressed, found: Fit | None) -> str:
    if found is None:
        return gettext("Too few pairs for a line of best fit.")
    sign = "+" if found.intercept >= 0 else "−"
    slope, intercept = (localised(significant(each, DIGITS)) for each in (found.slope, abs(found.intercept)))
    return f"{b.label} = {slope} × {a.label} {sign} {intercept} {b.unit}".rstrip()
