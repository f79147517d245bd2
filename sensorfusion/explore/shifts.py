"""The same time of another day, week or year, by the wall clock of a site. Instants are epoch seconds."""

from datetime import UTC, datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from django.utils.functional import Promise
from django.utils.translation import pgettext_lazy

from sensorfusion.domain.local_time import DAY_S, instant_s, wall_s
from sensorfusion.explore.selection import Against

DAYS: Final = {Against.YESTERDAY: 1, Against.WEEK: 7}
WORDS: Final[dict[Against, Promise]] = {
    Against.YESTERDAY: pgettext_lazy("compared", "the day before"),
    Against.WEEK: pgettext_lazy("compared", "the week before"),
    Against.YEAR: pgettext_lazy("compared", "the year before"),
}
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)


def earlier(at: float, against: Against, zone: ZoneInfo) -> float:
    """Return the same wall time earlier; of 29 February, a year earlier is the end of the day before."""
    found = _moved(wall_s(at, zone), against, -1)
    return instant_s(_year_back(wall_s(at, zone)) if found is None else found, zone)


def later(at: float, against: Against, zone: ZoneInfo) -> float | None:
    """Return the same wall time later; None for 29 February, which the next year does not have."""
    found = _moved(wall_s(at, zone), against, 1)
    return None if found is None else instant_s(found, zone)


def _moved(wall: float, against: Against, sign: int) -> float | None:
    if against in DAYS:
        return wall + sign * DAYS[against] * DAY_S
    at = _EPOCH + timedelta(seconds=wall)
    try:
        return (at.replace(year=at.year + sign) - _EPOCH).total_seconds()
    except ValueError:
        return None


def _year_back(wall: float) -> float:
    """Return 28 February, 24:00, of the year before a 29 February."""
    at = _EPOCH + timedelta(seconds=wall)
    return (datetime(at.year - 1, 3, 1, tzinfo=UTC) - _EPOCH).total_seconds()
