"""Retention of single readings: whole months of UTC, so that a whole partition expires at once."""

from datetime import UTC, datetime

FOR_EVER = 0  # months


def kept_from(*, now: datetime, months: int) -> datetime | None:
    """Return the instant from which readings are kept: the first of the month, `months` before the present one.

    None if they are kept without limit. `now` is aware; months are those of UTC.
    """
    if months == FOR_EVER:
        return None
    now = now.astimezone(UTC)
    number = now.year * 12 + now.month - 1 - months
    return datetime(max(number // 12, 1), number % 12 + 1, 1, tzinfo=UTC)
