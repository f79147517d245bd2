"""Instants, ages and spans in words, in a site's time; the page's scripts write the same words."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sensorfusion.domain.liveness import State
from sensorfusion.domain.quality import Flag
from sensorfusion.web.values import clock as habits
from sensorfusion.web.values.clock import MONTHS as MONTHS
from sensorfusion.web.values.clock import day as day
from sensorfusion.web.values.clock import since as since
from sensorfusion.web.values.display import NBSP
from sensorfusion.web.values.freshness import why


@dataclass(frozen=True, slots=True)
class Doubt:
    """The words for a flagged value."""

    word: str
    reason: str


DOUBTS: Final = {
    Flag.SUSPECT: Doubt(
        "suspect", "It jumps, stands out, does not move, or contradicts another value. It is kept as it is."
    ),
    Flag.BAD: Doubt(
        "implausible", "It can hardly be true, and is left out of charts and records. It is kept as it is."
    ),
}


# The words for a number of sensors in a state.
COUNTED: Final[dict[State, str]] = {
    "offline": "without data",
    "late": "late",
    "pending": "waiting for a first reading",
    "paused": "paused",
}
# The words for more and less of a quantity, by its hue.
MORE_LESS: Final = {"temp": ("warmer", "colder"), "": ("higher", "lower")}


def doubt(flag: int | None) -> Doubt | None:
    """Return the words for a value's flag, None for a good value."""
    return DOUBTS.get(Flag(flag)) if flag else None


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
    return f"{span(max(0.0, now.timestamp() - at.timestamp()))} ago"


def interval(seconds: float) -> str:
    """Format an interval to follow "every": minute, 5 min, 2 h."""
    if seconds < 90:
        return "second" if seconds < 1.5 else f"{round(seconds)}{NBSP}s"
    return f"{round(seconds / 60)}{NBSP}min" if seconds < 5400 else f"{round(seconds / 3600)}{NBSP}h"


def so_far(count: int, every_s: float | None) -> str:
    """Return what is known of a sensor that has just begun: "3 readings so far, about every 4 s"."""
    return f"{plural(count, 'reading')} so far" + (f", about every {interval(every_s)}" if every_s else "")


def clock(at: datetime) -> str:
    """Format the time of day by the reader's clock."""
    return habits.clock(at)


def date(at: datetime) -> str:
    """Format the day with its year: 22 Nov 2026."""
    return f"{day(at)} {at.year}"


def silence(state: State, since: str, interval_s: float | None) -> str:
    """Return the sentence above a page that is not live, empty if it is; `since` is when the last reading was."""
    if state == "paused":
        return f"{why(state, since)}. New readings are refused."
    expected = f" Expected every {interval(interval_s)}." if interval_s else ""
    return f"{why(state, since)}.{expected}" if state == "offline" else ""


def moved(by: float, hue: str, is_nothing: bool) -> str:
    """Return how a number compares with yesterday's."""
    more, less = MORE_LESS.get(hue, MORE_LESS[""])
    how = "the same as" if is_nothing else f"{more if by > 0 else less} than"
    return f"{how} yesterday at this time"


def duration(seconds: float) -> str:
    """Format hours and minutes: 9 h 04 min."""
    minutes = round(seconds / 60)
    return f"{minutes // 60}{NBSP}h {minutes % 60:02d}{NBSP}min"


def listed(parts: list[str]) -> str:
    """Join with commas and an "and"."""
    return parts[0] if len(parts) == 1 else f"{', '.join(parts[:-1])} and {parts[-1]}"


def plural(count: int, noun: str) -> str:
    """Format a count: 1 sensor, 3 sensors."""
    return f"{count} {noun}" if count == 1 else f"{count} {noun}s"
