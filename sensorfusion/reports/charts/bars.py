"""Bars of amounts, such as rain: what fell in each hour or day of the site."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from sensorfusion.domain import local_time
from sensorfusion.domain.quantities import quantity
from sensorfusion.readings.rollups.buckets import buckets
from sensorfusion.readings.rollups.question import Question
from sensorfusion.reports.charts.axes import ZERO_AIR
from sensorfusion.reports.charts.spans import Bar, Span
from sensorfusion.reports.geometry import Box, Point, bars, number
from sensorfusion.reports.queries import Station
from sensorfusion.web.values import clock

SHARE: Final = 0.86  # of a bar's length that is filled


def bars_of(station: Station, name: str, span: Span) -> list[Point]:
    """Add up the amounts of a span in bars of the site's clock and days."""
    sums: dict[float, float] = {}
    zone, starts_h, weekday = station.zone, station.calendar.day_starts_h, clock.first_weekday()
    for x, y in _amounts(station, name, span):
        start = local_time.bar_start_s(x, width_s=span.bar.length_s, zone=zone, starts_h=starts_h, weekday=weekday)
        sums[start] = sums.get(start, 0.0) + (y or 0.0)
    return [Point(start, round(total, 3)) for start, total in sums.items()]


def bar_path(points: Sequence[Point], box: Box, bar: Bar) -> str:
    """Draw the bars that begin in the box."""
    inside = [point for point in points if box.left <= point.x <= box.right]
    return bars(inside, box, width=bar.length_s * SHARE)


def total_path(points: Sequence[Point], box: Box) -> tuple[str, str]:
    """Draw the running total as steps on a scale of its own; return the path and the height of its end in per cent."""
    total, path, highest = 0.0, "", sum(y or 0.0 for _, y in points)
    own = replace(box, low=0.0, high=(highest or 1) * ZERO_AIR)
    for x, y in points:
        total += y or 0.0
        path += f"{'H' if path else 'M'}{number(own.x(x))}{'V' if path else ' '}{number(own.y(total))}"
    return path, f"{own.y(highest) / own.height * 100:.2f}%"


def amounts_of(station: Station, name: str, span: Span) -> Question:
    """Return the question for the amounts of a span; what a counter grew by is known from the bucket before."""
    is_counter = quantity(name).combine == "counter"
    start = min(span.start, station.day_before(span.start)) if is_counter else span.start
    return station.question([name], start, station.end if span.is_live else span.end)


def _amounts(station: Station, name: str, span: Span) -> list[Point]:
    """Return the amount of each bucket of a span."""
    start, is_counter = span.start, quantity(name).combine == "counter"
    table = buckets(amounts_of(station, name, span), span.bar.width, extras=is_counter)
    column = table.columns[name]
    amounts = station.calendar.increases(name, column) if is_counter else column.value
    return [
        Point(t, amount)
        for t, last, amount in zip(table.t, table.last, amounts, strict=True)
        if amount is not None and last >= start.timestamp()
    ]
