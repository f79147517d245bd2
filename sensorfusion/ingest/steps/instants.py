"""Parses the time of an observation: RFC 3339, epoch seconds or epoch milliseconds; if absent, the time of arrival."""

from datetime import UTC, datetime, timedelta

# Rounding and small drift are normal; beyond this the clock is wrong and the reading is flagged (see `is_ahead`).
AHEAD = timedelta(minutes=5)
# The clock of a device that lost its time is often off by years; forecasts and time-zone mistakes stay well below.
FURTHEST_AHEAD = timedelta(days=31)
EARLIEST = datetime(1850, 1, 1, tzinfo=UTC)  # about when the oldest continuous instrument records in wide use begin
# 10^11 seconds is the year 5138 and 10^11 milliseconds is 1973: a larger number counts milliseconds.
MILLISECONDS_FROM = 1e11


class BadInstant(Exception):
    """The time cannot be used; `code` is one of the platform's error codes."""

    def __init__(self, code: str, detail: str) -> None:
        super().__init__(detail)
        self.code = code
        self.detail = detail


def observed_at(raw: object, *, received_at: datetime) -> datetime:
    """Return the instant of an observation, aware and in UTC.

    :raises BadInstant: with code bad_time, no_time_zone, in_the_future or too_old.
    """
    if raw is None or raw == "":
        return received_at
    instant = _from_text(raw) if isinstance(raw, str) else _from_epoch(raw, received_at)
    if instant > received_at and instant > received_at + FURTHEST_AHEAD:
        raise BadInstant("in_the_future", f"{raw} is more than {FURTHEST_AHEAD.days} days ahead of the server's clock")
    if instant < EARLIEST:
        raise BadInstant("too_old", f"{raw} is before {EARLIEST.year}")
    return instant


def is_ahead(instant: datetime, *, received_at: datetime) -> bool:
    """Return whether the sensor's clock must be wrong; such a reading is stored, flagged, and never the newest."""
    return instant > received_at + AHEAD


def _from_text(text: str) -> datetime:
    try:
        instant = datetime.fromisoformat(text)
    except ValueError:
        return _from_epoch(_number(text), _EPOCH)
    if instant.tzinfo is None:
        raise BadInstant("no_time_zone", f"{text!r} has no time zone: end it with Z or an offset such as +01:00")
    if instant.tzinfo is UTC:
        return instant
    try:
        return instant.astimezone(UTC)
    except OverflowError:
        raise BadInstant("bad_time", f"{text!r} is outside the calendar") from None


def _number(text: str) -> float:
    try:
        return float(text)
    except ValueError:
        raise BadInstant(
            "bad_time", f"{text[:64]!r} is not a time: send RFC 3339 such as 2026-11-22T06:00:00Z"
        ) from None


def _from_epoch(raw: object, received_at: datetime) -> datetime:
    if isinstance(raw, bool) or not isinstance(raw, int | float | datetime | timedelta):
        raise BadInstant("bad_time", "the time is neither text nor a number")
    try:
        if isinstance(raw, datetime):  # already parsed by a door that knows its client's clock
            return raw.astimezone(UTC)
        if isinstance(raw, timedelta):  # relative to the arrival, mostly negative
            return received_at + raw
        if abs(raw) >= MILLISECONDS_FROM:
            return _EPOCH + timedelta(milliseconds=raw)
        return _EPOCH + timedelta(seconds=raw)
    except (OverflowError, ValueError):
        raise BadInstant("bad_time", f"{raw} is outside the calendar") from None


_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
