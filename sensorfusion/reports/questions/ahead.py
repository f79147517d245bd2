"""What a report is going to ask, asked ahead: what is known of all its ranges, and which of its charts are crowded.

Each of a report's queries needs that before it is written. Asked together it takes two statements instead of one or two
for each of a dozen ranges. A range that is missing here is asked for later by itself, so nothing depends on this list
but the number of statements, which a test counts.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

from sensorfusion.readings.charts.crowded import crowds_ahead
from sensorfusion.readings.charts.question import ChartQuestion
from sensorfusion.readings.rollups.known import known_ahead
from sensorfusion.readings.rollups.question import Question
from sensorfusion.reports import recent
from sensorfusion.reports.charts.cards import amounts_of, lines_of, specs
from sensorfusion.reports.charts.spans import Span
from sensorfusion.reports.comparison import compared
from sensorfusion.reports.queries import DAY, Station, day_before_of, last_year_of, month_start, winds_of
from sensorfusion.reports.wind import ROSE_DAYS
from sensorfusion.reports.year import wanted


@contextmanager
def asked_ahead(station: Station, span: Span, name: str | None) -> Iterator[None]:
    """Ask for all ranges of the report of a sensor whose main number is `name`; it holds for the block."""
    charts = [recent.day_of(station), *_charts(station, span, name)]
    others = [recent.today_of(station), recent.hours_of(station), *_others(station, span, name)]
    with known_ahead([*charts, *others]), crowds_ahead(charts):
        yield


def _charts(station: Station, span: Span, name: str | None) -> list[ChartQuestion]:
    if name is None:
        return []
    before = day_before_of(station, compared(station, name))
    return [*([before] if before else []), *lines_of(station, specs(station, name), span)]


def _others(station: Station, span: Span, name: str | None) -> list[Question]:
    found = []
    if {"wind_speed", "wind_direction"} <= set(station.numbers):
        found.append(winds_of(station, station.ago(timedelta(days=ROSE_DAYS)), station.end))
    if name is not None:
        found += amounts_of(station, specs(station, name), span)
        found.append(station.question(compared(station, name), month_start(station), station.end))
        found.append(last_year_of(station, compared(station, name)))
        found += _latest_days(station, name)
    return found


def _latest_days(station: Station, name: str) -> list[Question]:
    """Return the questions for the days that are not final: today's, or from yesterday's on."""
    calendar, today = station.calendar, station.today
    end = calendar.begin(today + DAY)
    return [station.question(wanted(station, name), calendar.begin(each), end) for each in (today, today - DAY)]
