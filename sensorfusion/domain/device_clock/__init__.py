"""The clocks of devices: not set at all (`not_set`), or set to a local time without a zone (`local_time`)."""

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
    "is_history",
    "per_second",
    "placed",
]
