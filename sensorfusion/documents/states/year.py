"""The report of a year of a state: its days as a calendar, its months as a table."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import ClassVar

from django.utils.translation import gettext, pgettext

from sensorfusion.documents.facts import Fact, Lead, made_at, place_of, through_of
from sensorfusion.documents.periods import Period, month_of
from sensorfusion.documents.states.counted import classes, limits
from sensorfusion.documents.states.drawing import Cell, calendar
from sensorfusion.documents.states.figures import StateFigures, changes, part_of
from sensorfusion.documents.states.report import METHOD, state_figures
from sensorfusion.documents.states.streaks import streaks
from sensorfusion.documents.states.told import Told
from sensorfusion.documents.states.words import capital, coverage_of, facts_of, lead_of, prose
from sensorfusion.documents.streaks import Streak, dated
from sensorfusion.domain.quantities.spans import Span
from sensorfusion.reports.kinds.span_words import UNKNOWN_S, duration, share
from sensorfusion.reports.queries import Station
from sensorfusion.web.looks import Looks
from sensorfusion.web.values.display import NOTHING

Column = tuple[str, Callable[[StateFigures], str]]


@dataclass(frozen=True, slots=True)
class MonthRow:
    period: Period
    is_partial: bool
    cells: list[str]


@dataclass(frozen=True, slots=True)
class StateYearReport:
    sections: ClassVar[str] = "documents/state_year_sections.html"
    period: Period
    figures: StateFigures
    looks: Looks
    place: str
    coverage: str
    through: str
    lead: Lead
    prose: str
    facts: list[Fact]
    heads: list[str]
    rows: list[MonthRow]
    totals: list[str]
    cells: list[Cell]
    word: str
    counted: list[tuple[str, str, int]]
    streaks: list[Streak]
    made: str
    method: str
    records: None = None


def state_year_report(station: Station, period: Period, told: Told) -> StateYearReport:
    """Read and draw the report of a year that has begun."""
    found = state_figures(station, told, period)
    columns = _columns(station, found)
    months = [part_of(found, month_of(period.first.year, number)) for number in range(1, 13)]
    return StateYearReport(
        period=period,
        figures=found,
        looks=told.looks,
        place=place_of(station),
        coverage=coverage_of(found),
        through=through_of(station, period),
        lead=lead_of(found),
        prose=prose(station, found),
        facts=facts_of(station, found),
        heads=[head for head, _ in columns],
        rows=[MonthRow(each.period, each.is_partial, _cells(each, columns)) for each in months if each.has_readings],
        totals=_cells(found, columns),
        cells=calendar(found),
        word=" or ".join(told.vocabulary.word(each) for each in found.states[:1]),
        counted=[(each.label, each.condition, sum(map(each.holds, found.days))) for each in classes(found, limits({}))],
        streaks=streaks(station, found) if found.has_readings else [],
        made=made_at(station.now),
        method=gettext(METHOD),
    )


def _cells(figures: StateFigures, columns: list[Column]) -> list[str]:
    return [text(figures) for _, text in columns]


def _columns(station: Station, year: StateFigures) -> list[Column]:
    word = year.told.vocabulary.word
    found: list[Column]
    if year.told.is_boolean:
        found = [
            (pgettext("report", "Times {state}").format(state=year.told.yes_word), lambda part: str(part.times)),
            (pgettext("column", "Days"), lambda part: str(sum(bool(day.times(*part.states)) for day in part.days))),
            (gettext("In all"), lambda part: _lasted(part.total_s)),
            (
                pgettext("column", "Share"),
                lambda part: share(part.total_s, part.spans.known_s) if part.spans.known_s else NOTHING,
            ),
            (pgettext("column", "Longest"), lambda part: _lasted(part.longest.length_s if part.longest else 0.0)),
            (pgettext("column", "on"), lambda part: _on(part, part.longest)),
        ]
    else:
        found = [(pgettext("column", "Changes"), lambda part: str(changes(part.spans))), *map(_in_all, year.states)]
    if year.is_partial:
        found.append(
            (
                pgettext("report", "No data"),
                lambda part: _lasted(part.unknown_s if part.unknown_s >= UNKNOWN_S else 0.0),
            )
        )
    return [(capital(word(head)), text) for head, text in found]


def _in_all(state: str) -> Column:
    return state, lambda part: _lasted(part.spans.total_s(state))


def _on(part: StateFigures, span: Span | None) -> str:
    return NOTHING if span is None else dated(part.day_of(span.start))


def _lasted(seconds: float) -> str:
    return duration(seconds) if seconds else "\N{MIDDLE DOT}"
