"""Reads the spans of a state over a period, by whole months of the site: a day is the same in every report.

What is a silence depends on the usual step between readings, and that step is the month's. Readings are read newest
first, at most `MOST_OF_MONTH` of a month and about `MOST` in all; of what is older than those nothing is known.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from typing import Final

from django.db import connection

from sensorfusion.documents.periods import DAY, Period
from sensorfusion.domain.quantities.spans import LONGEST_S, Span, Spans, lasting
from sensorfusion.readings.charts.states import states
from sensorfusion.readings.rollups.days import next_month
from sensorfusion.readings.stored.reads import first_since
from sensorfusion.reports.queries import Station

MOST_OF_MONTH: Final = 100_000  # one every 27 s
MOST: Final = 600_000  # a year of one a minute, and the days around its months
BEFORE: Final = timedelta(seconds=1)  # tells whether the state at the beginning of a period began earlier
_TOUCHING_S: Final = 1e-6


def spans_of(station: Station, name: str, first: date, last: date) -> Spans:
    """Return the spans of the days from `first` to `last`, up to now; the first may begin `BEFORE` them."""
    begun = [month for month in months(first, last) if station.calendar.begin(month) < station.end]
    found: list[Spans] = []
    for month in reversed(begun):
        if sum(each.readings for each in found) < MOST:
            found.insert(0, _of_month(station, name, month))
    begin = station.calendar.begin(first).timestamp()
    end = max(begin, min(station.calendar.begin(last + DAY).timestamp(), station.now.timestamp()))
    if not found:
        return Spans([], begin, end, LONGEST_S)
    others = zip(found[1:], begun[-len(found) :][1:], strict=True)
    cut = [each.between(station.calendar.begin(month).timestamp(), each.end) for each, month in others]
    whole = replace(found[-1], spans=joined([found[0], *cut]), start=found[0].start)
    return whole.between(begin - BEFORE.total_seconds(), end)


def months(first: date, last: date) -> list[date]:
    """Return the first days of the months that a period touches."""
    found = [first.replace(day=1)]
    while next_month(found[-1]) <= last:
        found.append(next_month(found[-1]))
    return found


def months_with_readings(station: Station) -> list[date]:
    """Return the first days of the months in which the sensor has readings, oldest first."""
    found: list[date] = []
    with connection.cursor() as cursor:
        at = first_since(cursor, sensor=station.sensor.pk, start=None)
        while at and at < station.end:
            found.append(station.calendar.day_of(at).replace(day=1))
            after = station.calendar.begin(next_month(found[-1]))
            at = first_since(cursor, sensor=station.sensor.pk, start=after)
    return found


def joined(parts: Sequence[Spans]) -> list[Span]:
    """Return the spans of months in a row; a state that goes on over the end of a month is one span."""
    found: list[Span] = []
    for each in (span for part in parts for span in part.spans):
        if found and found[-1].state == each.state and each.start - found[-1].end < _TOUCHING_S:
            found[-1] = replace(found[-1], end=each.end)
        else:
            found.append(each)
    return found


def _of_month(station: Station, name: str, month: date) -> Spans:
    """Return a month of the site from `BEFORE` it on; the newest state lasts until now unless it is overdue."""
    begin, end = station.calendar.begin(month), station.calendar.begin(next_month(month))
    is_recent = station.end < end + timedelta(seconds=LONGEST_S)  # its last state may be the newest one
    found = states(
        sensor=station.sensor.pk,
        name=name,
        start=begin - BEFORE,
        end=max(end, station.end) if is_recent else end,
        interval_s=station.interval_s,
        most=MOST_OF_MONTH,
    )
    so_far = lasting(found, station.now.timestamp()) if is_recent else found
    return so_far.between((begin - BEFORE).timestamp(), end.timestamp())


def period_spans(station: Station, name: str, period: Period) -> Spans:
    """Return the spans of a period."""
    return spans_of(station, name, period.first, period.last)
