"""Local times without a time zone, as many devices send them."""

from datetime import datetime, timedelta

# All time zones differ from UTC by multiples of this, such as +05:45.
STEP = timedelta(minutes=15)
_WIDEST = timedelta(hours=14, minutes=15)  # UTC+14 and UTC-12 are the widest in use


def nearest(text: object, *, received_at: datetime) -> str | None:
    """Add the UTC offset that puts a local time closest to its arrival; return None without a usable time.

    A message takes seconds, and offsets are multiples of a quarter of an hour. So the offset of a message sent
    immediately is known without configuration, and a message that is delivered twice has the same instant both times.
    A message that was buffered for longer gets an instant near its arrival, as if it had no time.
    """
    if not isinstance(text, str):
        return None
    try:
        local = datetime.fromisoformat(text)
    except ValueError:
        return None
    if local.tzinfo is not None:
        return text
    as_utc = local.replace(tzinfo=received_at.tzinfo)
    ahead = round((as_utc - received_at) / STEP) * STEP
    if abs(ahead) > _WIDEST:
        return None  # a clock that was never set, or a message that was buffered for days
    return (as_utc - ahead).isoformat()
