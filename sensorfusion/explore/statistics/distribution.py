"""How often a value occurs: the share of the time for each step of a scale, and the values below which shares lie."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from sensorfusion.explore.figures import Figures
from sensorfusion.explore.series_looks import Dressed
from sensorfusion.reports.charts.axes import Tick
from sensorfusion.reports.charts.drawings import SIDE
from sensorfusion.reports.charts.labels import ACROSS_PX, mark_labels, thinned
from sensorfusion.reports.geometry import number, ticks
from sensorfusion.web.values.display import Display
from sensorfusion.web.values.numbers import localised

STEPS: Final = 20
QUANTILES: Final = (0.05, 0.5, 0.95)
LABELS_MOST: Final = 7


@dataclass(frozen=True, slots=True)
class Outline:
    label: str
    hue: str
    dash: int
    path: str
    area: str


@dataclass(frozen=True, slots=True)
class Distribution:
    """`rows` have a label and the texts of the quantiles."""

    unit: str
    outlines: list[Outline]
    x_ticks: list[Tick]
    y_ticks: list[Tick]
    rows: list[tuple[str, str, list[str]]]


def distribution(series: Sequence[Dressed], told: Sequence[Figures]) -> Distribution:
    """Draw the distributions of series of one unit over common steps."""
    values = [
        [(value * look.shown.factor + look.shown.offset, length) for value, length in each.values]
        for look, each in zip(series, told, strict=True)
    ]
    every = [value for each in values for value, _ in each]
    unit = series[0].unit if series else ""
    if not every:
        return Distribution(unit, [], [], [], [])
    edges = ticks(min(every), max(every), count=STEPS)
    shares = [shares_of(each, edges) for each in values]
    top = max(max(each) for each in shares) * 1.1 or 1.0
    outlines = [
        Outline(look.label, look.hue, look.dash, *_outline(each, top))
        for look, each in zip(series, shares, strict=True)
    ]
    rows = [
        (look.label, look.hue, [_text(look, quantile(each, share)) for share in QUANTILES])
        for look, each in zip(series, values, strict=True)
    ]
    return Distribution(unit, outlines, _x_ticks(edges, series[0].shown), _y_ticks(top), rows)


def shares_of(values: Sequence[tuple[float, float]], edges: Sequence[float]) -> list[float]:
    """Return the share of the time in each step [edge, next edge); the last one includes its end."""
    width = edges[1] - edges[0]
    sums = [0.0] * (len(edges) - 1)
    for value, length in values:
        place = min(int((value - edges[0]) / width + 1e-9), len(sums) - 1)
        sums[max(place, 0)] += length
    total = math.fsum(sums)
    return [each / total if total else 0.0 for each in sums]


def quantile(values: Sequence[tuple[float, float]], share: float) -> float | None:
    """Return the lowest value at or below which a share of the time lies."""
    total, so_far = math.fsum(length for _, length in values), 0.0
    for value, length in sorted(values):
        so_far += length
        if so_far >= share * total * (1 - 1e-12):
            return value
    return None


def _outline(shares: Sequence[float], top: float) -> tuple[str, str]:
    step, path = SIDE / len(shares), ""
    for place, share in enumerate(shares):
        height = number(SIDE * (1 - share / top))
        path += f"{'L' if path else 'M'}{number(place * step)} {height}H{number((place + 1) * step)}"
    return path, f"M0 {SIDE}{'L' + path[1:]}V{SIDE}Z"


def _x_ticks(edges: Sequence[float], shown: Display) -> list[Tick]:
    every = -(-len(edges) // LABELS_MOST)
    last = len(edges) - 1
    marks = [(place, edge) for place, edge in enumerate(edges) if place % every == 0]
    texts = mark_labels([edge for _, edge in marks], shown)
    return [Tick(f"{place / last * 100:.2f}%", text) for (place, _), text in zip(marks, texts, strict=True)][
        :: thinned(texts, width=ACROSS_PX)
    ]


def _y_ticks(top: float) -> list[Tick]:
    marks = [mark for mark in ticks(0, top * 100, count=4) if mark <= top * 100]
    return [Tick(f"{(1 - mark / top / 100) * 100:.2f}%", f"{localised(f'{mark:g}')}%") for mark in marks]


def _text(look: Dressed, value: float | None) -> str:
    return "–" if value is None else look.shown.bare(value)
