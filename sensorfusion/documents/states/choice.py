"""The report that a sensor has of a period: about its numbers, or about its state."""

from collections.abc import Mapping

from sensorfusion.documents import queries
from sensorfusion.documents.periods import Period
from sensorfusion.documents.report import Report, report
from sensorfusion.documents.states.report import StateReport, state_report
from sensorfusion.documents.states.told import told_of
from sensorfusion.documents.states.year import StateYearReport, state_year_report
from sensorfusion.documents.year_report import YearReport, year_report
from sensorfusion.reports.queries import Station

AnyReport = Report | YearReport | StateReport | StateYearReport


def has_report(station: Station, period: Period | None) -> bool:
    """Return whether a sensor has a report of a period: it has begun, and the sensor has sent what reports tell."""
    has_begun = period is not None and period.first <= station.today
    return has_begun and (told_of(station) is not None or bool(queries.names_of(station)))


def report_of(station: Station, period: Period, *, system: str, query: Mapping[str, str]) -> AnyReport:
    """Read and draw the report of a period for which `has_report`."""
    told, is_year = told_of(station), period.sort == "year"
    if told:
        return state_year_report(station, period, told) if is_year else state_report(station, period, told, query=query)
    if is_year:
        return year_report(station, period, system=system)
    return report(station, period, system=system, query=query)
