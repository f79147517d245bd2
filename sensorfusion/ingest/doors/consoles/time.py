"""The time a console says: `now`, or a date and a time in UTC that may have been mangled on the way."""

import re
from datetime import UTC, datetime
from urllib.parse import unquote_plus

# Digits with anything between them that encoding twice, or a careless printf, leaves there: blanks, +, %2B, T, Z.
_SHAPE = re.compile(
    r"\s*(\d{4})-\s*(\d{1,2})-\s*(\d{1,2})[\s+T_]+(\d{1,2})\s*:\s*(\d{1,2})(?:\s*:\s*(\d{1,2})(?:\.\d{1,9})?)?\s*Z?\s*",
    re.ASCII,
)
LONGEST = 64  # characters: a time of 19, each of them encoded
# A console whose clock was never set counts from 1970, 2000 or its making; none of these protocols is as old as this.
FIRST_YEAR = 2005


def observed_at(text: str) -> tuple[float | None, bool]:
    """Return when it was, as epoch seconds (None: on arrival), and whether what was said cannot be right."""
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
