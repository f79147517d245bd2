"""Zones in which days are hard to divide, and instants around the changes of their clocks."""

from collections.abc import Iterator
from datetime import datetime
from typing import Final
from zoneinfo import ZoneInfo

# Off the full hour, changes of half an hour and of two hours, midnight shown twice or skipped, a day that was skipped.
ZONES: Final = (
    "UTC",
    "Europe/Warsaw",
    "Asia/Kathmandu",
    "America/St_Johns",
    "Australia/Lord_Howe",
    "Antarctica/Troll",
    "Atlantic/Azores",
    "Asia/Beirut",
    "Pacific/Apia",
)
STARTS_H: Final = (0, 7, 9)
HOUR_S: Final = 3600
_HOURS: Final = (-30, -1, -0.5, 0, 0.25, 1.25, 6, 25, 30)


def year_of(zone: ZoneInfo) -> int:
    """Return the year whose changes are of interest: Samoa crossed the date line at the end of 2011."""
    return 2011 if zone.key == "Pacific/Apia" else 2026


def changes(zone: ZoneInfo) -> list[float]:
    """Return when the clocks change, in epoch seconds."""
    start = datetime(year_of(zone), 1, 1, tzinfo=zone).timestamp() // HOUR_S * HOUR_S
    quarters = [start + quarter * 900 for quarter in range(366 * 96)]
    offsets = [datetime.fromtimestamp(at, zone).utcoffset() for at in quarters]
    return [at for at, before, after in zip(quarters[1:], offsets, offsets[1:], strict=False) if before != after]


def instants(zone: ZoneInfo) -> Iterator[float]:
    """Yield an instant in autumn, and some before, at and after each change."""
    yield datetime(year_of(zone), 11, 22, 12, 10, tzinfo=zone).timestamp()
    for change in changes(zone):
        yield from (change + hours * HOUR_S for hours in _HOURS)
