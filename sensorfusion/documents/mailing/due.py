"""Which period is due: the newest one that is over by the site's days, an hour ago or more."""

from datetime import date, datetime, timedelta
from typing import Final

from sensorfusion.documents.mailing.models import Every
from sensorfusion.documents.periods import Period, day_of, month_of, week_of
from sensorfusion.readings.rollups.days import Calendar

LATE_READINGS: Final = timedelta(hours=1)  # how long readings of the period may arrive before its report is made


def due(every: Every, *, calendar: Calendar, now: datetime) -> Period:
    """Return the newest period whose report may be sent."""
    return newest_over(every, calendar=calendar, now=now - LATE_READINGS)


def newest_over(every: Every, *, calendar: Calendar, now: datetime) -> Period:
    """Return the newest period that is over."""
    today = calendar.day_of(now)
    if every is Every.DAY:
        return day_of(calendar.day_of(calendar.begin(today) - timedelta(seconds=1)))  # a zone may have skipped a date
    found = _around(every, today).before
    assert found  # days of the present
    return found


def with_last_day(every: Every, last: date) -> Period:
    """Return the period that ends with a day."""
    return day_of(last) if every is Every.DAY else _around(every, last)


def _around(every: Every, day: date) -> Period:
    if every is Every.MONTH:
        found = month_of(day.year, day.month)
    else:
        year, week, _ = day.isocalendar()
        found = week_of(year, week)
    assert found
    return found
