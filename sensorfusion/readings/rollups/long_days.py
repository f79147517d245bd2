"""Days of many years at once: final ones from the rollups, and only the last few computed by `buckets`.

Ten years of days of one quantity take some milliseconds, most of them for transferring the numbers: do not request more
than needed.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from itertools import accumulate
from typing import Final, Literal
from zoneinfo import ZoneInfo

from sensorfusion.domain.quantities import Combine, quantity
from sensorfusion.domain.rounding import without_noise
from sensorfusion.events.prepared import fetch_one
from sensorfusion.readings.rollups.buckets import (
    Column,
    Number,
    Table,
    buckets,
    directions,
    instant,
)
from sensorfusion.readings.rollups.days import ALIGNED_SINCE, Calendar
from sensorfusion.readings.rollups.final import Rows, final_buckets
from sensorfusion.readings.rollups.question import Question
from sensorfusion.readings.stored.selection import select

Only = Literal["value", "extremes"]
NOTHING: Final = Table([], [], [], {})
DAY: Final = timedelta(days=1)
RESOLUTION: Final = timedelta(microseconds=1)

_VALUES: Final[dict[Combine, str]] = {
    "mean": "numbers[{p}][1] / coalesce(counts[{p}], count)",
    "sum": "numbers[{p}][1]",
    "counter": "numbers[{p}][5]",
    "last": "numbers[{p}][5]",
}
EXTREMES: Final = "numbers[{p}][2], numbers[{p}][3]"
_NO_EXTREMES: Final = "NULL, NULL"
# The parts of a sum of vectors are stored as `total` and `low`.
_VECTORS: Final = "numbers[{p}][1], numbers[{p}][2], coalesce(counts[{p}], count)"
_COUNTED: Final = (
    "numbers[{p}][4], numbers[{p}][5], numbers[{p}][1],"
    " extract(epoch FROM coalesce(instants[{p}][1], first_at))::float8,"
    " extract(epoch FROM coalesce(instants[{p}][2], last_at))::float8"
)


def long_days(question: Question, *, only: Only | None = None) -> tuple[list[float], dict[str, Column]]:
    """Return the beginnings of the days in [start, end) (epoch seconds) and their columns; counters have extras.

    Both ends must be beginnings of days.

    :param only: the numbers needed: values (with the extras) or extremes; others may be None.
    """
    older, begin = _before_rollups(question)
    calendar, end = question.calendar, question.end
    asked = [(name, _selected(name, only)) for name in question.quantities]
    rows = final_buckets("1d", question.sensor, asked, start=begin, end=end, calendar=calendar)
    columns = _columns(question.quantities, rows)
    t: list[float] = [row[0] for row in rows]
    recent = _made_now(question.over(_day_after(t[-1], calendar) if t else begin, end))
    parts = [part for part in (older.columns, columns, recent.columns) if part]
    return older.t + t + recent.t, {name: _joined([part[name] for part in parts]) for name in question.quantities}


def reaches_before(sensor: int, instant: datetime) -> bool:
    """Return whether a sensor has rolled-up readings from before an instant."""
    # In order, since PostgreSQL would otherwise read the whole table where most of it is of this sensor.
    found = "SELECT FROM rollup_1h WHERE sensor_id = %(sensor)s AND start < %(instant)s ORDER BY start LIMIT 1"
    return fetch_one(found, {"sensor": sensor, "instant": instant}) is not None


_NOT_ROLLED_UP: Final = select(
    "r.observed_at",
    since="coalesce((SELECT rolled_up_until FROM sensor_state WHERE sensor_id = %(sensor)s), '-infinity')",
    before="%(instant)s",
    where='r."values" ?| %(names)s',
    then="ORDER BY r.observed_at DESC LIMIT 1",
)
_LAST_BEFORE: Final = f"""
SELECT greatest((
    SELECT last_at FROM rollup_1h WHERE sensor_id = %(sensor)s AND start < %(instant)s AND quantities &&
    (SELECT array_agg(id) FROM quantity_name WHERE name = ANY(%(names)s)) ORDER BY start DESC LIMIT 1
), (
    {_NOT_ROLLED_UP}
))
"""


def last_before(sensor: int, names: Sequence[str], instant: datetime) -> datetime | None:
    """Return about when one of the quantities was observed last before an instant, however long before."""
    row = fetch_one(_LAST_BEFORE, {"sensor": sensor, "names": list(names), "instant": instant})
    return min(row[0], instant - RESOLUTION) if row and row[0] else None


def _before_rollups(question: Question) -> tuple[Table, datetime]:
    """Compute days from before daily rollups, if there are any; return them and the beginning of the others."""
    kept = next(each for each in question.calendar.borders(ALIGNED_SINCE, ALIGNED_SINCE + DAY) if each >= ALIGNED_SINCE)
    if question.start >= kept or not reaches_before(question.sensor, kept):
        return NOTHING, question.start
    begin = min(kept, question.end)
    return _made_now(question.over(question.start, begin)), begin


def _made_now(question: Question) -> Table:
    if question.start >= question.end:
        return NOTHING
    counts = any(quantity(name).combine == "counter" for name in question.quantities)
    return buckets(question, "1d", extras=counts)


def _selected(name: str, only: Only | None) -> str:
    combine = quantity(name).combine
    if combine == "vector":
        return _VECTORS
    value = "NULL" if only == "extremes" else _VALUES[combine]
    extremes = _NO_EXTREMES if only == "value" else EXTREMES
    return ", ".join([value, extremes, _COUNTED] if combine == "counter" else [value, extremes])


def _columns(quantities: Sequence[str], rows: Rows) -> dict[str, Column]:
    """Split the rows into columns: value, low and high of each quantity, for counters also what bridges them."""
    each_has = [8 if quantity(name).combine == "counter" else 3 for name in quantities]
    turned = [list(column) for column in zip(*rows, strict=True)] if rows else [[] for _ in range(1 + sum(each_has))]
    begins = accumulate(each_has, initial=1)
    return {
        name: _column(name, *turned[begin : begin + many])
        for name, begin, many in zip(quantities, begins, each_has, strict=False)
    }


def _column(name: str, value: list[Number], low: list[Number], high: list[Number], *extras: list[Number]) -> Column:
    combine = quantity(name).combine
    if combine == "vector":
        return directions(value, low, high)
    value = without_noise(value) if combine == "sum" else without_noise(value, low=low, high=high)
    return Column(value, low, high, [], *extras)


def _day_after(t: float, calendar: Calendar) -> datetime:
    return calendar.begin(instant(t).astimezone(ZoneInfo(calendar.time_zone)).date() + DAY)


def _joined(parts: Sequence[Column]) -> Column:
    return Column(
        [each for part in parts for each in part.value],
        [each for part in parts for each in part.low],
        [each for part in parts for each in part.high],
        [],
        [each for part in parts for each in part.first],
        [each for part in parts for each in part.last],
        [each for part in parts for each in part.growth],
        [each for part in parts for each in part.first_at],
        [each for part in parts for each in part.last_at],
        vector=[each for part in parts for each in part.vector],
    )
