"""Finds the instants of observations: RFC 3339, epoch numbers, local times of devices; without a time, the arrival.

Clocks that are not set are recognised by `domain.device_clock`, and local times are read by the sensor's rule.
"""

import re
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import NamedTuple
from zoneinfo import ZoneInfo

from sensorfusion.domain.device_clock import (
    EPOCH,
    FIRST_PLAUSIBLE,
    UPTIME,
    Rule,
    Stamp,
    Told,
    from_instant,
    from_number,
    from_stamp,
    placed,
)
from sensorfusion.domain.device_clock.local_time import AS_UTC
from sensorfusion.ingest.steps.batch import Sent, Source

# The clock of a device that lost its time is often off by years; forecasts and time-zone mistakes stay well below.
FURTHEST_AHEAD = timedelta(days=31)
EARLIEST = datetime(1850, 1, 1, tzinfo=UTC)  # about when the oldest continuous instrument records in wide use begin
_NO_TIME = datetime(1, 1, 1, tzinfo=UTC)
_UPTIMES = timedelta(days=366)  # a file's epoch numbers before this are uptimes or a spreadsheet's days
# The registers of a calendar chip that was never set: no such month or day.
_ZEROS = re.compile(r"\d{4}-00-00\b|0000-", re.ASCII)
# RFC 3339 allows them, and receivers of satellites say them; Python's calendar has none.
_LEAP_SECOND = re.compile(r"(\d{4}-\d\d-\d\d[T ]\d\d:59):60(.*)", re.ASCII)


class BadInstant(Exception):
    """The time cannot be used; `code` is one of the platform's error codes."""

    def __init__(self, code: str, detail: str) -> None:
        super().__init__(detail)
        self.code = code
        self.detail = detail


class Dated(NamedTuple):
    """The instant of an observation, and whether the device's clock was set."""

    at: datetime
    is_set: bool = True


def rule_of(source: Source | None) -> Rule:
    """Return how a sensor's local times are read; without a sensor, as UTC."""
    return Rule(_zone(source.time_zone), source.utc_offset_s) if source else AS_UTC


def dates(
    sent: Iterable[Sent], *, received_at: datetime, source: Source | None = None, is_import: bool = False
) -> list[Dated | BadInstant]:
    """Return the instant of each reading of one request, aware and in UTC, or why it cannot be used."""
    rule = rule_of(source)
    told = [_told_or_bad(one.observed_at, received_at, rule) for one in sent]
    if [each for each in told if isinstance(each, Told) and each.unset]:
        return [_imported(each) for each in told] if is_import else _placed(told, received_at)
    return [each if isinstance(each, BadInstant) else Dated(each.at) for each in told]


def observed_at(raw: object, *, received_at: datetime) -> datetime:
    """Return the instant of a single observation.

    :raises BadInstant: with code bad_time, no_time_zone, in_the_future or too_old.
    """
    [dated] = dates([Sent({}, raw)], received_at=received_at)
    if isinstance(dated, BadInstant):
        raise dated
    return dated.at


def _placed(told: Sequence[Told | BadInstant], received_at: datetime) -> list[Dated | BadInstant]:
    usable = iter(placed([each for each in told if isinstance(each, Told)], received_at=received_at))
    return [each if isinstance(each, BadInstant) else Dated(*next(usable)) for each in told]


def _imported(each: Told | BadInstant) -> Dated | BadInstant:
    """Return the instant of a row of a file: history may begin anywhere, but uptimes and far futures are no times."""
    if isinstance(each, BadInstant):
        return each
    if not EARLIEST <= each.at < FIRST_PLAUSIBLE or (each.ticks is not None and each.at < EPOCH + _UPTIMES):
        return BadInstant("clock_not_set", f"{each.at:%Y-%m-%d %H:%M} is the time of a clock that was not set")
    return Dated(each.at)


def _told_or_bad(raw: object, received_at: datetime, rule: Rule) -> Told | BadInstant:
    if raw is None or raw == "":
        return Told(received_at)
    try:
        told = _told(raw, received_at, rule)
    except BadInstant as bad:
        return bad
    except (OverflowError, ValueError):
        return BadInstant("bad_time", f"{str(raw)[:64]} is outside the calendar")
    if told.unset:
        return told
    if told.at > received_at and told.at > received_at + FURTHEST_AHEAD:
        detail = f"{raw} is more than {FURTHEST_AHEAD.days} days ahead of the server's clock"
        return BadInstant("in_the_future", detail)
    return told if told.at >= EARLIEST else BadInstant("too_old", f"{raw} is before {EARLIEST.year}")


def _told(raw: object, received_at: datetime, rule: Rule) -> Told:
    if isinstance(raw, str):
        return _from_text(raw, received_at)
    if isinstance(raw, int | float) and not isinstance(raw, bool):
        return from_number(raw, latest=received_at + FURTHEST_AHEAD)
    if isinstance(raw, datetime):  # already parsed by a door that knows its client's clock
        return from_instant(raw.astimezone(UTC) if raw.tzinfo else rule.in_order(raw))
    if isinstance(raw, timedelta):  # relative to the arrival; nothing is observed after it, so it counts from a start
        at = received_at + raw
        return Told(at, UPTIME, raw.total_seconds()) if raw > timedelta(0) else Told(at)
    if isinstance(raw, Stamp):
        return from_stamp(raw, received_at=received_at)
    raise BadInstant("bad_time", "the time is neither text nor a number")


def _from_text(text: str, received_at: datetime) -> Told:
    try:
        instant = datetime.fromisoformat(text)
    except ValueError:
        if _ZEROS.match(text):
            return from_instant(_NO_TIME)
        if leap := _LEAP_SECOND.fullmatch(text):
            return _next_second(_from_text(f"{leap[1]}:59{leap[2]}", received_at))
        return from_number(_number(text), latest=received_at + FURTHEST_AHEAD)
    if instant.tzinfo is None:
        raise BadInstant("no_time_zone", f"{text!r} has no time zone: end it with Z or an offset such as +01:00")
    return from_instant(instant if instant.tzinfo is UTC else instant.astimezone(UTC))


def _next_second(told: Told) -> Told:
    """Return the instant a second later, which POSIX time gives the name of a leap second."""
    return told._replace(at=told.at + timedelta(seconds=1))


def _number(text: str) -> float:
    try:
        return float(text)
    except ValueError:
        raise BadInstant(
            "bad_time", f"{text[:64]!r} is not a time: send RFC 3339 such as 2026-11-22T06:00:00Z"
        ) from None


@lru_cache(maxsize=1024)
def _zone(name: str) -> ZoneInfo:
    return ZoneInfo(name)
