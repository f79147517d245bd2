"""The report of a state as its page shows it, for any period but a year."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar, Final

from django.utils.translation import gettext, gettext_noop

from sensorfusion.documents.facts import Fact, Lead, made_at, place_of, through_of
from sensorfusion.documents.periods import Period, year_of
from sensorfusion.documents.states.counted import counted
from sensorfusion.documents.states.drawing import Strip, strip
from sensorfusion.documents.states.figures import StateFigures, figures_of
from sensorfusion.documents.states.queries import spans_of
from sensorfusion.documents.states.streaks import records, streaks
from sensorfusion.documents.states.table import table
from sensorfusion.documents.states.told import Told, told_beside
from sensorfusion.documents.states.words import coverage_of, facts_of, lead_of, prose
from sensorfusion.documents.streaks import Streak
from sensorfusion.documents.strips import Strips
from sensorfusion.documents.table import Table
from sensorfusion.reports.queries import Station
from sensorfusion.reports.records import Records
from sensorfusion.web.looks import Looks

METHOD: Final = gettext_noop(
    "A reading holds until the next one. Where that was long in coming, more than 2.5 times the usual step between the"
    " readings of the month, nothing is known in between."
)


@dataclass(frozen=True, slots=True)
class StateReport:
    """`through` says up to which day, if the period is not over; `made` when the report was made."""

    sections: ClassVar[str] = "documents/state_sections.html"
    period: Period
    figures: StateFigures
    looks: Looks
    place: str
    coverage: str
    through: str
    lead: Lead
    prose: str
    facts: list[Fact]
    strip: Strip | None
    table: Table
    counted: Strips
    streaks: list[Streak]
    records: Records | None
    made: str
    method: str


@dataclass(frozen=True, slots=True)
class Beside:
    """A state in the report of a number."""

    figures: StateFigures
    prose: str
    strip: Strip | None


def state_figures(station: Station, told: Told, period: Period) -> StateFigures:
    """Read and compute the figures of a state over a period that has begun."""
    whole = spans_of(station, told.name, period.first, period.last)
    return figures_of(whole, period, told=told, calendar=station.calendar, now=station.now.timestamp())


def state_report(station: Station, period: Period, told: Told, *, query: Mapping[str, str]) -> StateReport:
    """Read and draw the report of a period that has begun.

    :param query: the limits of counted days, by name.
    """
    found = state_figures(station, told, period)
    return StateReport(
        period=period,
        figures=found,
        looks=told.looks,
        place=place_of(station),
        coverage=coverage_of(found),
        through=through_of(station, period),
        lead=lead_of(found),
        prose=prose(station, found),
        facts=facts_of(station, found),
        strip=strip(station, found) if found.has_readings else None,
        table=table(station, found),
        counted=counted(found, query),
        streaks=streaks(station, found) if found.has_readings else [],
        records=_records(station, found),
        made=made_at(station.now),
        method=gettext(METHOD),
    )


def _records(station: Station, month: StateFigures) -> Records | None:
    year = year_of(month.period.first.year)
    if month.period.sort != "month" or year is None or not month.has_readings:
        return None
    return records(station, month, state_figures(station, month.told, year.up_to(month.period.last)))


def beside_of(station: Station, period: Period) -> list[Beside]:
    """Read and draw the states that the report of a number tells, those of which anything is known."""
    found = [state_figures(station, told, period) for told in told_beside(station)]
    return [Beside(each, prose(station, each), strip(station, each)) for each in found if each.has_readings]
