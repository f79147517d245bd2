"""Times that say no zone, as many devices write them."""

from datetime import datetime, timedelta

# The zones of the world differ from UTC by multiples of this, +05:45 being the finest.
STEP = timedelta(minutes=15)
_WIDEST = timedelta(hours=14, minutes=15)  # UTC+14 and UTC-12 are the widest in use


def nearest(text: object, *, received_at: datetime) -> str | None:
    """Give a local time the zone that fits its arrival best; None where there is no such time.

    A message takes seconds, zones are quarters of an hour apart. So the zone is known for what comes at once, without
    anybody having set it, and a message that is delivered twice has the same instant both times. What was kept
    somewhere for longer is put near its arrival, as if it had no time at all.
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
        return None  # a clock that was never set, or a message that lay somewhere for days
    return (as_utc - ahead).isoformat()
