"""Parses a console's time: `now`, or a date and a time in UTC that may be mangled by double encoding."""

import re
from datetime import UTC, datetime
from urllib.parse import unquote_plus

from sensorfusion.domain.device_clock import FIRST_PLAUSIBLE

# Digits with the separators that double encoding or a careless printf leave between them: blanks, +, %2B, T, Z.
_SHAPE = re.compile(
    r"\s*(\d{4})-\s*(\d{1,2})-\s*(\d{1,2})[\s+T_]+(\d{1,2})\s*:\s*(\d{1,2})(?:\s*:\s*(\d{1,2})(?:\.\d{1,9})?)?\s*Z?\s*",
    re.ASCII,
)
LONGEST = 64  # characters: a time of 19 characters, all percent-encoded


def observed_at(text: str) -> tuple[object, bool]:
    """Return the time in a form for `steps.instants` (None: the arrival), and whether the given time is unreadable.

    None of these protocols is older than 2005, so what is before counts as the uptime of a clock that is not set.
    """
    if not text.strip() or text.strip().lower() == "now":
        return None, False
    match = _SHAPE.fullmatch(unquote_plus(text)) if len(text) <= LONGEST else None
    if match is None:
        return None, True
    year, month, day, hour, minute, second = (int(part or 0) for part in match.groups())
    try:
        instant = datetime(year, month, day, hour, minute, second, tzinfo=UTC)
    except ValueError:
        return None, True
    return (instant if instant >= FIRST_PLAUSIBLE else max(instant.timestamp(), 0.0)), False
