"""Reads what a report is made of: a sensor's days, the hours with readings, when extremes were observed."""

from bisect import bisect_right
from collections import Counter
from datetime import date, datetime, timedelta
from typing import Final

from sensorfusion.documents.figures import GUSTS, Ends, Figures, Hours, figures
from sensorfusion.documents.periods import DAY, Period
from sensorfusion.domain.quantities import quantity
from sensorfusion.domain.quantities.kinds import Kind
from sensorfusion.domain.weather.climate import RAIN, Days
from sensorfusion.domain.weather.wind import Rose
from sensorfusion.readings.charts.extremes import Sought, observed
from sensorfusion.readings.climate import queries as climate
from sensorfusion.readings.rollups.buckets import Width, buckets, instant
from sensorfusion.readings.rollups.long_days import last_before
from sensorfusion.reports.hero import kind, primary
from sensorfusion.reports.queries import Station, rose_between

WIND: Final = ("wind_speed", "wind_gust", "wind_direction")
HOUR: Final = timedelta(hours=1)
FINE_DAYS: Final = 62  # up to here the wind rose is of 5-minute means, then of hourly ones


def names_of(station: Station) -> list[str]:
    """Return the quantities of a sensor's reports, its main one first; none if it has no number."""
    main = primary(station)
    if main is None:
        return []
    others = [name for name in (*WIND, *RAIN) if name in station.numbers] if kind(station) == Kind.WEATHER else []
    return [main, *(name for name in others if name != main)]


def amount_of(station: Station) -> str | None:
    """Return the quantity of which a report tells what was consumed or counted per day, None without one."""
    main = primary(station)
    meters = station.numbers if kind(station) == Kind.METER else []
    names = [name for name in (main, *meters) if name and name not in RAIN]
    return next((name for name in names if quantity(name).combine in ("sum", "counter")), None)


def amounts_of(station: Station, period: Period) -> dict[date, float]:
    """Return the amount of each day; a counter's is what it grew by since its last value before."""
    name = amount_of(station)
    if name is None:
        return {}
    calendar = station.calendar
    first, end = calendar.begin(period.first), calendar.begin(min(period.last, station.today) + DAY)
    is_counter = quantity(name).combine == "counter"
    before = last_before(station.sensor.id, [name], first) if is_counter else None
    start = calendar.begin(calendar.day_of(before)) if before else first
    found = buckets(station.question([name], start, end), "1d", extras=True)
    column = found.columns[name]
    values = calendar.increases(name, column) if is_counter else column.value
    days = [calendar.day_of(instant(t)) for t in found.t]
    return {day: value for day, value in zip(days, values, strict=True) if value is not None and day >= period.first}


def all_days(station: Station, *, last: date) -> Days:
    """Return all days of the quantities of reports up to a day."""
    return climate.days(station.sensor, names_of(station), last=last)


def figures_of(station: Station, whole: Days, period: Period) -> Figures:
    """Compute the figures of a period that has begun; `whole` are the sensor's days."""
    main = names_of(station)[0]
    return figures(
        whole,
        period,
        main=main,
        hours=hours_of(station, period),
        at=instants(station, whole, period, main=main),
        amounts=amounts_of(station, period),
    )


def hours_of(station: Station, period: Period) -> dict[date, Hours]:
    """Count the hours with readings of each day, and those it has had so far.

    Of a sensor that reports less often than hourly a day is one piece: it is there, or it is not.
    """
    begins = [station.calendar.begin(day) for day in (*period.days, period.last + DAY)]
    question = station.question(names_of(station), begins[0], min(begins[-1], station.end))
    over = [instant(t) for t in buckets(question, "1h", of_days=True).t if instant(t) + HOUR <= station.now]
    read = Counter(bisect_right(begins, at) - 1 for at in over)
    is_slow = station.interval_s is not None and station.interval_s > HOUR.total_seconds()
    return {
        day: _hours(read[place], begins[place], min(begins[place + 1], station.now), is_slow=is_slow)
        for place, day in enumerate(period.days)
    }


def _hours(read: int, begin: datetime, end: datetime, *, is_slow: bool) -> Hours:
    expected = max(0, int((end - begin) / HOUR))
    return Hours(expected if read and is_slow else min(read, expected), expected)


def instants(station: Station, whole: Days, period: Period, *, main: str) -> dict[Ends, datetime]:
    """Look up when each day's extremes were observed; those whose readings are no longer stored are left out."""
    part = whole.between(period.first, period.last)
    gust = next((name for name in GUSTS if name in part.columns), None)
    wanted: dict[Ends, Sought] = {}
    ends = ((main, True), (main, False)) if quantity(main).combine == "mean" else ()
    for name, is_high in (*ends, *(((gust, True),) if gust else ())):
        column = part.columns[name]
        for day, value in zip(part.dates, column.high if is_high else column.low, strict=True):
            if value is not None:
                wanted[Ends(name, day, is_high)] = Sought(name, value, day)
    found = observed(station.sensor.id, set(wanted.values()), calendar=station.calendar)
    return {ends: found[sought].astimezone(station.zone) for ends, sought in wanted.items() if sought in found}


def rose_of(station: Station, period: Period) -> Rose:
    """Return the shares of directions and speeds in a period."""
    width: Width = "5m" if len(period.days) <= FINE_DAYS else "1h"
    start, end = station.calendar.begin(period.first), station.calendar.begin(period.last + DAY)
    return rose_between(station, start, min(end, station.end), width=width)


def has_wind(station: Station) -> bool:
    return {"wind_speed", "wind_direction"} <= set(names_of(station))
