"""A rule tried on a sensor's last days: how often it would have fired, for how long, and a chart with these times."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from sensorfusion.alerts.evaluation.rules import loaded
from sensorfusion.alerts.models import AlertRule
from sensorfusion.alerts.preview import Fired, preview
from sensorfusion.alerts.showing.strips import Mark, mark
from sensorfusion.alerts.showing.suggestions import begins, interval_of
from sensorfusion.alerts.showing.traces import SIZE, Limit, bounds, drawn, limits_of, percent, readings
from sensorfusion.domain.quantities import quantity
from sensorfusion.reports.charts.labels import mark_labels
from sensorfusion.reports.geometry import Box, polyline, ticks
from sensorfusion.reports.words import day, span
from sensorfusion.sensors.models import Sensor
from sensorfusion.web.values.display import Display

POINTS: Final = 500
MARKS_MOST: Final = 300  # of a rule that would have fired all the time
DATES: Final = 6  # along the axis, at most


@dataclass(frozen=True, slots=True)
class Tick:
    place: str
    label: str


@dataclass(frozen=True, slots=True)
class Try:
    """`line` is empty without numbers to draw; `low`, `high` and `step` are of its axis, in the reader's unit.

    `than` is the quantity that is subtracted from the rule's own before it is drawn.
    """

    than: str
    days: int
    count: int
    total: str
    line: str
    marks: list[Mark]
    limits: list[Limit]
    y_ticks: list[Tick]
    x_ticks: list[Tick]
    low: float
    high: float
    step: float


@dataclass(frozen=True, slots=True)
class _Picture:
    line: str = ""
    limits: list[Limit] = field(default_factory=list)
    y_ticks: list[Tick] = field(default_factory=list)
    bounds: tuple[float, float] = (0.0, 0.0)


def tried(rule: AlertRule, sensor: Sensor, *, days: int, shown: Display, now: datetime) -> Try:
    """Try a rule, which is not stored, on a sensor."""
    start = now - timedelta(days=days)
    since = begins(rule, sensor, start)
    fired = preview(loaded(rule), sensor=sensor.pk, start=since, end=now, interval_s=interval_of(sensor))
    picture = _picture(rule, sensor, start, now, shown)
    low, high = (each * shown.factor + shown.offset for each in picture.bounds)
    return Try(
        than=rule.than,
        days=days,
        count=len(fired),
        total=span(sum(_end_s(each, now) - each.fired_at for each in fired)),
        line=picture.line,
        marks=[mark(_at(each.fired_at), _at(_end_s(each, now)), start, now) for each in fired[-MARKS_MOST:]],
        limits=picture.limits,
        y_ticks=picture.y_ticks,
        x_ticks=_dates(start, now, ZoneInfo(sensor.site.time_zone)),
        low=low,
        high=high,
        step=shown.step(max(abs(low), abs(high))),
    )


def _picture(rule: AlertRule, sensor: Sensor, start: datetime, now: datetime, shown: Display) -> _Picture:
    name = rule.quantity
    if not name or quantity(name).kind == "boolean":
        return _Picture()
    points = readings(sensor.pk, name, start, now, points=POINTS, than=rule.than)
    known = [each.y for each in points if each.y is not None]
    if not known:
        return _Picture()
    limits = limits_of(rule.condition, {"high": rule.high, "low": rule.low})
    low, high = bounds([*known, *limits.values()])
    box = Box(start.timestamp(), now.timestamp(), low, high, SIZE, SIZE)
    return _Picture(polyline(points, box).line, drawn(limits, box, shown), _marks(box, shown), (low, high))


def _marks(box: Box, shown: Display) -> list[Tick]:
    """Return marks at round numbers of the reader's unit."""
    low, high = (each * shown.factor + shown.offset for each in (box.low, box.high))
    found = [each for each in ticks(low, high, count=4) if low <= each <= high]
    places = [percent(box.y((each - shown.offset) / shown.factor)) for each in found]
    symbol = "" if shown.symbol[:1] in ("°", "%") else shown.unit
    return [
        Tick(place, text if symbol in text else text + symbol)
        for place, text in zip(places, mark_labels(found, shown), strict=True)
    ]


def _dates(start: datetime, now: datetime, zone: ZoneInfo) -> list[Tick]:
    length = (now - start) / DATES
    instants = [start + length * (place + 0.5) for place in range(DATES)]
    return [Tick(percent((each - start) / (now - start) * SIZE), day(each.astimezone(zone))) for each in instants]


def _end_s(fired: Fired, now: datetime) -> float:
    return now.timestamp() if fired.ended_at is None else fired.ended_at


def _at(epoch_s: float) -> datetime:
    return datetime.fromtimestamp(epoch_s, ZoneInfo("UTC"))
