"""The tick marks of a chart's axes, in per cent of its box, and their labels."""

from collections.abc import Iterable
from datetime import datetime, time, timedelta
from typing import Final, NamedTuple

from sensorfusion.reports.charts.labels import mark_labels
from sensorfusion.reports.charts.spans import RangeName
from sensorfusion.reports.geometry import ticks
from sensorfusion.web.values.clock import clock, first_weekday
from sensorfusion.web.values.dates import day_of_month, short_month
from sensorfusion.web.values.display import Display


class Tick(NamedTuple):
    """`place` in per cent; a strong one begins a day or a month."""

    place: str
    label: str
    is_strong: bool = False

    @property
    def is_near_end(self) -> bool:
        """Whether half of a label in the middle of its mark might be cut off, on a telephone."""
        return float(self.place.rstrip("%")) > _NEAR_END


_STEP_MIN: Final[dict[RangeName, int]] = {"5m": 1, "1h": 10, "6h": 60, "24h": 180, "7d": 1440}
_DAY_S: Final = 86400
_NEAR_END: Final = 95.0  # per cent
_WEEKS_UP_TO: Final = timedelta(days=92)  # fixed spans; longer ones have marks of months

AIR: Final = 0.08  # share of the drawn range, above and below it
ZERO_AIR: Final = 1.12  # times the highest bar or wind
MARKS: Final = 5
LEAST_STEP: Final = 0.01  # of an axis where all is zero
NEAREST: Final = 10  # marks of unequal steps that an axis has room for
NOISE: Final = 20  # least span of an axis in units of the last digit, whose noise must not look like weather


class Scale(NamedTuple):
    """Canonical bounds of an axis and its marks."""

    low: float
    high: float
    marks: list[Tick]


def value_scale(low: float, high: float, shown: Display, *, from_zero: bool, strip: float = 0.0) -> Scale:
    """Return bounds with a margin around the values, as the page's script does, and marks at round numbers of the unit.

    :param from_zero: for quantities drawn from zero: bars, and speeds.
    :param strip: share of the axis to leave free below zero.
    """
    first, last = (value * shown.factor + shown.offset for value in (low, high))
    least = NOISE * (shown.step(max(abs(first), abs(last))) or LEAST_STEP)
    if from_zero:
        last = max(last * ZERO_AIR, least)
        first = -last * strip
    else:
        air = max((last - first) * AIR, (least - (last - first)) / 2)
        first, last = first - air, last + air
    round_numbers = starts([0, *shown.steps.starts], last - first) if shown.steps else ticks(first, last, count=MARKS)
    marks = [mark for mark in round_numbers if first <= mark <= last and (mark >= 0 or not from_zero)]
    placed = [
        Tick(f"{(last - mark) / (last - first) * 100:.2f}%", label)
        for mark, label in zip(marks, mark_labels(marks, shown), strict=True)
    ]
    return Scale((first - shown.offset) / shown.factor, (last - shown.offset) / shown.factor, placed)


def starts(every: Iterable[float], span: float) -> list[float]:
    """Return where the numbers of a unit with steps begin, without those too near to the one before."""
    found: list[float] = []
    for start in every:
        if not found or start - found[-1] >= span / NEAREST:
            found.append(start)
    return found


def time_ticks(start: datetime, end: datetime, name: RangeName) -> list[Tick]:
    """Return marks at round times of the local clock between two instants of one zone."""
    instants = _instants(start, end, name)
    span = end.timestamp() - start.timestamp()
    return [Tick(f"{(at.timestamp() - start.timestamp()) / span * 100:.2f}%", *_label(at, name)) for at in instants]


def _instants(start: datetime, end: datetime, name: RangeName) -> list[datetime]:
    if name == "30d" or (name == "1y" and end - start <= _WEEKS_UP_TO):
        return _weeks(start, end)
    return _months(start, end) if name == "1y" else _steps(start, end, timedelta(minutes=_STEP_MIN[name]))


def _steps(start: datetime, end: datetime, step: timedelta) -> list[datetime]:
    # Adding to the wall clock follows the zone's changes of offset, so every mark is a round local time.
    at, found = datetime.combine(start.date(), time(), start.tzinfo), []
    # The instants of a date that a zone skipped are those of the next one, whose own times come after them.
    while at.timestamp() <= end.timestamp() + _DAY_S:
        if start.timestamp() <= at.timestamp() <= end.timestamp() and _is_shown(at):
            found.append(at)
        at += step
    return found


def _is_shown(at: datetime) -> bool:
    """Return whether the clocks show a time and its date: those that they skip have the instant of another time."""
    return datetime.fromtimestamp(at.timestamp(), at.tzinfo) == at


def _weeks(start: datetime, end: datetime) -> list[datetime]:
    first = first_weekday()
    return [at for at in _steps(start, end, timedelta(days=1)) if at.weekday() == first]


def _months(start: datetime, end: datetime) -> list[datetime]:
    first = datetime(start.year, start.month, 1, tzinfo=start.tzinfo)
    found = [
        first.replace(year=first.year + month // 12, month=month % 12 + 1)
        for month in range(first.month, first.month + 12)
    ]
    return [at for at in found if start.timestamp() <= at.timestamp() <= end.timestamp()]


def _label(at: datetime, name: RangeName) -> tuple[str, bool]:
    if name == "1y" and at.day == 1:
        return (str(at.year) if at.month == 1 else short_month(at)), at.month == 1
    if at.time() == time():
        return day_of_month(at), name != "30d"
    return clock(at), False
