"""Sums of rain up to an instant, from the amounts that our own charts show: bad and excluded ones do not count."""

import math
from datetime import datetime, timedelta
from typing import Final

from sensorfusion.readings.charts.questions import chart_question
from sensorfusion.readings.charts.series import series
from sensorfusion.readings.queries import Newest
from sensorfusion.sensors.models import Sensor

# A counter tells its increase since the reading before, which is looked for this long before the span.
BEFORE: Final = timedelta(hours=1)
POINTS: Final = 5_000  # readings; of sensors that report more often, buckets of 5 minutes
_INSTANT: Final = timedelta(microseconds=1)


def rain_until(sensor: Sensor, newest: Newest, *, since: datetime, until: datetime) -> float | None:
    """Return the rain in mm after `since` until and including `until`; None if none was measured, not even zero."""
    question = chart_question(
        sensor=sensor, newest=newest, quantities=["rain"], start=since - BEFORE, end=until + _INSTANT, points=POINTS
    )
    if "rain" not in question.own and "rain" not in question.derived:
        return None
    found = series(question)
    begin = since.timestamp()
    amounts = [
        amount
        for at, amount in zip(found.t, found.columns["rain"].value, strict=True)
        if at > begin and amount is not None and not math.isnan(amount)
    ]
    return math.fsum(amounts) if amounts else None
