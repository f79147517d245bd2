"""Instants, ages and spans in words, in a site's time; the page's scripts write the same words."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext, gettext_noop, ngettext, pgettext, pgettext_lazy

from sensorfusion.domain.liveness import State
from sensorfusion.domain.quality import Flag
from sensorfusion.web.values import clock as habits
from sensorfusion.web.values.clock import day as day
from sensorfusion.web.values.clock import since as since
from sensorfusion.web.values.dates import day_of_year
from sensorfusion.web.values.display import NBSP
from sensorfusion.web.values.freshness import why


@dataclass(frozen=True, slots=True)
class Doubt:
    """The words for a flagged value."""

    word: str
    reason: str


DOUBTS: Final = {
    Flag.SUSPECT: Doubt(
        gettext_noop("suspect"),
        gettext_noop("It jumps, stands out, does not move, or contradicts another value. It is kept as it is."),
    ),
    Flag.BAD: Doubt(
        gettext_noop("implausible"),
        gettext_noop("It can hardly be true, and is left out of charts and records. It is kept as it is."),
    ),
}


# The words for a number of sensors in a state, which stands before them.
COUNTED: Final[dict[State, Promise]] = {
    "offline": pgettext_lazy("counted", "without data"),
    "late": pgettext_lazy("counted", "late"),
    "pending": pgettext_lazy("counted", "waiting for a first reading"),
    "paused": pgettext_lazy("counted", "paused"),
}
# The words for more and less of a quantity, by its hue.
MORE_LESS: Final = {
    "temp": (pgettext_lazy("compared", "warmer"), pgettext_lazy("compared", "colder")),
    "": (pgettext_lazy("compared", "higher"), pgettext_lazy("compared", "lower")),
}


def doubt(flag: int | None) -> Doubt | None:
    """Return the words for a value's flag, None for a good value."""
    found = DOUBTS.get(Flag(flag)) if flag else None
    return found and Doubt(gettext(found.word), gettext(found.reason))


def span(seconds: float) -> str:
    """Format a duration in one unit, rounded down: 45 s, 6 min, 3 h, 4 d."""
    if seconds < 60:
        return f"{int(seconds)}{NBSP}s"
    if seconds < 3600:
        return f"{int(seconds // 60)}{NBSP}min"
    if seconds < 2 * 86400:
        return f"{int(seconds // 3600)}{NBSP}h"
    return f"{int(seconds // 86400)}{NBSP}d"


def age(at: datetime, *, now: datetime) -> str:
    """Format the age of an instant."""
    return gettext("{length} ago").format(length=span(max(0.0, now.timestamp() - at.timestamp())))


def interval(seconds: float) -> str:
    """Format an interval to follow "every": second, 5 min, 2 h. Other languages have that word in here."""
    if seconds < 1.5:
        return pgettext("every", "second")
    if seconds < 90:
        return pgettext("every", "{count}\u00a0s").format(count=round(seconds))
    if seconds < 5400:
        return pgettext("every", "{count}\u00a0min").format(count=round(seconds / 60))
    return pgettext("every", "{count}\u00a0h").format(count=round(seconds / 3600))


def so_far(count: int, every_s: float | None) -> str:
    """Return what is known of a sensor that has just begun: "3 readings so far, about every 4 s"."""
    readings = ngettext("{count} reading so far", "{count} readings so far", count).format(count=count)
    if not every_s:
        return readings
    return gettext("{readings}, about every {interval}").format(readings=readings, interval=interval(every_s))


def clock(at: datetime) -> str:
    """Format the time of day by the reader's clock."""
    return habits.clock(at)


def date(at: datetime) -> str:
    """Format the day with its year: 22 Nov 2026."""
    return day_of_year(at)


def silence(state: State, since: str, interval_s: float | None) -> str:
    """Return the sentence above a page that is not live, empty if it is; `since` is when the last reading was."""
    if state == "paused":
        return gettext("{why}. New readings are refused.").format(why=why(state, since))
    if state != "offline":
        return ""
    if not interval_s:
        return f"{why(state, since)}."
    return gettext("{why}. Expected every {interval}.").format(why=why(state, since), interval=interval(interval_s))


def moved(by: float, hue: str, is_nothing: bool) -> str:
    """Return how a number compares with yesterday's."""
    if is_nothing:
        return gettext("the same as yesterday at this time")
    more, less = MORE_LESS.get(hue, MORE_LESS[""])
    return gettext("{more} than yesterday at this time").format(more=more if by > 0 else less)


def duration(seconds: float) -> str:
    """Format hours and minutes: 9 h 04 min."""
    minutes = round(seconds / 60)
    return f"{minutes // 60}{NBSP}h {minutes % 60:02d}{NBSP}min"


def listed(parts: list[str]) -> str:
    """Join with commas and an "and"."""
    if len(parts) == 1:
        return parts[0]
    return gettext("{most} and {last}").format(most=", ".join(parts[:-1]), last=parts[-1])


def range_words(low: str, high: str) -> str:
    """Join two ends, of which the second may have the unit of both: 3 to 5 °C."""
    return gettext("{low} to {high}").format(low=low, high=high)


def plural(count: int, noun: str) -> str:
    """Format a count: 1 sensor, 3 sensors."""
    return f"{count} {noun}" if count == 1 else f"{count} {noun}s"
