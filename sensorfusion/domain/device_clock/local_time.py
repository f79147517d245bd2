"""Local times without a zone: read in the offset that a device is known to have, else in its site's time zone.

An offset is learned only from a message that arrived in time, because then the arrival says what the time was. A
message that waited is placed by what was known before it, and so has the same instant however often it is delivered.
"""

from datetime import UTC, datetime, timedelta
from typing import Final, NamedTuple
from zoneinfo import ZoneInfo

# A message takes seconds; the rest is for clocks that are not quite right.
IN_TIME: Final = timedelta(seconds=60)
_QUARTERS: Final = (-570, -210, 210, 270, 330, 345, 390, 525, 570, 630, 765, 825)
# The offsets in use, in seconds: whole hours, and those of the time-zone database with minutes.
OFFSETS: Final = frozenset(hours * 3600 for hours in range(-12, 15)) | frozenset(each * 60 for each in _QUARTERS)


class Rule(NamedTuple):
    """How a device's local times are read."""

    zone: ZoneInfo  # the site's
    offset_s: int | None = None  # the device's, if it was learned and is not the site's

    def instants(self, local: datetime) -> tuple[datetime, ...]:
        """Return the instants that a local time may be: two in an hour that the zone repeats.

        A time that the zone skips is that of a clock which was not put forward yet.
        """
        if self.offset_s is not None:
            return (_at(local, self.offset_s),)
        first, second = (_in_zone(local, self.zone, fold) for fold in (0, 1))
        return (first, second) if first < second else (first,)

    def in_order(self, local: datetime, *, after: datetime | None = None) -> datetime:
        """Return the instant of a local time, in a repeated hour the one that comes after `after`."""
        first, *second = self.instants(local)
        return second[0] if second and after is not None and after > first else first

    def in_time(self, local: datetime, arrived_at: datetime) -> datetime | None:
        """Return the instant of a local time if the message that holds it arrived in time by this rule."""
        nearest = min(self.instants(local), key=lambda at: abs(arrived_at - at))
        return nearest if abs(arrived_at - nearest) <= IN_TIME else None


def fitting(local: datetime, arrived_at: datetime) -> int | None:
    """Return the offset in use by which a local time is that of the arrival, if there is one."""
    ahead_s = (local.replace(tzinfo=UTC) - arrived_at).total_seconds()
    nearest = min(OFFSETS, key=lambda offset_s: abs(ahead_s - offset_s))
    return nearest if abs(ahead_s - nearest) <= IN_TIME.total_seconds() else None


def _at(local: datetime, offset_s: int) -> datetime:
    try:
        return local.replace(tzinfo=UTC) - timedelta(seconds=offset_s)
    except OverflowError:  # the first or the last day of the calendar, where no offset matters
        return local.replace(tzinfo=UTC)


def _in_zone(local: datetime, zone: ZoneInfo, fold: int) -> datetime:
    try:
        return local.replace(tzinfo=zone, fold=fold).astimezone(UTC)
    except OverflowError:
        return local.replace(tzinfo=UTC)


AS_UTC: Final = Rule(ZoneInfo("UTC"))
