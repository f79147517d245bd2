"""Recognises the clock of a device that is not set: one rule for every door, adapter, poll, client and import.

A device without the time counts from its last start or from the default of its clock. Its readings are observations of
now, not of 1970: the newest of a request is taken as arriving now, and the others keep their distance to it. A request
of really old readings is recognised by those that no default explains, and keeps all its times.

How a number counts follows from its magnitude: 10^11 seconds is the year 5138, 10^11 milliseconds is 1973.
"""

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import Final, NamedTuple

EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
# No platform could receive readings by the interfaces here before this; a smaller count of seconds is an uptime.
FIRST_PLAUSIBLE: Final = datetime(2005, 1, 1, tzinfo=UTC)
_FIRST_PLAUSIBLE_S: Final = (FIRST_PLAUSIBLE - EPOCH).total_seconds()
# The least magnitude of a count of nanoseconds, microseconds and milliseconds, and how many make a second.
_SCALES: Final = ((1e17, 10**9), (1e14, 10**6), (1e11, 10**3))

# A local time is behind UTC by 12 hours at most; the rest is for clocks that were set to a zone beyond use.
_WIDEST_OFFSET: Final = timedelta(hours=15)
_MONTH, _YEAR = timedelta(days=31), timedelta(days=366)
# The instants that clocks begin at, and how long one is believed to have counted from there without being set.
DEFAULTS: Final = (
    (datetime(1, 1, 1, tzinfo=UTC), _YEAR),  # .NET and Go, "no time"
    (datetime(1601, 1, 1, tzinfo=UTC), _MONTH),  # Windows
    (datetime(1858, 11, 17, tzinfo=UTC), _MONTH),  # modified Julian day 0
    (datetime(1899, 12, 30, tzinfo=UTC), _MONTH),  # spreadsheets, and 1900, where NTP begins
    (datetime(1904, 1, 1, tzinfo=UTC), _MONTH),  # Mac OS, LabVIEW
    (EPOCH, _YEAR),  # Unix: ESP8266 and ESP32, Tasmota, Shelly, consoles
    (datetime(1980, 1, 1, tzinfo=UTC), _MONTH),  # FAT and DOS; GPS begins on the 6th
    (datetime(1999, 11, 30, tzinfo=UTC), _MONTH),  # a calendar chip of zeros; 2000-01-01, where most chips begin
    (datetime(2000, 1, 1, tzinfo=UTC), _MONTH),
)
_YEARS: Final = frozenset(year for at, span in DEFAULTS for year in range(max(1, at.year - 1), (at + span).year + 1))
_IMPOSSIBLE: Final = datetime(1850, 1, 1, tzinfo=UTC)  # a default before this is never history

# What tells a batch of old readings from a clock that was never set: full minutes, for longer than buffers last.
_FEWEST_OF_HISTORY: Final = 20
_SHORTEST_HISTORY: Final = timedelta(days=1)
# Devices send more often than this. Uptimes further apart do not count seconds, but something finer.
_LONGEST_INTERVAL_S: Final = 5_000.0

UPTIME: Final = "uptime"


class Told(NamedTuple):
    """A time as a device's clock has it."""

    at: datetime
    unset: str = ""  # where a clock that is not set counts from: an instant or "uptime"; "" if the clock is set
    ticks: float | None = None  # an uptime as it was sent


def per_second(number: float) -> int:
    """Return how many of a number's unit make a second, by its magnitude."""
    size = abs(number)
    return next((per for least, per in _SCALES if size >= least), 1)


def from_number(number: float, *, latest: datetime) -> Told:
    """Read a number without a unit: a count of seconds before 2005 or beyond `latest` can only be an uptime.

    So can a finer one before 2005, except of milliseconds, in which programs write real old times. A negative number
    is history, because no counter runs backwards.

    :raises OverflowError: it is outside the calendar.
    :raises ValueError: it is not a number.
    """
    per = per_second(number)
    at = _at(number, per)
    is_early, is_late = at < FIRST_PLAUSIBLE and per != 10**3, at > latest and per == 1
    return Told(at, UPTIME, number) if number >= 0 and (is_early or is_late) else from_instant(at)


def _at(number: float, per: int) -> datetime:
    if per == 1:
        return EPOCH + timedelta(seconds=number)
    return EPOCH + timedelta(microseconds=number * 1000 if per == 10**3 else number if per == 10**6 else number / 1000)


def from_instant(at: datetime) -> Told:
    """Check an instant of text, or of a number whose unit is known."""
    return Told(at, default_of(at))


def default_of(at: datetime) -> str:
    """Return the default that an instant is near, as text, or ""."""
    if at.year > 2000 or at.year not in _YEARS:
        return ""
    for begin, span in DEFAULTS:
        if (begin - _WIDEST_OFFSET if begin.year > 1 else begin) <= at < begin + span:
            return begin.date().isoformat()
    return ""


def is_history(told: Sequence[Told]) -> bool:
    """Return whether a request or a file holds old readings, so that none of its times is that of a clock not set."""
    if any(not each.unset and each.at < FIRST_PLAUSIBLE for each in told):
        return True
    instants = {each.at for each in told}
    if len(instants) < _FEWEST_OF_HISTORY or any(at.second or at.microsecond for at in instants):
        return False
    first, last = min(instants), max(instants)
    is_long = last - first > _SHORTEST_HISTORY and first >= _IMPOSSIBLE and not EPOCH <= last < EPOCH + _MONTH
    return is_long and _unit_s([each.ticks for each in told if each.ticks is not None]) == 1.0


def placed(told: Sequence[Told], *, received_at: datetime) -> list[tuple[datetime, bool]]:
    """Return the instant of each reading of one request, and whether its clock was set.

    Readings of one clock that is not set keep their distances, and the newest is the arrival.
    """
    if not any(each.unset for each in told):
        return [(each.at, True) for each in told]
    history = is_history(told)
    is_unset = [bool(each.unset) and not (history and _may_be_history(each)) for each in told]
    newest = _newest(each for each, unset in zip(told, is_unset, strict=True) if unset)
    unit_s = _unit_s([each.ticks for each in told if each.ticks is not None])
    return [
        (received_at - _distance(newest[each.unset], each, unit_s), False) if unset else (each.at, True)
        for each, unset in zip(told, is_unset, strict=True)
    ]


def _may_be_history(each: Told) -> bool:
    return _IMPOSSIBLE <= each.at < FIRST_PLAUSIBLE


def _newest(unset: Iterable[Told]) -> dict[str, Told]:
    """Return the newest time of each clock."""
    newest: dict[str, Told] = {}
    for each in unset:
        known = newest.setdefault(each.unset, each)
        if (each.ticks or 0.0, each.at) > (known.ticks or 0.0, known.at):
            newest[each.unset] = each
    return newest


def _distance(newest: Told, each: Told, unit_s: float) -> timedelta:
    if newest.ticks is None or each.ticks is None:
        return newest.at - each.at
    return timedelta(seconds=(newest.ticks - each.ticks) * unit_s)


def _unit_s(counts: Sequence[float]) -> float:
    """Return the unit of uptimes in seconds: the coarsest in which they are as close together as readings are."""
    if len(counts) < 2:
        return 1.0
    ordered = sorted(set(counts))
    gap = min((after - before for before, after in pairwise(ordered)), default=0.0)
    spread, largest = ordered[-1] - ordered[0], ordered[-1]
    for unit_s in (1.0, 1e-3, 1e-6):
        is_old = largest * unit_s > _FIRST_PLAUSIBLE_S
        if not is_old and gap * unit_s < _LONGEST_INTERVAL_S and spread * unit_s < _YEAR.total_seconds():
            return unit_s
    return 1e-9
