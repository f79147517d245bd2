"""Sparklines: the last 24 hours of one quantity in at most 96 points, which the page's script continues."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

import msgspec

from sensorfusion.domain.quantities import quantity
from sensorfusion.reports.geometry import Box, polyline, split
from sensorfusion.reports.queries import DAY

WIDTH, HEIGHT = 120, 32
PAD: Final = 4  # above and below the line, so that its stroke is not cut
STEP_S: Final = 900  # 96 points a day
_GAP: Final = 2.5  # steps


@dataclass(frozen=True, slots=True)
class Spark:
    """Path data in a box of 120 by 32, and the same points as JSON for the script."""

    line: str
    area: str
    start: int
    end: int
    low: str
    high: str
    step: int
    points: str


def spark(name: str, points: Sequence[tuple[float, float]], *, now: datetime, interval_s: float | None) -> Spark | None:
    """Draw points (epoch seconds, canonical value) of the 24 hours up to `now`; None when there are none."""
    end = now.timestamp()
    start, step_s = end - DAY.total_seconds(), max(STEP_S, interval_s or 0)
    drawn = thinned(name, [point for point in points if point[0] >= start - step_s], step_s)
    if not drawn:
        return None
    low, high = _bounds(name, [value for _, value in drawn])
    pad = (high - low) * PAD / (HEIGHT - 2 * PAD)
    box = Box(start, end, low - pad, high + pad, WIDTH, HEIGHT)
    line, area = polyline(split([(max(t, start), value) for t, value in drawn], least=_GAP * step_s), box)
    return Spark(
        line=line,
        area=area,
        start=int(start),
        end=int(end),
        low=f"{low:g}",
        high=f"{high:g}",
        step=int(step_s),
        points=msgspec.json.encode([(int(t), value) for t, value in drawn]).decode(),
    )


def thinned(name: str, points: Sequence[tuple[float, float]], step_s: float) -> list[tuple[float, float]]:
    """Combine points into steps aligned to the epoch: their mean, or sum, or last, where each begins."""
    steps: dict[int, list[tuple[float, float]]] = {}
    for point in points:
        steps.setdefault(int(point[0] // step_s), []).append(point)
    digits = quantity(name).decimals + 1
    return [
        (place * step_s, round(_combined(name, [value for _, value in each]), digits)) for place, each in steps.items()
    ]


def _combined(name: str, values: list[float]) -> float:
    match quantity(name).combine:
        case "sum":
            return sum(values)
        case "counter" | "last" | "vector":
            return values[-1]
        case _:
            return sum(values) / len(values)


def _bounds(name: str, values: list[float]) -> tuple[float, float]:
    """Return what the drawing spans: a flat line runs in the middle, an amount stands on zero."""
    low, high = min(values), max(values)
    if quantity(name).combine in ("sum", "counter"):
        return 0.0, max(high, 0.1)
    least = 4 * 10.0 ** -quantity(name).decimals  # noise of the last digit is not a mountain range
    missing = max(0.0, least - (high - low)) / 2
    return low - missing, high + missing
