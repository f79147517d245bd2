"""The wall clock of a time zone: days, bars and the same time of another day, also where the clocks change.

Instants are epoch seconds. A wall time is counted as if it were UTC, so that days of it have 86,400 s; an elapsed time
is never computed from it. The pages' scripts have the same functions (`zone.js`). A wall time that the clocks show
twice is the first of the two; one that they skip is as long after the change as it would have been.
"""

from datetime import UTC, datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

HOUR_S: Final = 3600
DAY_S: Final = 86400
_EPOCH: Final = datetime(1970, 1, 1)
_MONDAY: Final = 3  # 1 January 1970 was a Thursday
# A zone that moves over the date line skips a day: the wall time a day ago is then the present.
_SKIPPED_S: Final = DAY_S / 2


def offset_s(at: float, zone: ZoneInfo) -> float:
    """Return by how much the clocks are ahead of UTC at an instant."""
    offset = datetime.fromtimestamp(at, zone).utcoffset() or timedelta()
    return offset.total_seconds()


def wall_s(at: float, zone: ZoneInfo) -> float:
    """Return the wall time at an instant."""
    return at + offset_s(at, zone)


def instant_s(wall: float, zone: ZoneInfo) -> float:
    """Return the instant at which the clocks show a wall time."""
    return (_EPOCH + timedelta(seconds=wall)).replace(tzinfo=zone).astimezone(UTC).timestamp()


def day_number(at: float, *, zone: ZoneInfo, starts_h: int = 0) -> int:
    """Return the number of the day that contains an instant, counted from 1 January 1970."""
    day = int((wall_s(at, zone) - starts_h * HOUR_S) // DAY_S)
    while day_begin_s(day + 1, zone=zone, starts_h=starts_h) <= at:
        day += 1
    while day_begin_s(day, zone=zone, starts_h=starts_h) > at:
        day -= 1
    return day


def day_begin_s(day: int, *, zone: ZoneInfo, starts_h: int = 0) -> float:
    """Return the instant at which a day begins, by its number."""
    return instant_s(day * DAY_S + starts_h * HOUR_S, zone)


def day_start_s(at: float, *, zone: ZoneInfo, starts_h: int = 0) -> float:
    """Return the instant at which the day of an instant began."""
    return day_begin_s(day_number(at, zone=zone, starts_h=starts_h), zone=zone, starts_h=starts_h)


def bar_start_s(at: float, *, width_s: int, zone: ZoneInfo, starts_h: int = 0, weekday: int = 0) -> float:
    """Return the beginning of the bar that contains an instant.

    Bars of hours begin at round hours after the day's beginning, those of days with a day, and those of weeks with
    `weekday`, 0 for Monday.
    """
    if width_s >= DAY_S:
        day, many = day_number(at, zone=zone, starts_h=starts_h), width_s // DAY_S
        return day_begin_s(day - (day + _MONDAY - weekday) % many, zone=zone, starts_h=starts_h)
    offset, begin = offset_s(at, zone), starts_h * HOUR_S
    wall = (at + offset - begin) // width_s * width_s + begin
    # Of an hour that the clocks show twice, the second one has a bar of its own unless bars are longer.
    first, second = instant_s(wall, zone), wall - offset
    is_own = second - first >= width_s and offset_s(second, zone) == offset
    found = second if is_own else first
    return found if found <= at else instant_s(wall - DAY_S, zone)  # on a day that was skipped


def day_before_s(at: float, zone: ZoneInfo) -> float:
    """Return the instant of the same wall time on the day before."""
    wall = wall_s(at, zone)
    before = instant_s(wall - DAY_S, zone)
    return before if at - before > _SKIPPED_S else instant_s(wall - 2 * DAY_S, zone)


def day_after_s(at: float, zone: ZoneInfo) -> float:
    """Return the instant of the same wall time on the day after."""
    wall = wall_s(at, zone)
    after = instant_s(wall + DAY_S, zone)
    return after if after - at > _SKIPPED_S else instant_s(wall + 2 * DAY_S, zone)
