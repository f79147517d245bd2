"""Shifts observations of a past year to the last twelve months, keeping the season and the hour of the day.

An instant is shifted to the same calendar day and the same hour in UTC. So the position of the sun is the same, full
hours stay full hours, and no hour is lost or repeated where summer time began on another day. 29 February, which the
observed year did not have, repeats 28 February.
"""

from calendar import isleap
from collections.abc import Iterator
from datetime import datetime, timedelta


def shifted(observed_at: datetime, *, after: datetime, until: datetime) -> Iterator[datetime]:
    """Yield the instants in (after, until] that an observation is shifted to; both in UTC, at most some years apart."""
    for year in range(after.year, until.year + 1):
        for instant in _in_year(observed_at, year):
            if after < instant <= until:
                yield instant


def year_before(instant: datetime) -> datetime:
    """Return the same time one year earlier; for 29 February, that of the 28th."""
    day = 28 if (instant.month, instant.day) == (2, 29) else instant.day
    return instant.replace(year=instant.year - 1, day=day)


def _in_year(observed_at: datetime, year: int) -> Iterator[datetime]:
    if (observed_at.month, observed_at.day) == (2, 29):
        return
    instant = observed_at.replace(year=year)
    yield instant
    if isleap(year) and (instant.month, instant.day) == (2, 28):
        yield instant + timedelta(days=1)
