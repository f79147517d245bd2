"""Clocks that are ahead: readings dated after their arrival.

Such a reading is stored and flagged, and counts nowhere: it is never the newest, and no figure includes it, neither
before its instant nor after.
"""

from datetime import datetime, timedelta
from typing import Final

# Rounding and small drift are normal; beyond this the clock is wrong.
AHEAD: Final = timedelta(minutes=5)


def is_ahead(instant: datetime, *, received_at: datetime) -> bool:
    """Return whether a reading of this instant cannot have been observed by its arrival."""
    return instant > received_at + AHEAD
