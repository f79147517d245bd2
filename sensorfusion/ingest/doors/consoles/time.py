"""Parses a console's time: `now`, or a date and a time in UTC that may be mangled by double encoding."""

import re
from datetime import UTC, datetime
from urllib.parse import unquote_plus

# Digits with the separators that double encoding or a careless printf leave between them: blanks, +, %2B, T, Z.
_SHAPE = re.compile(
    r"\s*(\d{4})-\s*(\d{1,2})-\s*(\d{1,2})[\s+T_]+(\d{1,2})\s*:\s*(\d{1,2})(?:\s*:\s*(\d{1,2})(?:\.\d{1,9})?)?\s*Z?\s*",
    re.ASCII,
)
LONGEST = 64  # characters: a time of 19 characters, all percent-encoded
# A console whose clock was never set counts from 1970, 2000 or its production; none of these protocols is that old.
FIRST_YEAR = 2005


def observed_at(text: str) -> tuple[float | None, bool]:
    """Return the time in epoch seconds (None: the time of arrival), and whether the given time cannot be right."""
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
    return (None, True) if year < FIRST_YEAR else (instant.timestamp(), False)
