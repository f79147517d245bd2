"""Days and months as readers see them, in the language of the page; `js/words/format.js` writes the same.

Languages differ in the names and in the order of the parts, so both are messages of the catalogue. The names are looked
up once for each language.
"""

from datetime import date
from functools import lru_cache
from typing import Final, NamedTuple

from django.utils.translation import get_language, pgettext, pgettext_lazy


class Names(NamedTuple):
    """What months are called, from January on, and weekdays, from Monday on; `short` is for tables and charts."""

    short_months: tuple[str, ...]
    months: tuple[str, ...]
    short_weekdays: tuple[str, ...]
    weekdays: tuple[str, ...]


_NAMES: Final = (
    (
        pgettext_lazy("short month", "Jan"),
        pgettext_lazy("short month", "Feb"),
        pgettext_lazy("short month", "Mar"),
        pgettext_lazy("short month", "Apr"),
        pgettext_lazy("short month", "May"),
        pgettext_lazy("short month", "Jun"),
        pgettext_lazy("short month", "Jul"),
        pgettext_lazy("short month", "Aug"),
        pgettext_lazy("short month", "Sep"),
        pgettext_lazy("short month", "Oct"),
        pgettext_lazy("short month", "Nov"),
        pgettext_lazy("short month", "Dec"),
    ),
    (
        pgettext_lazy("month", "January"),
        pgettext_lazy("month", "February"),
        pgettext_lazy("month", "March"),
        pgettext_lazy("month", "April"),
        pgettext_lazy("month", "May"),
        pgettext_lazy("month", "June"),
        pgettext_lazy("month", "July"),
        pgettext_lazy("month", "August"),
        pgettext_lazy("month", "September"),
        pgettext_lazy("month", "October"),
        pgettext_lazy("month", "November"),
        pgettext_lazy("month", "December"),
    ),
    (
        pgettext_lazy("short weekday", "Mon"),
        pgettext_lazy("short weekday", "Tue"),
        pgettext_lazy("short weekday", "Wed"),
        pgettext_lazy("short weekday", "Thu"),
        pgettext_lazy("short weekday", "Fri"),
        pgettext_lazy("short weekday", "Sat"),
        pgettext_lazy("short weekday", "Sun"),
    ),
    (
        pgettext_lazy("weekday", "Monday"),
        pgettext_lazy("weekday", "Tuesday"),
        pgettext_lazy("weekday", "Wednesday"),
        pgettext_lazy("weekday", "Thursday"),
        pgettext_lazy("weekday", "Friday"),
        pgettext_lazy("weekday", "Saturday"),
        pgettext_lazy("weekday", "Sunday"),
    ),
)


def names() -> Names:
    """Return the names in the language of the page."""
    return _names(get_language())


@lru_cache(maxsize=32)
def _names(language: str | None) -> Names:
    return Names(*(tuple(map(str, each)) for each in _NAMES))


def day_of_month(day: date) -> str:
    """Format a day without its year: 22 Nov."""
    return pgettext("date", "{day} {month}").format(day=day.day, month=names().short_months[day.month - 1])


def day_of_year(day: date) -> str:
    """Format a day: 22 Nov 2026."""
    month = names().short_months[day.month - 1]
    return pgettext("date", "{day} {month} {year}").format(day=day.day, month=month, year=day.year)


def long_day_of_month(day: date) -> str:
    """Format a day in running text: 22 November."""
    return pgettext("date", "{day} {month}").format(day=day.day, month=names().months[day.month - 1])


def long_day_of_year(day: date) -> str:
    """Format a day in running text: 22 November 2026."""
    month = names().months[day.month - 1]
    return pgettext("date", "{day} {month} {year}").format(day=day.day, month=month, year=day.year)


def month_of_year(day: date) -> str:
    """Format a month: November 2026."""
    return pgettext("date", "{month} {year}").format(month=names().months[day.month - 1], year=day.year)


def short_month_of_year(day: date) -> str:
    """Format a month in a narrow place: Nov 2026."""
    return pgettext("date", "{month} {year}").format(month=names().short_months[day.month - 1], year=day.year)


def month(day: date) -> str:
    """Return the name of a day's month: November."""
    return names().months[day.month - 1]


def short_month(day: date) -> str:
    """Return the short name of a day's month: Nov."""
    return names().short_months[day.month - 1]


def weekday(day: date) -> str:
    """Return the name of a day's weekday: Sunday."""
    return names().weekdays[day.weekday()]


def short_weekday(day: date) -> str:
    """Return the short name of a day's weekday: Sun."""
    return names().short_weekdays[day.weekday()]
