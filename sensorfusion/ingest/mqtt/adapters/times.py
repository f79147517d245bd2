"""Times as devices write them; a local time without a zone stays one, and is placed by what is known of the device."""

import math
import re
from datetime import datetime

_NUMERAL = re.compile(r"-?[0-9]{1,20}(?:\.[0-9]{1,12})?")


def device_time(raw: object) -> object:
    """Return an instant, a local time, or an epoch number; None, which means the arrival, without a usable time."""
    if isinstance(raw, datetime):
        return raw
    if isinstance(raw, int | float):
        return None if isinstance(raw, bool) or not math.isfinite(raw) else raw
    if not isinstance(raw, str):
        return None
    text = raw.strip()
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        return text if _NUMERAL.fullmatch(text) else None
