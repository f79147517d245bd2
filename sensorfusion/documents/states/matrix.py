"""The index of the reports of a state: a matrix of years by months, each with how often it was so, and for how long."""

from datetime import date
from typing import Final

from django.utils.translation import gettext

from sensorfusion.documents.matrix import Matrix, Month, Year
from sensorfusion.documents.periods import month_of
from sensorfusion.documents.states.figures import StateFigures, changes, figures_of
from sensorfusion.documents.states.queries import MOST, months_with_readings, spans_of
from sensorfusion.documents.states.told import Told
from sensorfusion.reports.kinds.span_words import duration
from sensorfusion.reports.queries import Station
from sensorfusion.web.values.display import NBSP

UNCOUNTED: Final = "\N{HORIZONTAL ELLIPSIS}"


def state_matrix(station: Station, told: Told) -> Matrix:
    """Summarise the months with readings, the newest first; after `MOST` readings older ones are only named."""
    found: dict[date, Month] = {}
    read = 0
    for first in reversed(months_with_readings(station)):
        month, many = _month(station, told, first, is_counted=read < MOST)
        read += many
        if month:
            found[first] = month
    years = [
        Year(year, [found.get(date(year, number, 1)) for number in range(1, 13)])
        for year in sorted({first.year for first in found}, reverse=True)
    ]
    is_partial = any(month.is_partial for month in found.values())
    return Matrix(years, _words(told), is_partial, is_of_states=True)


def _words(told: Told) -> str:
    label = told.looks.label
    if told.is_boolean:
        words = gettext("{quantity}, times {state}; below it for how long")
        return words.format(quantity=label, state=told.yes_word)
    return gettext("{quantity}, changes; below them the state of the longest time").format(quantity=label)


def _month(station: Station, told: Told, first: date, *, is_counted: bool) -> tuple[Month | None, int]:
    period = month_of(first.year, first.month)
    if period is None:
        return None, 0
    expected = len(period.up_to(station.today).days)
    if not is_counted:
        return Month(period, UNCOUNTED, "", expected, expected, None), 0
    whole = spans_of(station, told.name, period.first, period.last)
    figures = figures_of(whole, period, told=told, calendar=station.calendar, now=station.now.timestamp())
    if not figures.has_readings:
        return None, whole.readings
    known = sum(day.has_readings for day in figures.days)
    number, below = _figures(figures)
    return Month(period, number, below, known, expected, None), whole.readings


def _figures(figures: StateFigures) -> tuple[str, str]:
    if figures.told.is_boolean:
        return str(figures.times), duration(figures.total_s) if figures.total_s else ""
    state = figures.states[0]
    return str(changes(figures.spans)), f"{state}{NBSP}{duration(figures.spans.total_s(state))}"
