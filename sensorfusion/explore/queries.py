"""Reads the chosen series: those that the operator may see, all of them in one resolution."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

from sensorfusion.accounts.models import Operator
from sensorfusion.domain.quantities import Quantity, quantity
from sensorfusion.explore.selection import SeriesName
from sensorfusion.readings.charts.question import ChartQuestion, Resolution
from sensorfusion.readings.charts.questions import chart_question
from sensorfusion.readings.charts.series import DoesNotFit, Series, series
from sensorfusion.readings.rollups.buckets import WIDTHS, Column
from sensorfusion.readings.rollups.days import Calendar
from sensorfusion.readings.storage.snapshots import snapshot
from sensorfusion.reports.queries import Station, stations
from sensorfusion.sensors.queries import visible_sensors

POINTS_MOST: Final = 5_000
ORDER: Final[tuple[Resolution, ...]] = ("raw", "5m", "1h", "1d")  # from fine to coarse


@dataclass(frozen=True, slots=True)
class Chosen:
    """A quantity of a sensor that the operator may see."""

    station: Station
    name: SeriesName

    @property
    def entry(self) -> Quantity:
        return quantity(self.name.quantity)


@dataclass(frozen=True, slots=True)
class Line:
    """The columns of one series; `t` (epoch seconds) has a row of None in every gap. Some rows may be derived."""

    chosen: Chosen
    t: list[float]
    column: Column
    resolution: Resolution
    days: int = 1
    has_derived: bool = False

    @property
    def width_s(self) -> float:
        """The length of a row: 0 of single readings."""
        return width_s(self.resolution) * self.days


def width_s(resolution: Resolution) -> int:
    """Return the length of the buckets of a resolution, 0 of single readings."""
    return 0 if resolution == "raw" else WIDTHS[resolution]


def chosen_of(*, operator: Operator, names: Sequence[SeriesName], now: datetime) -> list[Chosen]:
    """Return the chosen series in the order given, without those that the operator may not see."""
    found = visible_sensors(operator).select_related("site").filter(uuid__in={name.sensor for name in names})
    by_uuid = {station.sensor.uuid: station for station in stations(list(found), now=now)}
    return [Chosen(by_uuid[name.sensor], name) for name in names if name.sensor in by_uuid]


def lines(
    chosen: Sequence[Chosen],
    *,
    start: datetime,
    end: datetime,
    points: int,
    resolution: Resolution | None = None,
    are_rounded: bool = True,
) -> list[Line]:
    """Return the columns of all series in the finest resolution in which each has at most `points` rows.

    Days are those of the first series' site, so that the rows of all series are of the same days.

    :param are_rounded: False for what is not shown itself, but what figures are computed from.
    :raises DoesNotFit: if the requested resolution has too many rows.
    """
    if not chosen:
        return []
    asked = [
        replace(question, is_rounded=are_rounded)
        for question in questions(chosen, start=start, end=end, points=points, resolution=resolution)
    ]
    with snapshot():  # of all sensors, so that they are compared as of one instant
        found = _in_one_resolution(asked)
    by_sensor = {question.sensor: each for question, each in zip(asked, found, strict=True)}
    return [_line(each, by_sensor[each.station.sensor.id]) for each in chosen]


def _in_one_resolution(asked: Sequence[ChartQuestion]) -> list[Series]:
    found: list[Series] = []
    for question in asked:
        found.append(_as_coarse(question, found))
    common = max((each.resolution for each in found), key=ORDER.index)
    is_wide = any(each.days > 1 for each in found)
    return [
        each if each.resolution == common and not is_wide else _again(each, question, common)
        for each, question in zip(found, asked, strict=True)
    ]


def _again(found: Series, question: ChartQuestion, common: Resolution) -> Series:
    """Read a sensor in the common resolution; rows of several days stay if single ones are too many."""
    try:
        return series(_in(question, common))
    except DoesNotFit:
        if found.resolution != common:
            raise
        return found


def _as_coarse(question: ChartQuestion, before: Sequence[Series]) -> Series:
    """Read a sensor as coarse as those before it, or coarser: to find the finest resolution of each would take longer.

    Single readings are always asked for without a resolution: some may be removed, and only rollups are left.
    """
    common = ORDER[max((ORDER.index(each.resolution) for each in before), default=0)]
    if question.resolution is not None or common == "raw":
        return series(question)
    try:
        return series(replace(question, resolution=common))
    except DoesNotFit:
        return series(question)


def questions(
    chosen: Sequence[Chosen], *, start: datetime, end: datetime, points: int, resolution: Resolution | None = None
) -> list[ChartQuestion]:
    """Return one question for each sensor, about all its chosen quantities."""
    by_sensor: dict[int, list[Chosen]] = {}
    for each in chosen:
        by_sensor.setdefault(each.station.sensor.id, []).append(each)
    calendar = calendar_of(chosen)
    return [
        chart_question(
            sensor=group[0].station.sensor,
            newest=group[0].station.newest,
            quantities=list(dict.fromkeys(each.name.quantity for each in group)),
            start=start,
            end=end,
            points=points,
            resolution=resolution,
            calendar=calendar,
        )
        for group in by_sensor.values()
    ]


def calendar_of(chosen: Sequence[Chosen]) -> Calendar:
    """Return the calendar of all rows of days: that of the first series' site."""
    return chosen[0].station.calendar if chosen else Calendar()


def _in(question: ChartQuestion, resolution: Resolution) -> ChartQuestion:
    return replace(question, resolution=resolution, points=POINTS_MOST)


def _line(chosen: Chosen, found: Series) -> Line:
    name = chosen.name.quantity
    column = found.columns.get(name) or Column([], [], [])
    t = found.t if column.value else []
    return Line(chosen, t, column, found.resolution, found.days, has_derived=name in found.derived)
