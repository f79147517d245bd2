"""Everything that a page of Explore shows for a selection, in the reader's units and the first series' time zone."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Final
from zoneinfo import ZoneInfo

from django.utils.functional import Promise
from django.utils.translation import gettext, gettext_lazy, pgettext_lazy

from sensorfusion.explore.comparison import Comparison, comparison, is_rolled, refused, rolling
from sensorfusion.explore.drawing import Curve, Frame, Panel, curve, difference_panel, panel, with_notes
from sensorfusion.explore.figure_rows import FigureRow, figure_rows
from sensorfusion.explore.figures import Figures, figures
from sensorfusion.explore.notes import Mark, Marks, marks_of
from sensorfusion.explore.queries import Chosen, Line, lines, width_s
from sensorfusion.explore.selection import Against, Mode, Operation, Selection
from sensorfusion.explore.series_looks import Dressed, drawn_together, dressed, scales
from sensorfusion.explore.statistics.distribution import Distribution, distribution
from sensorfusion.explore.statistics.pairs import Pair
from sensorfusion.explore.statistics.scatter import Scatter, scatter
from sensorfusion.explore.table import Rows, table
from sensorfusion.readings.charts.question import Resolution
from sensorfusion.reports.charts.spans import RangeName
from sensorfusion.reports.geometry import Point
from sensorfusion.reports.words import listed, range_words
from sensorfusion.web.values.clock import clock
from sensorfusion.web.values.dates import day_of_year, long_day_of_year
from sensorfusion.web.values.display import Display
from sensorfusion.web.values.numbers import localised, plain
from sensorfusion.web.values.systems import EVERY

POINTS: Final = 800  # of a line: a chart is hardly wider
LEAST_COVERAGE: Final = 0.95  # below it the page says so
RESOLUTIONS: Final[dict[Resolution, Promise]] = {
    "raw": gettext_lazy("Readings as they came"),
    "5m": gettext_lazy("5-minute means, band = lowest to highest"),
    "1h": gettext_lazy("Hourly means, band = lowest to highest"),
    "1d": gettext_lazy("Daily means, band = lowest to highest"),
}
MEANS: Final[dict[Resolution, Promise]] = {
    "raw": pgettext_lazy("of each", "reading"),
    "5m": pgettext_lazy("of each", "5-minute mean"),
    "1h": pgettext_lazy("of each", "hourly mean"),
    "1d": pgettext_lazy("of each", "daily mean"),
}
# The spans that end now, as titles.
TITLES: Final[dict[RangeName, Promise]] = {
    "5m": gettext_lazy("The last 5 minutes"),
    "1h": gettext_lazy("The last hour"),
    "6h": gettext_lazy("The last 6 hours"),
    "24h": gettext_lazy("The last 24 hours"),
    "7d": gettext_lazy("The last 7 days"),
    "30d": gettext_lazy("The last 30 days"),
    "1y": gettext_lazy("The last year"),
}


@dataclass(slots=True)
class Explored:
    """`third` is a unit for which there is no scale, `wrong` says why nothing is compared."""

    selection: Selection
    series: list[Dressed]
    frame: Frame
    resolution: Resolution = "raw"
    panels: list[Panel] = field(default_factory=list)
    difference: Panel | None = None
    difference_words: str = ""
    scatter: Scatter | None = None
    distribution: Distribution | None = None
    rows: Rows | None = None
    figures: list[FigureRow] = field(default_factory=list)
    third: str = ""
    wrong: str = ""
    low_coverage: list[tuple[str, str]] = field(default_factory=list)
    level: str = ""
    notes: Marks = field(default_factory=lambda: Marks([]))

    @property
    def zone(self) -> ZoneInfo:
        zone = self.frame.start.tzinfo
        assert isinstance(zone, ZoneInfo)
        return zone

    @property
    def has_readings(self) -> bool:
        return any(row.has_values for row in self.figures)

    @property
    def span_words(self) -> str:
        """The span as a title: "The last 24 hours", "25 November to 2 December 2026"."""
        if self.selection.is_live:
            return str(TITLES[self.selection.range])
        return between(self.frame.start, self.frame.end)

    @property
    def resolution_words(self) -> str:
        means, hours = str(RESOLUTIONS[self.resolution]), self.selection.rolling_h
        if hours:
            means = gettext("Means of the {hours} h before each point").format(hours=hours)
        said = gettext("{means}, {zone} time. Nothing is drawn where readings are missing.")
        return said.format(means=means, zone=self.zone.key.replace("_", " "))

    @property
    def sentence(self) -> str:
        """The picture in words."""
        told = [f"{row.label} {row.extremes}" for row in self.figures if row.has_values]
        if not told:
            return gettext("{span}: no readings.").format(span=self.span_words)
        return f"{self.span_words}: {'; '.join(told)}."


def between(start: datetime, end: datetime) -> str:
    """Name a span: by its dates if it is of whole days, else with times."""
    is_dates = start.time() == end.time() == start.time().replace(hour=0, minute=0)
    if is_dates:
        return range_words(long_day_of_year(start), long_day_of_year(end))
    return range_words(*(f"{day_of_year(each)}, {clock(each)}" for each in (start, end)))


def explored(chosen: Sequence[Chosen], selection: Selection, *, system: str, now: datetime) -> Explored:
    """Read and draw what is selected."""
    series = dressed(chosen, system=system)
    zone = chosen[0].station.zone if chosen else ZoneInfo("UTC")
    start, end = selection.span(now=now)
    place = chosen[0].station.place if chosen else None
    page = Explored(selection, series, Frame(start.astimezone(zone), end.astimezone(zone), place))
    if not chosen:
        return page
    level = _level(series[0], selection)
    told = figures(chosen, start=start, end=end, level=level)
    page.figures = figure_rows(series, told)
    page.low_coverage = [
        (row.label, row.coverage)
        for row, each in zip(page.figures, told, strict=True)
        if each.coverage is not None and each.count and each.coverage < LEAST_COVERAGE
    ]
    page.level = "" if level is None else _written(level * series[0].shown.factor + series[0].shown.offset)
    found = lines(chosen, start=start, end=end, points=POINTS)
    page.resolution = found[0].resolution
    if selection.mode not in (Mode.SCATTER, Mode.DISTRIBUTION):
        page.notes = marks_of(chosen, selection, start=start, end=end)
    _draw(page, chosen, found, told)
    return page


def _level(first: Dressed, selection: Selection) -> float | None:
    """Return the level in canonical units: it was written in the unit that the address names, or else the reader's."""
    if selection.level is None:
        return None
    named = [first.chosen.station.display(first.chosen.name.quantity, system).linear for system in EVERY]
    written = next((each for each in named if each.symbol == selection.level_in), first.shown)
    return (selection.level - written.offset) / written.factor


def _written(level: float) -> str:
    """Write a level as its field takes it, with the decimal mark of the page's language."""
    return localised(plain(level))


def _draw(page: Explored, chosen: Sequence[Chosen], found: Sequence[Line], told: Sequence[Figures]) -> None:
    compared = _compared(page, chosen)
    match page.selection.mode:
        case Mode.SCATTER:
            page.scatter = _scatter(page, chosen)
        case Mode.DISTRIBUTION:
            same = [place for place, each in enumerate(page.series) if each.unit == page.series[0].unit]
            page.distribution = distribution([page.series[place] for place in same], [told[place] for place in same])
        case Mode.MULTIPLES:
            page.panels = [
                with_notes(panel(look.label, [_curve(page, look, line)], page.frame), _own(page, line.chosen))
                for look, line in zip(page.series, found, strict=True)
            ]
        case _:
            together = drawn_together(page.series)
            page.third = next(iter(scales(page.series)[2:]), "")
            curves = [
                _curve(page, look, line) for look, line in zip(page.series, found, strict=True) if look in together
            ]
            if compared and compared.words:
                look = page.series[0]
                curves.append(curve(look, compared.other, style="ghost", label=f"{look.label}, {compared.words}"))
            page.panels = [with_notes(panel(listed(scales(together)), curves, page.frame), page.notes.marks)]
    if compared and page.selection.mode in (Mode.TIME, Mode.TABLE):
        page.difference, page.difference_words = _difference(page, compared)
    page.rows = table(page.series, found, page.zone, page.notes.marks)


def _own(page: Explored, chosen: Chosen) -> list[Mark]:
    return [mark for mark in page.notes.marks if mark.sensor_id == chosen.station.sensor.pk]


def _curve(page: Explored, look: Dressed, line: Line) -> Curve:
    hours = page.selection.rolling_h
    if not hours or not is_rolled(look.chosen):
        return curve(look, line)
    start, end = page.frame.start, page.frame.end
    rows = rolling(look.chosen, start=start, end=end, hours=hours, drawn=line.resolution)
    by = line.width_s / 2
    return replace(curve(look, line), points=[Point(t + by, mean) for t, mean in rows], lows=[], highs=[])


def _compared(page: Explored, chosen: Sequence[Chosen]) -> Comparison | None:
    against, operation = page.selection.against, page.selection.operation
    if not against:
        return None
    page.wrong = refused(chosen, against, operation)
    if page.wrong:
        return None
    return comparison(
        chosen,
        start=page.frame.start,
        end=page.frame.end,
        against=against,
        operation=operation,
        drawn=page.resolution,
    )


def _difference(page: Explored, compared: Comparison) -> tuple[Panel, str]:
    first, second = page.series[0], page.series[1 if compared.against is Against.SECOND else 0]
    is_ratio = compared.operation is Operation.RATIO
    shown, rows = _ratio_shown(first, second, compared) if is_ratio else (_difference_shown(first), compared.rows)
    other = compared.words or second.label
    said = gettext("{first} divided by {second}") if is_ratio else gettext("{first} minus {second}")
    title = said.format(first=first.label, second=other) + (f", {shown.symbol}" if shown.symbol else "")
    base = 0.0 if not is_ratio else 1.0
    drawn = difference_panel(title, rows, replace(first, shown=shown), base, page.frame, width_s(compared.resolution))
    return drawn, difference_words(rows, shown, base, str(MEANS[compared.resolution]))


def _difference_shown(look: Dressed) -> Display:
    return replace(look.shown, offset=0)


def _ratio_shown(a: Dressed, b: Dressed, compared: Comparison) -> tuple[Display, list[tuple[float, float]]]:
    factor = a.shown.factor / b.shown.factor
    symbol = "" if a.unit == b.unit else gettext("{unit} per {other_unit}").format(unit=a.unit, other_unit=b.unit)
    return Display(1, 0, symbol, 3), [(t, value * factor) for t, value in compared.rows]


def difference_words(rows: Sequence[tuple[float, float]], shown: Display, base: float, means: str) -> str:
    """Return the mean of a result, and how often it is above."""
    if not rows:
        return gettext("There is no time at which both report.")
    mean = sum(value for _, value in rows) / len(rows)
    above = sum(value > base for _, value in rows) / len(rows)
    number = shown.difference(mean) if base == 0 else shown.number(mean)
    if base == 0:
        said = gettext("Of each {value}: on average {mean}, above zero {share}% of the time.")
    else:
        said = gettext("Of each {value}: on average {mean}, above one {share}% of the time.")
    return said.format(value=means, mean=f"{number}{shown.unit}", share=f"{above:.0%}".rstrip("%"))


def _scatter(page: Explored, chosen: Sequence[Chosen]) -> Scatter | None:
    if len(chosen) < 2:
        page.wrong = gettext("Choose a second series to see both against each other.")
        return None
    found = comparison(
        chosen,
        start=page.frame.start,
        end=page.frame.end,
        against=Against.SECOND,
        operation=Operation.DIFFERENCE,
        drawn=page.resolution,
    )
    pairs: list[Pair] = found.pairs
    return scatter(page.series[0], page.series[1], pairs)
