"""The reader's clock and calendar: 24 or 12 hours, and the day that weeks begin with.

They hold for a request, as Django's current time zone does (`web.values.reader` sets them); elsewhere the clock has 24
hours and weeks begin on Monday. `js/words/format.js` writes the same times.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import date, datetime, timedelta
from typing import Final, NamedTuple

from sensorfusion.domain.texts.translation import gettext, gettext_noop, pgettext, pgettext_noop
from sensorfusion.web.values.dates import day_of_month
from sensorfusion.web.values.numbers import NBSP

CLOCKS: Final = {"24": gettext_noop("24 hours, 14:05"), "12": gettext_noop("12 hours, 2:05\u00a0pm")}
WEEKS: Final = {
    "monday": pgettext_noop("weekday", "Monday"),
    "sunday": pgettext_noop("weekday", "Sunday"),
    "saturday": pgettext_noop("weekday", "Saturday"),
}
_OTHER_WAY: Final = str.maketrans("+-", "−+")
day = day_of_month
WEEKDAYS: Final = {"monday": 0, "sunday": 6, "saturday": 5}


class Habits(NamedTuple):
    """A key of `CLOCKS` and one of `WEEKS`."""

    clock: str = "24"
    week: str = "monday"


_USUAL: Final = Habits()
_reader: ContextVar[Callable[[], Habits]] = ContextVar("reader", default=lambda: _USUAL)


@contextmanager
def read_by(habits: Callable[[], Habits]) -> Iterator[None]:
    """Write times and weeks for a reader, whose habits are looked up when the first one is written."""
    token = _reader.set(habits)
    try:
        yield
    finally:
        _reader.reset(token)


def clock_labels() -> list[tuple[str, str]]:
    """Return the keys of `CLOCKS` with what they are called in the reader's language."""
    return [(key, gettext(label)) for key, label in CLOCKS.items()]


def week_labels() -> list[tuple[str, str]]:
    """Return the keys of `WEEKS` with what they are called in the reader's language."""
    return [(key, pgettext("weekday", label)) for key, label in WEEKS.items()]


def clock(at: datetime, *, seconds: bool = False) -> str:
    """Format the time of day: 14:05 or 2:05 pm."""
    minutes = f"{at.minute:02}:{at.second:02}" if seconds else f"{at.minute:02}"
    if _reader.get()().clock != "12":
        return f"{at.hour:02}:{minutes}"
    return f"{at.hour % 12 or 12}:{minutes}{NBSP}{'am' if at.hour < 12 else 'pm'}"


def age(seconds: float) -> str:
    """Write an age as the scripts do: 2 s ago, 4 min ago, 3 h ago, 5 d ago; an instant ahead is now."""
    whole = max(0, int(seconds))
    units = (("d", 86_400), ("h", 3_600), ("min", 60), ("s", 1))
    unit, length_s = next((each for each in units if whole >= each[1]), units[-1])
    return gettext("{span} ago").format(span=f"{whole // length_s}{NBSP}{unit}")


def since(at: datetime, *, now: datetime) -> str:
    """Format the time of day, with its day unless that is today. Both instants are in the site's zone."""
    if at.date() == now.date():
        return clock(at)
    return pgettext("date", "{day}, {time}").format(day=day_of_month(at), time=clock(at))


def zone_words(name: str) -> str:
    """Write a time zone for people: New York time, UTC, UTC−5."""
    area, _, place = name.partition("/")
    if area == "Etc":  # its signs are the other way round: Etc/GMT+5 is five hours behind
        return place.replace("GMT", "UTC").translate(_OTHER_WAY)
    return gettext("{place} time").format(place=place.rpartition("/")[2].replace("_", " ")) if place else area


def first_weekday() -> int:
    """Return the day that weeks begin with, 0 for Monday."""
    return WEEKDAYS[_reader.get()().week]


def week_of(day: date) -> date:
    """Return the first day of a day's week."""
    return day - timedelta(days=(day.weekday() - first_weekday()) % 7)
