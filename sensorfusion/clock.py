"""The clock: its type, and the function that reads it.

Time is a parameter. Pages, API views, commands and the composition of a process read the clock; all code below them
gets an instant (`now: datetime`) or, if it runs for long, a clock (`now: Clock`).
"""

from collections.abc import Callable
from datetime import UTC, datetime

Clock = Callable[[], datetime]


def utc_now() -> datetime:
    """Return the current time in UTC."""
    return datetime.now(UTC)
