"""The labels beside a drawing: the texts of its marks, and the room that the widest of them takes.

The browser measures nothing before scripts run, so the server adds up the advance widths of the pages' font.
"""

import math
import unicodedata
from collections.abc import Iterable, Sequence
from itertools import pairwise
from typing import Final

from sensorfusion.web.values.display import Display, fixed
from sensorfusion.web.values.numbers import LARGEST_PLAIN, grouped, localised

SMALLEST_STEP: Final = 1e-4  # between marks that are written with decimals
STEP_PX: Final = 8  # of the margins that css/axes.css knows
STEPS_MOST: Final = 22
DISTANCE_PX: Final = 12  # between a label and what it is a label of, and before the next thing
ACROSS_PX: Final = 460.0  # a level axis with labels of values; where it is narrow only each second is shown
LONGEST_PX: Final = STEPS_MOST * STEP_PX - DISTANCE_PX
NEAR: Final = 9.0  # per cent of a drawing's height in which labels beside each other would overlap

FONT_PX: Final = 12
# Geist 1.x at weight 400 with digits of equal width (`tnum`), in thousandths of an em, from U+0020 on.
_ASCII: Final = (
    *(250, 213, 346, 478, 629, 802, 620, 178, 274, 274, 430, 558, 201, 419, 201, 480, *[600] * 10, 297, 297, 544, 540),
    *(544, 559, 906, 668, 680, 703, 694, 603, 590, 700, 713, 270, 597, 640, 580, 877, 743, 739, 650, 733, 672, 640),
    *(552, 689, 667, 945, 606, 576, 544, 347, 455, 347, 426, 557, 248, 551, 595, 546, 595, 561, 395, 594, 581, 244),
    *(260, 590, 267, 877, 581, 573, 595, 595, 379, 520, 392, 575, 536, 819, 585, 537, 537, 389, 264, 389, 523),
)
_ADVANCES: Final = {chr(32 + place): width for place, width in enumerate(_ASCII)} | {
    "\N{NO-BREAK SPACE}": 250, "−": 520, "°": 404, "µ": 575, "×": 502, "…": 571, "²": 348, "³": 332, "·": 201,
}  # fmt: skip
_UNKNOWN: Final = 700  # letters of other alphabets
_SQUARE: Final = 1000  # East Asian ones


def mark_labels(marks: Sequence[float], shown: Display) -> list[str]:
    """Write marks, which are in the unit shown, with enough decimals for all; a short sign stands at every mark."""
    if shown.steps:
        return [shown.bare(mark) for mark in marks]
    decimals = max((_decimals(mark) for mark in marks), default=0)
    sign = shown.symbol[:1] if shown.symbol[:1] in ("°", "%") else ""
    has_digits = all(later - earlier >= SMALLEST_STEP for earlier, later in pairwise(marks))
    if not has_digits or any(abs(mark) >= LARGEST_PLAIN for mark in marks):
        return [shown.bare(mark) for mark in marks]
    return [localised(grouped(fixed(mark, decimals))) + sign for mark in marks]


def _decimals(mark: float) -> int:
    return len(f"{mark:.4f}".rstrip("0").partition(".")[2])


def width_px(text: str) -> float:
    """Return the width of a text in the size of labels."""
    return sum(_ADVANCES.get(each) or _advance(each) for each in text) * FONT_PX / 1000


def _advance(other: str) -> int:
    return _SQUARE if unicodedata.east_asian_width(other) in ("W", "F") else _UNKNOWN


def room(labels: Iterable[str], *, share: float = 1.0) -> int:
    """Return how many steps of margin the widest label takes; of one centred on an edge it is half."""
    widest = share * _widest_px(labels)
    return min(STEPS_MOST, math.ceil((widest + DISTANCE_PX) / STEP_PX)) if widest else 0


def is_wider(labels: Iterable[str], margin_px: float) -> bool:
    """Return whether a margin is too small for a label."""
    return _widest_px(labels) + DISTANCE_PX > margin_px


def _widest_px(labels: Iterable[str]) -> float:
    return max((width_px(each) for each in labels), default=0.0)


def fitting(text: str) -> str:
    """Shorten a name that is longer than the widest margin."""
    if width_px(text) <= LONGEST_PX:
        return text
    end = len(text)
    while width_px(text[:end].rstrip() + "…") > LONGEST_PX:
        end -= 1
    return text[:end].rstrip() + "…"


def apart(places: Sequence[float]) -> list[float]:
    """Move labels of one side, in per cent of the height, so that none is over another; the order stays."""
    order = sorted(range(len(places)), key=lambda each: places[each])
    moved = list(places)
    for above, below in pairwise(order):
        moved[below] = max(moved[below], moved[above] + NEAR)
    if order and (beyond := moved[order[-1]] - max(100.0, places[order[-1]])) > 0:
        moved = _back(moved, order, beyond)
    return moved


def _back(places: list[float], order: Sequence[int], beyond: float) -> list[float]:
    """Move up what does not fit above the foot, and what is over it then."""
    moved = list(places)
    moved[order[-1]] -= beyond
    for below, above in pairwise(reversed(order)):
        moved[above] = min(moved[above], moved[below] - NEAR)
    return moved


def thinned(labels: Sequence[str], *, width: float) -> int:
    """Return that only each n-th label of a level axis fits a width in px."""
    widest = max((width_px(each) for each in labels), default=0.0) + DISTANCE_PX
    return max(1, math.ceil(widest * (len(labels) - 1) / width)) if labels else 1
