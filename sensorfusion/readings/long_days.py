"""Days of many years at once: settled ones as they were rolled up, and only the last few put together by `buckets`.

Ten years of days of one quantity are read in some milliseconds so, most of which goes into moving the numbers: ask for
no more of them than needed.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from itertools import accumulate
from typing import Final, Literal
from zoneinfo import ZoneInfo

from sensorfusion.domain.quantities import Combine, quantity
from sensorfusion.readings.buckets import EXTRA_DECIMALS, MIN_STEADINESS, Column, Number, buckets, instant
from sensorfusion.readings.days import Calendar
from sensorfusion.readings.settled import Rows, settled

Only = Literal["value", "extremes"]
DAY: Final = timedelta(days=1)

# A direction is the mean of unit vectors, whose parts are kept as total and lowest.
_VALUES: Final[dict[Combine, str]] = {
    "mean": "numbers[{p}][1] / coalesce(counts[{p}], count)",
    "sum": "numbers[{p}][1]",
    "counter": "numbers[{p}][5]",
    "last": "numbers[{p}][5]",
    "vector": "CASE WHEN sqrt(numbers[{p}][1] ^ 2 + numbers[{p}][2] ^ 2) / coalesce(counts[{p}], count)"
    f" >= {MIN_STEADINESS} THEN atan2d(numbers[{{p}}][1], numbers[{{p}}][2]) END",
}
EXTREMES: Final = "numbers[{p}][2], numbers[{p}][3]"
_NO_EXTREMES: Final = "NULL, NULL"
_COUNTED: Final = "numbers[{p}][4], numbers[{p}][5], numbers[{p}][1]"


def long_days(
    sensor: int,
    quantities: Sequence[str],
    *,
    start: datetime,
    end: datetime,
    calendar: Calendar,
    only: Only | None = None,
) -> tuple[list[float], dict[str, Column]]:
    """Return where the days of [start, end) begin (epoch seconds) and their columns; those of counters have extras.

    Both ends have to be beginnings of days.

    :param only: which numbers are needed, the values (with the extras) or the extremes; others may be None.
    """
    asked = [(name, _selected(name, only)) for name in quantities]
    rows = settled("1d", sensor, asked, start=start, end=end, calendar=calendar)
    columns = _columns(quantities, rows)
    t: list[float] = [row[0] for row in rows]
    begin = _day_after(t[-1], calendar) if t else start
    if begin >= end:
        return t, columns
    recent = buckets(
        sensor,
        quantities,
        start=begin,
        end=end,
        width="1d",
        time_zone=calendar.time_zone,
        day_starts_h=calendar.day_starts_h,
        extras=any(quantity(name).combine == "counter" for name in quantities),
    )
    return t + recent.t, {name: _joined(column, recent.columns[name]) for name, column in columns.items()}


def _selected(name: str, only: Only | None) -> str:
    combine = quantity(name).combine
    value = "NULL" if only == "extremes" else _VALUES[combine]
    extremes = _NO_EXTREMES if only == "value" or combine == "vector" else EXTREMES
    return ", ".join([value, extremes, _COUNTED] if combine == "counter" else [value, extremes])


def _columns(quantities: Sequence[str], rows: Rows) -> dict[str, Column]:
    """Take the rows apart: value, lowest and highest of each quantity, of counters also first, last and growth."""
    each_has = [6 if quantity(name).combine == "counter" else 3 for name in quantities]
    turned = [list(column) for column in zip(*rows, strict=True)] if rows else [[] for _ in range(1 + sum(each_has))]
    begins = accumulate(each_has, initial=1)
    return {
        name: _column(name, *turned[begin : begin + many])
        for name, begin, many in zip(quantities, begins, each_has, strict=False)
    }


def _column(name: str, value: list[Number], low: list[Number], high: list[Number], *extras: list[Number]) -> Column:
    entry = quantity(name)
    if entry.combine == "vector":
        value = [None if each is None else round(each % 360, 1) for each in value]
    else:
        value = [None if each is None else round(each, entry.decimals + EXTRA_DECIMALS) for each in value]
    return Column(value, low, high, [], *extras)


def _day_after(t: float, calendar: Calendar) -> datetime:
    return calendar.begin(instant(t).astimezone(ZoneInfo(calendar.time_zone)).date() + DAY)


def _joined(settled: Column, recent: Column) -> Column:
    return Column(
        settled.value + recent.value,
        settled.low + recent.low,
        settled.high + recent.high,
        [],
        settled.first + recent.first,
        settled.last + recent.last,
        settled.growth + recent.growth,
    )
