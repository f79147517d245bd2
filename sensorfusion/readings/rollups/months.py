"""Final months, from which records of many years are found, and the days of their extremes."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final, Literal, NamedTuple
from zoneinfo import ZoneInfo

from sensorfusion.domain.weather.climate import Cut, Extreme
from sensorfusion.events.prepared import fetch
from sensorfusion.readings.rollups.buckets import Number, instant
from sensorfusion.readings.rollups.days import Calendar, next_month
from sensorfusion.readings.rollups.final import final_buckets
from sensorfusion.readings.rollups.long_days import EXTREMES
from sensorfusion.readings.rollups.sql import HIGH, LOW

# The first day of each month that has the month's highest or lowest value.
_DAYS_OF: Final = f"""
SELECT place - 1, at, value
FROM unnest(%(names)s::text[], %(numbers)s::int[], %(starts)s::timestamptz[], %(ends)s::timestamptz[])
    WITH ORDINALITY AS asked (name, which, s, e, place) JOIN quantity_name USING (name)
CROSS JOIN LATERAL (
    SELECT extract(epoch FROM start)::float8 AS at, value FROM (
        SELECT start, numbers[array_position(quantities, quantity_name.id)][which] AS value
        FROM rollup_1d WHERE sensor_id = %(sensor)s AND start >= s AND start < e OFFSET 0
    ) AS days WHERE value IS NOT NULL ORDER BY CASE which WHEN {HIGH} THEN -value ELSE value END, start LIMIT 1
) AS found
"""
End = Literal["low", "high"]
_NUMBERS: Final[dict[End, int]] = {"low": LOW, "high": HIGH}


@dataclass(frozen=True, slots=True)
class Months:
    """Months in order of their first days; columns have extremes only. `until` is the day after them."""

    dates: Sequence[date]
    columns: dict[str, Cut]
    until: date | None


class Peak(NamedTuple):
    """The highest or lowest value of a quantity in the month that begins with `first`."""

    name: str
    end: End
    first: date


def final_months(sensor: int, quantities: Sequence[str], *, start: datetime, end: date, calendar: Calendar) -> Months:
    """Return the final months before `end`, the first day of a month."""
    zone = ZoneInfo(calendar.time_zone)
    asked = [(name, EXTREMES) for name in quantities]
    rows = final_buckets("1mo", sensor, asked, start=start, end=calendar.begin(end), calendar=calendar)
    dates = [instant(row[0]).astimezone(zone).date() for row in rows]
    columns = {
        name: Cut([], _column(rows, 2 * place + 1), _column(rows, 2 * place + 2))
        for place, name in enumerate(quantities)
    }
    return Months(dates, columns, next_month(dates[-1]) if dates else None)


def _column(rows: Sequence[Sequence[Number]], place: int) -> list[Number]:
    return [row[place] for row in rows]


def days_of(sensor: int, peaks: Collection[Peak], *, calendar: Calendar) -> dict[Peak, Extreme]:
    """Look up the days on which final months had their highest or lowest values, in one query."""
    each = list(dict.fromkeys(peaks))
    if not each:
        return {}
    asked = {
        "sensor": sensor,
        "names": [peak.name for peak in each],
        "numbers": [_NUMBERS[peak.end] for peak in each],
        "starts": [calendar.begin(peak.first) for peak in each],
        "ends": [calendar.begin(next_month(peak.first)) for peak in each],
    }
    zone = ZoneInfo(calendar.time_zone)
    return {
        each[place]: Extreme(value, instant(at).astimezone(zone).date()) for place, at, value in fetch(_DAYS_OF, asked)
    }
