"""Days and months as readers see them, in the language of the page; `js/words/format.js` writes the same.

Languages differ in the names and in the order of the parts, so both are messages of the catalogue. The names are looked
up once for each language.
"""

from datetime import date
from functools import lru_cache
from typing import Final, NamedTuple

from sensorfusion.domain.texts.translation import language, pgettext, pgettext_noop


class Names(NamedTuple):
    """What months are called, from January on, and weekdays, from Monday on; `short` is for tables and charts."""

    short_months: tuple[str, ...]
    months: tuple[str, ...]
    short_weekdays: tuple[str, ...]
    weekdays: tuple[str, ...]


_CONTEXTS: Final = ("short month", "month", "short weekday", "weekday")
_NAMES: Final = (
    (
        pgettext_noop("short month", "Jan"),
        pgettext_noop("short month", "Feb"),
        pgettext_noop("short month", "Mar"),
        pgettext_noop("short month", "Apr"),
        pgettext_noop("short month", "May"),
        pgettext_noop("short month", "Jun"),
        pgettext_noop("short month", "Jul"),
        pgettext_noop("short month", "Aug"),
        pgettext_noop("short month", "Sep"),
        pgettext_noop("short month", "Oct"),
        pgettext_noop("short month", "Nov"),
        pgettext_noop("short month", "Dec"),
    ),
    (
        pgettext_noop("month", "January"),
        pgettext_noop("month", "February"),
        pgettext_noop("month", "March"),
        pgettext_noop("month", "April"),
        pgettext_noop("month", "May"),
        pgettext_noop("month", "June"),
        pgettext_noop("month", "July"),
        pgettext_noop("month", "August"),
        pgettext_noop("month", "September"),
        pgettext_noop("month", "October"),
        pgettext_noop("month", "November"),
        pgettext_noop("month", "December"),
    ),
    (
        pgettext_noop("short weekday", "Mon"),
        pgettext_noop("short weekday", "Tue"),
        pgettext_noop("short weekday", "Wed"),
        pgettext_noop("short weekday", "Thu"),
        pgettext_noop("short weekday", "Fri"),
        pgettext_noop("short weekday", "Sat"),
        pgettext_noop("short weekday", "Sun"),
    ),
    (
        pgettext_noop("weekday", "Monday"),
        pgettext_noop("weekday", "Tuesday"),
        pgettext_noop("weekday", "Wednesday"),
        pgettext_noop("weekday", "Thursday"),
        pgettext_noop("weekday", "Friday"),
        pgettext_noop("weekday", "Saturday"),
        pgettext_noop("weekday", "Sunday"),
    ),
)


def names() -> Names:
    """Return the names in the language of the page."""
    return _names(language())


@lru_cache(maxsize=32)
def _names(_language: str) -> Names:
    by_context = zip(_CONTEXTS, _NAMES, strict=True)
    return Names(*(tuple(pgettext(context, each) for each in texts) for context, texts in by_context))


def day_of_month(day: date) -> str:
    """Format a day without its year: 22 Nov."""
    return pgettext("date", "{day} {month}").format(day=day.day, month=names().short_months[day.month - 1])


def day_of_year(day: date) -> str:
    """Format a day: 22 Nov 2026."""
    return _day_of_year(language(), day.year, day.month, day.day)


@lru_cache(maxsize=4096)  # a report has a year of them
def _day_of_year(language: str, year: int, month: int, day: int) -> str:
    name = _names(language).short_months[month - 1]
    return pgettext("date", "{day} {month} {year}").format(day=day, month=name, year=year)


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
