"""Spans of time as a question names them: ISO 8601, or words such as "last 24 h". Days are those of the site."""

import re
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from sensorfusion.mcp.answers import CannotAnswer, quoted

FORMS: Final = (
    '"last 24 h", "last 7 days", "today", "yesterday", "this month", "last year", "2026-11-22", "2026-11", "2026", or'
    ' two of ISO 8601 with a slash: "2026-11-01/2026-11-08" (both days included), "2026-11-22T06:00Z/now"'
)
_LAST: Final = re.compile(r"(?:the )?(?:last|past) (\d{1,6}) ?(m|min|minutes?|h|hours?|d|days?|w|weeks?)")
_UNITS: Final = {
    "m": timedelta(minutes=1),
    "h": timedelta(hours=1),
    "d": timedelta(days=1),
    "w": timedelta(weeks=1),
}
_PART: Final = re.compile(r"(\d{4})(?:-(\d{2}))?(?:-(\d{2}))?")
_PERIODS: Final = ("day", "week", "month", "year")


@dataclass(frozen=True, slots=True)
class Span:
    """[start, end), both with a zone."""

    start: datetime
    end: datetime


@dataclass(frozen=True, slots=True)
class Days:
    """The days of a site."""

    zone: ZoneInfo
    starts_h: int = 0

    def begin(self, day: date) -> datetime:
        return datetime.combine(day, time(self.starts_h), self.zone)

    def of(self, instant: datetime) -> date:
        return (instant.astimezone(self.zone).replace(tzinfo=None) - timedelta(hours=self.starts_h)).date()


def span_of(text: str, *, days: Days, now: datetime) -> Span:
    """Read a span.

    :raises CannotAnswer: it cannot be read, or is empty.
    """
    words = " ".join(text.split()).casefold()
    try:
        found = _in_words(words, days, now) or _between(text.strip(), days, now)
    except (ValueError, OverflowError):
        found = None
    if found is None:
        raise CannotAnswer(f"{quoted(text)} is no span of time. Write {FORMS}.")
    if found.start >= found.end:
        raise CannotAnswer(f"{quoted(text)} is empty: its end must be after its start.")
    return found


def _in_words(words: str, days: Days, now: datetime) -> Span | None:
    if match := _LAST.fullmatch(words):
        return Span(now - int(match[1]) * _UNITS[match[2][0]], now)
    words = {"today": "this day", "yesterday": "last day"}.get(words, words)
    which, _, period = words.partition(" ")
    if which not in ("this", "last") or period not in _PERIODS:
        return None
    begin = _begin(days.of(now), period)
    first, after = (begin, _next(begin, period)) if which == "this" else (_before(begin, period), begin)
    return Span(days.begin(first), min(days.begin(after), now))


def _begin(day: date, period: str) -> date:
    if period == "week":
        return day - timedelta(days=day.weekday())
    return {"day": day, "month": day.replace(day=1), "year": day.replace(month=1, day=1)}[period]


def _next(begin: date, period: str) -> date:
    length = {"day": 1, "week": 7, "month": 31, "year": 366}[period]
    return _begin(begin + timedelta(days=length), period)


def _before(begin: date, period: str) -> date:
    return _begin(begin - timedelta(days=1), period)


def _between(text: str, days: Days, now: datetime) -> Span | None:
    first, slash, last = text.partition("/")
    if not slash:
        return Span(*whole) if (whole := _whole(first, days)) else None
    start = whole[0] if (whole := _whole(first, days)) else _instant(first, days, now)
    end = whole[1] if (whole := _whole(last, days)) else _instant(last, days, now)
    return Span(start, end)


def _whole(text: str, days: Days) -> tuple[datetime, datetime] | None:
    """Return the beginning and the end of a day, a month or a year."""
    match = _PART.fullmatch(text.strip())
    if match is None:
        return None
    period = "day" if match[3] else "month" if match[2] else "year"
    first = date(int(match[1]), int(match[2] or 1), int(match[3] or 1))
    return days.begin(first), days.begin(_next(first, period))


def _instant(text: str, days: Days, now: datetime) -> datetime:
    if text.strip().casefold() == "now":
        return now
    found = datetime.fromisoformat(text.strip())
    return found if found.tzinfo else found.replace(tzinfo=days.zone)
