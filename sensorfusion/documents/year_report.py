"""The report of a year as its page shows it."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date
from typing import ClassVar, Final

from django.utils.translation import gettext, pgettext

from sensorfusion.documents import queries
from sensorfusion.documents.accumulation import Accumulation, accumulation
from sensorfusion.documents.climate_diagram import ClimateDiagram, climate_diagram
from sensorfusion.documents.counted import USUAL as THRESHOLDS
from sensorfusion.documents.counted import counted, words
from sensorfusion.documents.drawing import rose_of
from sensorfusion.documents.facts import Fact, Lead, coverage_of, facts_of, lead_of, made_at, place_of, through_of
from sensorfusion.documents.figures import Day, Figures, Usual, day_of, figures, usual, value_of
from sensorfusion.documents.periods import Period
from sensorfusion.documents.prose import prose
from sensorfusion.documents.shown import Shown, shown_of
from sensorfusion.documents.states.figures import StateFigures, changes, part_of
from sensorfusion.documents.states.report import Beside, beside_of
from sensorfusion.documents.states.words import capital
from sensorfusion.documents.streaks import dated
from sensorfusion.documents.table import colour_of
from sensorfusion.documents.year_figures import Part, parts
from sensorfusion.domain.weather import climate
from sensorfusion.domain.weather.climate import Days
from sensorfusion.domain.weather.wind import compass_point
from sensorfusion.reports.kinds.span_words import duration
from sensorfusion.reports.queries import Station
from sensorfusion.reports.wind import RoseDrawing
from sensorfusion.web.looks import Looks
from sensorfusion.web.values.clock import week_of
from sensorfusion.web.values.display import NOTHING, Display

PITCH: Final = 13
_Text = Callable[[Part], str]


@dataclass(frozen=True, slots=True)
class Row:
    """A month of the table; `low_x` to `high_x` is its range on the scale of the year, in percent."""

    part: Part
    cells: list[str]
    low_x: str
    width: str
    mean_x: str


@dataclass(frozen=True, slots=True)
class YearReport:
    sections: ClassVar[str] = "documents/year_sections.html"
    period: Period
    figures: Figures
    shown: Shown
    looks: Looks
    place: str
    coverage: str
    through: str
    lead: Lead
    prose: str
    facts: list[Fact]
    usual: Usual | None
    beside: list[Beside]
    heads: list[tuple[str, str]]
    rows: list[Row]
    totals: list[str]
    cells: list[tuple[int, int, int | None, str]]
    accumulation: Accumulation | None
    diagram: ClimateDiagram | None
    counted: list[tuple[str, str, int]]
    rose: RoseDrawing | None
    made: str


def year_figures_of(station: Station, period: Period) -> tuple[Days, Figures]:
    """Read the days of a sensor, and compute the figures of a year without the times of each day."""
    main = queries.names_of(station)[0]
    whole = queries.all_days(station, last=min(period.last, station.today))
    whole = replace(whole, rain=climate.rain_of(whole))
    hours, amounts = queries.hours_of(station, period), queries.amounts_of(station, period)
    return whole, figures(whole, period, main=main, hours=hours, at={}, amounts=amounts)


def year_report(station: Station, period: Period, *, system: str) -> YearReport:
    """Read and draw the report of a year that has begun."""
    whole, found = year_figures_of(station, period)
    shown, looks = shown_of(station, found.main, system), station.looks(found.main)
    months, total = parts(whole, found, until=station.today)
    known = usual(whole, period, main=found.main, until=station.today)
    beside = beside_of(station, period)
    columns = [*_columns(found, shown), *(column for each in beside for column in _of_state(each.figures))]
    return YearReport(
        period=period,
        figures=found,
        shown=shown,
        looks=looks,
        place=place_of(station),
        coverage=coverage_of(found),
        through=through_of(station, period),
        lead=lead_of(found, shown),
        prose=prose(found, usual=known, before=None, looks=looks, shown=shown),
        facts=facts_of(found, shown),
        usual=known,
        beside=beside,
        heads=[(head, unit) for head, unit, _ in columns],
        rows=[_row(part, total, [text(part) for *_, text in columns]) for part in months if part.has_readings],
        totals=[text(total) for *_, text in columns],
        cells=[_cell(day, period.first, shown.main) for day in found.days],
        accumulation=accumulation(whole, period.first.year, shown.rain) if found.rain is not None else None,
        diagram=climate_diagram(months, is_southern=bool(station.place and station.place[0] < 0)),
        counted=[
            (gettext(each.threshold.label), words(each.threshold, shown.parts[each.threshold.part]), len(each.days))
            for each in counted(found, THRESHOLDS)
        ],
        rose=rose_of(station, period, system=system),
        made=made_at(station.now),
    )


def _columns(found: Figures, shown: Shown) -> list[tuple[str, str, _Text]]:
    main, rain, wind = shown.main, shown.rain, shown.wind
    columns: list[tuple[str, str, _Text]] = [
        (pgettext("column", "Mean"), main.symbol, lambda part: main.number(part.mean)),
        (pgettext("column", "Ø high"), main.symbol, lambda part: main.number(part.mean_high)),
        (pgettext("column", "Ø low"), main.symbol, lambda part: main.number(part.mean_low)),
        (pgettext("column", "High"), main.symbol, lambda part: main.number(value_of(part.high))),
        (pgettext("column", "on"), "", lambda part: _day(day_of(part.high))),
        (pgettext("column", "Low"), main.symbol, lambda part: main.number(value_of(part.low))),
        (pgettext("column", "on"), "", lambda part: _day(day_of(part.low))),
    ]
    if found.rain is not None:
        columns.append((pgettext("column", "Rain"), rain.symbol, lambda part: rain.number(part.rain)))
        columns.append((pgettext("column", "most"), rain.symbol, lambda part: rain.number(value_of(part.wettest))))
    if found.wind is not None:
        columns.append((pgettext("column", "Wind"), wind.symbol, lambda part: wind.number(part.wind)))
    if found.top_wind is not None:
        columns.append((pgettext("column", "Top"), wind.symbol, lambda part: wind.number(value_of(part.top))))
    if found.summary.direction is not None:
        columns.append((pgettext("column", "Dir."), "", lambda part: _point(part.direction)))
    return columns


def _of_state(year: StateFigures) -> list[tuple[str, str, _Text]]:
    label, word = year.told.looks.label, year.told.yes_word
    if not year.told.is_boolean:
        return [(label, pgettext("column", "changes"), lambda part: str(changes(part_of(year, part.period).spans)))]
    return [
        (
            label,
            pgettext("column", "times {state}").format(state=word),
            lambda part: str(part_of(year, part.period).times),
        ),
        (capital(word), "", lambda part: duration(part_of(year, part.period).total_s)),
    ]


def _day(day: date | None) -> str:
    return NOTHING if day is None else dated(day)


def _point(direction: float | None) -> str:
    return NOTHING if direction is None else gettext(compass_point(direction))


def _row(part: Part, total: Part, cells: list[str]) -> Row:
    low, high = value_of(total.low), value_of(total.high)
    if low is None or high is None or part.low is None or part.high is None or part.mean is None or high == low:
        return Row(part, cells, "0", "0", "0")

    def x(value: float) -> float:
        return (value - low) / (high - low) * 100

    begin = x(part.low.value)
    return Row(part, cells, f"{begin:.1f}%", f"{max(x(part.high.value) - begin, 0.5):.1f}%", f"{x(part.mean):.1f}%")


def _cell(day: Day, first: date, shown: Display) -> tuple[int, int, int | None, str]:
    column, row = divmod((day.day - week_of(first)).days, 7)
    said = shown.text(day.mean) if day.mean is not None else gettext("no readings")
    return column * PITCH, row * PITCH, None if day.mean is None else colour_of(day.mean), f"{dated(day.day)}: {said}"
