"""The statistics of series as texts, for the table below a picture."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import pgettext_lazy

from sensorfusion.explore.figures import Figures
from sensorfusion.explore.series_looks import Dressed
from sensorfusion.readings.charts.question import Resolution
from sensorfusion.reports import words
from sensorfusion.web.values.display import NOTHING

BASES: Final[dict[Resolution, str | Promise]] = {  # after "of"
    "raw": "",
    "5m": pgettext_lazy("of", "5-minute means"),
    "1h": pgettext_lazy("of", "hourly means"),
    "1d": pgettext_lazy("of", "daily means"),
}


@dataclass(frozen=True, slots=True)
class FigureRow:
    """`basis` names what the deviation and the times are of, where they are not of single readings.

    `extremes` are the lowest and the highest value in words.
    """

    label: str
    hue: str
    dash: int
    unit: str
    low: str
    mean: str
    high: str
    deviation: str
    total: str
    coverage: str
    above: str
    below: str
    basis: str
    has_values: bool
    extremes: str


def figure_rows(series: Sequence[Dressed], told: Sequence[Figures]) -> list[FigureRow]:
    """Return a row for each series."""
    return [_row(look, each) for look, each in zip(series, told, strict=True)]


def _row(look: Dressed, each: Figures) -> FigureRow:
    shown = look.shown
    deviation = None if each.deviation is None else each.deviation * shown.factor
    return FigureRow(
        label=look.label,
        hue=look.hue,
        dash=look.dash,
        unit=shown.unit,
        low=shown.number(each.low),
        mean=shown.number(each.mean),
        high=shown.number(each.high),
        deviation=NOTHING if deviation is None else replace(shown, decimals=max(shown.decimals, 1)).bare(deviation),
        total=NOTHING if each.total is None else shown.text(each.total),
        coverage=NOTHING if each.coverage is None else percent(each.coverage),
        above=_time(each, each.above_s),
        below=_time(each, each.below_s),
        basis=str(BASES[each.basis]),
        has_values=bool(each.values),
        extremes=NOTHING
        if each.low is None or each.high is None
        else words.range_words(*shown.bounds(each.low, each.high)),
    )


def percent(share: float) -> str:
    """Format a share; only all of it is 100 %."""
    return "99 %" if 0.985 <= share < 1 else f"{share * 100:.0f} %"


def _time(each: Figures, length_s: float | None) -> str:
    share = each.share(length_s)
    if length_s is None or share is None:
        return NOTHING
    return f"{words.span(length_s)}, {share * 100:.0f} %"
