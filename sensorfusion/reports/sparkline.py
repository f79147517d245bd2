"""Sparklines: the last 24 hours of one quantity in at most 97 steps, which the page's script continues.

Amounts are bars, one for each step in which there was something: a line between them would say that it rained there.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from math import floor, log10
from operator import itemgetter
from typing import Final, NamedTuple

import msgspec

from sensorfusion.domain.quantities import CATALOGUE, Combine, base_and_which, quantity
from sensorfusion.domain.rounding import rounded
from sensorfusion.reports.geometry import Box, Drawn, Point, Stretch, bars, number, placed, runs, split, stretches
from sensorfusion.reports.queries import DAY
from sensorfusion.web.values.display import DIGITS

WIDTH, HEIGHT = 120, 32
PAD: Final = 4  # above and below the line, so that its stroke is not cut off
STEP_S: Final = 900  # 96 points a day
GAP: Final = 2.5  # steps
MOST_REMEMBERED: Final = 1024  # outlines of a day of half-hours: some 10 MB with what they are of


class Step(NamedTuple):
    """The readings of one step, combined: `at` is the instant of the last of them."""

    at: float
    value: float


class Outline(NamedTuple):
    """All of a drawing that does not change with the clock: `line` is None for bars."""

    least: float
    low: float
    high: float
    line: list[Stretch] | None


@dataclass(frozen=True, slots=True)
class Spark:
    """Path data in a box of 120 by 32; for the script also the steps, and the least range of values drawn."""

    line: str
    area: str
    start: int
    end: int
    step: int
    least: str
    steps: Sequence[Step]

    @property
    def points(self) -> str:
        """The steps as JSON."""
        return msgspec.json.encode([(int(t), value) for t, value in self.steps]).decode()


def spark(name: str, steps: Sequence[Step], *, now: datetime, step_s: float) -> Spark:
    """Draw the steps of the 24 hours up to `now`; without steps the drawing is empty, for the script to fill."""
    return _spark(_outline(name, steps, step_s), steps, now, step_s)


def remembered_spark(name: str, points: Sequence[tuple[float, float]], *, now: datetime, step_s: float) -> Spark:
    """Draw what `thinned` makes of points, as `spark` does: for lists of sensors, of which few have new readings.

    It is remembered by the points themselves, so it is never of other readings than those that were just read.
    """
    start = now.timestamp() - DAY.total_seconds() - step_s
    steps, outline = _known(name, tuple([point for point in points if point[0] >= start]), step_s)
    return _spark(outline, steps, now, step_s)


@lru_cache(maxsize=MOST_REMEMBERED)
def _known(name: str, points: tuple[tuple[float, float], ...], step_s: float) -> tuple[list[Step], Outline]:
    steps = _combined(name, points, step_s)
    return steps, _outline(name, steps, step_s)


def _spark(outline: Outline, steps: Sequence[Step], now: datetime, step_s: float) -> Spark:
    end = max(now.timestamp(), steps[-1].at if steps else 0)
    start = end - DAY.total_seconds()
    box = Box(start, end, outline.low, outline.high, WIDTH, HEIGHT)
    line, area = _bars(steps, box, step_s) if outline.line is None else placed(outline.line, box)
    return Spark(
        line=line,
        area=area,
        start=int(start),
        end=int(end),
        step=int(step_s),
        least=f"{outline.least:g}",
        steps=steps,
    )


def _outline(name: str, steps: Sequence[Step], step_s: float) -> Outline:
    values = [value for _, value in steps]
    least = least_span(name, size=max(map(abs, values), default=0.0))
    low, high = _bounds(values, least)
    pad = (high - low) * PAD / (HEIGHT - 2 * PAD)
    if quantity(name).combine == "sum":
        return Outline(least, 0.0, high + pad, None)
    box = Box(0.0, 1.0, low - pad, high + pad, WIDTH, HEIGHT)
    return Outline(least, box.low, box.high, stretches(split(steps, least=GAP * step_s), box))


def _bars(steps: Sequence[Step], box: Box, step_s: float) -> Drawn:
    """Draw a bar for each step that has an amount, on a ground that is broken where nothing came."""

    def begin(at: float) -> float:
        return at // step_s * step_s

    area = bars([Point(begin(at), value) for at, value in steps], box, width=step_s)
    ground = [
        f"M{number(box.x(begin(run[0][0])))} {HEIGHT}H{number(box.x(begin(run[-1][0]) + step_s))}"
        for run in runs(split(steps, least=GAP * step_s))
    ]
    return Drawn("".join(ground) + area.replace("Z", ""), area)


def step_s(interval_s: float | None, *, least_s: float = STEP_S) -> float:
    """Return the length of a step, for a sensor with this interval."""
    return max(least_s, interval_s or 0)


def thinned(name: str, points: Sequence[tuple[float, float]], *, now: datetime, step_s: float) -> list[Step]:
    """Combine points (epoch seconds, canonical value) of the last 24 hours into steps aligned to the epoch."""
    start = now.timestamp() - DAY.total_seconds() - step_s
    return _combined(name, [point for point in points if point[0] >= start], step_s)


def _combined(name: str, points: Sequence[tuple[float, float]], step_s: float) -> list[Step]:
    steps: dict[float, list[tuple[float, float]]] = {}
    for point in points:
        steps.setdefault(point[0] // step_s, []).append(point)
    digits, combined = quantity(name).decimals + 1, _COMBINED.get(quantity(name).combine, _mean)
    return [
        Step(each[-1][0], rounded(each[0][1] if len(each) == 1 else combined([value for _, value in each]), digits))
        for each in steps.values()
    ]


def _mean(values: list[float]) -> float:
    return sum(values) / len(values)


_COMBINED: Final[dict[Combine, Callable[[list[float]], float]]] = {
    "sum": sum,
    "counter": itemgetter(-1),
    "last": itemgetter(-1),
    "vector": itemgetter(-1),
}


def least_span(name: str, *, size: float) -> float:
    """Return the least range of values of a drawing, 0 for one that starts at zero.

    :param size: of the largest value; a quantity that nothing is known about has significant digits, not decimals.
    """
    entry = quantity(name)
    if entry.combine in ("sum", "counter"):
        return 0.0
    step = 10.0**-entry.decimals
    if size and base_and_which(name)[0] not in CATALOGUE:
        step = min(step, 10.0 ** (floor(log10(size)) - DIGITS + 1))
    # Noise of the last digit must not fill the drawing.
    return 4 * step


def _bounds(values: list[float], least: float) -> tuple[float, float]:
    """Return the bounds of the drawing: a flat line is in the middle, an amount starts at zero."""
    low, high = min(values, default=0.0), max(values, default=0.0)
    if not least:
        return 0.0, max(high, 0.1)
    missing = max(0.0, least - (high - low)) / 2
    return low - missing, high + missing
