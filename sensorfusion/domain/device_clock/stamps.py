"""Timestamps with a unit, as InfluxDB's clients send them.

The unit may be declared or the protocol's default, and clients mistake both. So a timestamp that would be implausible
is read by its size, where that gives a time which the client can mean.
"""

from datetime import UTC, datetime, timedelta
from typing import Final, NamedTuple

from sensorfusion.domain.device_clock.not_set import (
    EPOCH,
    FIRST_PLAUSIBLE,
    UPTIME,
    Told,
    default_of,
    from_instant,
    per_second,
)

_SECOND_NS: Final = 10**9
# A mistaken unit shows at the first reading; an uptime in nanoseconds passes through this span in half a minute.
_RECENT: Final = timedelta(days=366)
_AHEAD: Final = timedelta(days=31)
_FIRST, _LAST = datetime(2, 1, 1, tzinfo=UTC), datetime(9999, 12, 31, tzinfo=UTC)


class Stamp(NamedTuple):
    """A timestamp, the nanoseconds of its unit, and whether the client declared that unit."""

    number: int
    unit_ns: int
    is_declared: bool


def from_stamp(stamp: Stamp, *, received_at: datetime) -> Told:
    """Read a timestamp by its unit, or by its size; otherwise the clock that made it is not set."""
    at = _at(stamp.number * stamp.unit_ns)
    if not default_of(at) and _FIRST < at <= received_at + _AHEAD:
        return from_instant(at)
    by_size = _at(stamp.number * (_SECOND_NS // per_second(stamp.number)))
    earliest = received_at - _RECENT if stamp.is_declared else FIRST_PLAUSIBLE
    if earliest <= by_size <= received_at + _AHEAD:
        return from_instant(by_size)
    return from_instant(at) if at <= _FIRST else Told(at, default_of(at) or UPTIME)


def _at(since_ns: int) -> datetime:
    """Return the instant this many nanoseconds after 1970, or the end of the calendar."""
    try:
        return min(max(EPOCH + timedelta(microseconds=since_ns // 1000), _FIRST), _LAST)
    except OverflowError:
        return _FIRST if since_ns < 0 else _LAST
