"""The clocks of devices: not set (`not_set`), ahead (`ahead`), or set to a local time without a zone (`local_time`)."""

from sensorfusion.domain.device_clock.ahead import AHEAD, is_ahead
from sensorfusion.domain.device_clock.local_time import IN_TIME, Rule, fitting
from sensorfusion.domain.device_clock.not_set import (
    EPOCH,
    FIRST_PLAUSIBLE,
    UPTIME,
    Told,
    default_of,
    from_instant,
    from_number,
    is_history,
    per_second,
    placed,
)
from sensorfusion.domain.device_clock.stamps import Stamp, from_stamp

__all__ = [
    "AHEAD",
    "EPOCH",
    "FIRST_PLAUSIBLE",
    "IN_TIME",
    "UPTIME",
    "Rule",
    "Stamp",
    "Told",
    "default_of",
    "fitting",
    "from_instant",
    "from_number",
    "from_stamp",
    "is_ahead",
    "is_history",
    "per_second",
    "placed",
]
