"""How long single readings are kept: whole months of UTC, so that what expires is a month of the table at a time."""

from datetime import UTC, datetime

FOR_EVER = 0  # months


def kept_from(*, now: datetime, months: int) -> datetime | None:
    """Return the instant from which readings are kept: the first of the month that many before the present one.

    None where they are kept for ever. `now` is aware; months are those of UTC.
    """
    if months == FOR_EVER:
        return None
    now = now.astimezone(UTC)
    number = now.year * 12 + now.month - 1 - months
    return datetime(max(number // 12, 1), number % 12 + 1, 1, tzinfo=UTC)
