"""The strip of a sensor's whole record beneath its main chart: daily values, the span of the charts, links to parts.

The page's script makes it a brush (`js/later/brush.js`); without scripts its labels are links to years or months.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from django.utils.translation import gettext, ngettext

from sensorfusion.domain.quantities import quantity
from sensorfusion.domain.weather.climate import Days
from sensorfusion.readings.rollups.days import next_month
from sensorfusion.reports.charts.drawings import SIDE
from sensorfusion.reports.charts.resolution import bucket_words
from sensorfusion.reports.charts.spans import Span
from sensorfusion.reports.geometry import Box, Point, polyline, split
from sensorfusion.reports.queries import Station
from sensorfusion.web.values.dates import day_of_year, short_month
from sensorfusion.web.values.numbers import grouped, localised

DAY: Final = timedelta(days=1)
FEWEST_DAYS: Final = 3
POINTS_MOST: Final = 400  # some 2 px each
LABELS_MOST: Final = 8  # of 30 px each on the narrowest screen
YEARS_FROM: Final = 24  # months of a record that has labels of years
AIR: Final = 60.0  # of the strip's height, above and below the line


@dataclass(frozen=True, slots=True)
class Part:
    """A link to a part of the record, at its place in per cent."""

    x: str
    label: str
    title: str
    first: date
    last: date


@dataclass(frozen=True, slots=True)
class Record:
    """`start` and `end` in epoch seconds; `window` is the place and the width of the charts' span in per cent."""

    hue: str
    words: str
    path: str
    start: int
    end: int
    window: tuple[str, str]
    parts: list[Part]


def record(station: Station, name: str, whole: Days, span: Span) -> Record | None:
    """Draw the strip of all days, None for a sensor that is too new.

    :param whole: all days of the sensor, with the quantity's column.
    """
    there = [
        (day, value)
        for day, value in zip(whole.dates, whole.columns[name].value if name in whole.columns else (), strict=False)
        if value is not None
    ]
    first, last = (there[0][0], station.today) if there else (station.today, station.today)
    count = (last - first).days + 1
    if count < FEWEST_DAYS:
        return None
    begins, ends = (station.calendar.begin(day) for day in (first, last + DAY))
    start, end = begins.timestamp(), ends.timestamp()
    real = len(station.calendar.borders(begins, ends)) - 1  # a zone may have skipped a date
    days = -(-count // POINTS_MOST)
    return Record(
        hue=station.looks(name).hue,
        words=_words(name, days, first, real - len(there)),
        path=_path(station, there, days, start, end),
        start=int(start),
        end=int(end),
        window=_window(span, start, end),
        parts=_parts(station, first, last, start, end),
    )


def _words(name: str, days: int, first: date, missing: int) -> str:
    mean, since = bucket_words("1d", days, quantity(name).combine), day_of_year(first)
    if not missing:
        return gettext("The whole record since {day}: {mean}.").format(day=since, mean=mean)
    said = ngettext(
        "The whole record since {day}: {mean}; {count} day has no readings.",
        "The whole record since {day}: {mean}; {count} days have no readings.",
        missing,
    )
    return said.format(day=since, mean=mean, count=localised(grouped(str(missing))))


def _path(station: Station, there: Sequence[tuple[date, float]], days: int, start: float, end: float) -> str:
    """Draw the means of every `days` days, with a gap where all of these are missing."""
    groups: dict[int, list[float]] = {}
    for day, value in there:
        groups.setdefault((day - there[0][0]).days // days, []).append(value)
    length_s = days * DAY.total_seconds()
    first_s = station.calendar.begin(there[0][0]).timestamp()
    points = [(first_s + (each + 0.5) * length_s, sum(values) / len(values)) for each, values in groups.items()]
    low, high = min(y for _, y in points), max(y for _, y in points)
    box = Box(start, end, low, high if high > low else low + 1, SIDE, SIDE - 2 * AIR, 0)
    broken = [Point(x, None if y is None else y) for x, y in split(points, width=length_s)]
    return polyline(broken, box).line


def _window(span: Span, start: float, end: float) -> tuple[str, str]:
    left, right = (_share(min(max(each.timestamp(), start), end), start, end) for each in (span.start, span.end))
    return f"{left:.3f}%", f"{right - left:.3f}%"


def _share(at: float, start: float, end: float) -> float:
    return (at - start) / (end - start) * 100


def _parts(station: Station, first: date, last: date, start: float, end: float) -> list[Part]:
    """Divide the record by labels: each leads to the time up to the next one, so that every day is in one."""
    begins = _begins(first, last)
    every = -(-len(begins) // LABELS_MOST)
    picked = begins[::every]
    lasts = [each - DAY for each in picked[1:]] + [last]
    return [
        Part(
            x=f"{_share(max(station.calendar.begin(begin).timestamp(), start), start, end):.2f}%",
            label=str(begin.year) if _has_years(first, last) else short_month(begin),
            title=_title(max(begin, first), until),
            first=max(begin, first),
            last=until,
        )
        for begin, until in zip(picked, lasts, strict=True)
    ]


def _begins(first: date, last: date) -> list[date]:
    if _has_years(first, last):
        return [date(year, 1, 1) for year in range(first.year, last.year + 1)]
    found = [first.replace(day=1)]
    while next_month(found[-1]) <= last:
        found.append(next_month(found[-1]))
    return found


def _has_years(first: date, last: date) -> bool:
    return (last.year - first.year) * 12 + last.month - first.month >= YEARS_FROM


def _title(first: date, last: date) -> str:
    return gettext("{first} to {last}").format(first=day_of_year(first), last=day_of_year(last))
