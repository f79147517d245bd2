"""Values of the day before at the same time, for comparison with the current ones."""

from sensorfusion.readings.charts.series import Series
from sensorfusion.readings.rollups.buckets import WIDTHS
from sensorfusion.reports.queries import DAY, Station, same_time_s


def same_time(station: Station, before: Series) -> dict[str, float]:
    """Return the numbers of a day before the newest reading: of each the nearest in time, within the tolerance.

    The page's script continues the same series by the same rule (`day-before.js`).
    """
    if station.observed_at is None:
        return {}
    wanted = (station.observed_at - DAY).timestamp()
    within_s = same_time_s(station.interval_s)
    middle_s = 0 if before.resolution == "raw" else WIDTHS[before.resolution] / 2
    found = {}
    for name, column in before.columns.items():
        points = [
            (abs(t + middle_s - wanted), value)
            for t, value in zip(before.t, column.value, strict=True)
            if value is not None
        ]
        distance, value = min(points, default=(within_s + 1, 0.0), key=lambda point: point[0])
        if distance <= within_s:
            found[name] = value
    return found
