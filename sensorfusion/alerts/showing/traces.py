"""The drawing beside an alert: its quantity before and since, the limits, and the time for which it lasts."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Final
from zoneinfo import ZoneInfo

from django.utils.translation import gettext

from sensorfusion.alerts.models import Alert
from sensorfusion.alerts.showing.derived import derivation
from sensorfusion.domain.alert_rules.conditions import Condition
from sensorfusion.domain.normalise import is_number
from sensorfusion.readings.charts.question import ChartQuestion
from sensorfusion.readings.charts.series import series
from sensorfusion.reports.geometry import Box, Point, number, polyline
from sensorfusion.reports.words import clock, day
from sensorfusion.web.values.display import Display

LEAST: Final = timedelta(hours=3)
MOST: Final = timedelta(days=7)
POINTS: Final = 240
SIZE: Final = 1000.0  # of the drawing, which is stretched over its place
ROOM: Final = 0.12  # of the range, above and below

_HIGH: Final = frozenset({Condition.ABOVE, Condition.OUTSIDE})
_LOW: Final = frozenset({Condition.BELOW, Condition.OUTSIDE})


@dataclass(frozen=True, slots=True)
class Limit:
    """`y` is a percentage from the top, `name` the field of the rule."""

    y: str
    label: str
    name: str


@dataclass(frozen=True, slots=True)
class Trace:
    """`x` and `width` are where the alert lasts, in percent; `said` is the drawing in words."""

    line: str
    limits: list[Limit]
    x: str
    width: str
    start: str
    is_silent: bool
    said: str


def limits_of(condition: str, fields: dict[str, Any]) -> dict[str, float]:
    """Return the limits that a drawing can show, by field: those of a value, not of a change."""
    names = [name for name, kinds in (("high", _HIGH), ("low", _LOW)) if condition in kinds]
    return {name: float(fields[name]) for name in names if is_number(fields.get(name))}


def drawn(limits: dict[str, float], box: Box, shown: Display) -> list[Limit]:
    """Return the limits as lines of a drawing."""
    return [Limit(percent(box.y(each)), shown.exact_short(each), name) for name, each in limits.items()]


def trace(alert: Alert, name: str, shown: Display, *, now: datetime) -> Trace | None:
    """Draw a quantity of the alert's sensor up to now, from before the alert began; None without numbers."""
    start = spanned(alert, now)
    points = readings(alert.sensor_id, name, start, now, than=than_of(alert))
    known = [each.y for each in points if each.y is not None]
    if not known:
        return None
    condition = str(alert.rule_was.get("condition", ""))
    limits = limits_of(condition, alert.rule_was)
    low, high = bounds([*known, *limits.values()])
    box = Box(start.timestamp(), now.timestamp(), low, high, SIZE, SIZE)
    begins = max(0.0, box.x(alert.began_at.timestamp()))
    zone = ZoneInfo(alert.sensor.site.time_zone)
    return Trace(
        line=polyline(points, box).line,
        limits=drawn(limits, box, shown),
        x=percent(begins),
        width=percent(SIZE - begins),
        start=_start(start.astimezone(zone), now.astimezone(zone)),
        is_silent=condition == Condition.SILENT,
        said=_said(shown, known),
    )


def _said(shown: Display, known: Sequence[float]) -> str:
    said = gettext("Between {low} and {high} since then; now {value}.")
    low, high, value = (shown.text(each) for each in (min(known), max(known), known[-1]))
    return said.format(low=low, high=high, value=value)


def spanned(alert: Alert, now: datetime) -> datetime:
    """Return where the drawing of an alert up to now begins."""
    return now - min(max(LEAST, 2 * (now - alert.began_at)), MOST)


def than_of(alert: Alert) -> str:
    """Return the quantity with which the alert's rule compared its own, empty if with none."""
    return str(alert.rule_was.get("than", ""))


def readings(
    sensor: int, name: str, start: datetime, end: datetime, *, points: int = POINTS, than: str = ""
) -> list[Point]:
    """Read the series of a quantity, or of what it has more than another one, with its gaps."""
    names = (name, than) if than else (name,)
    asked = ChartQuestion(
        sensor=sensor,
        quantities=names,
        start=start.astimezone(UTC),
        end=end.astimezone(UTC),
        points=points,
        **derivation(sensor, *names),
    )
    found = series(asked)
    columns = [found.columns[each].value for each in names]
    return [Point(t, _judged(values)) for t, *values in zip(found.t, *columns, strict=True)]


def _judged(values: Sequence[float | None]) -> float | None:
    known = [each for each in values if each is not None]
    return known[0] - sum(known[1:]) if len(known) == len(values) else None


def bounds(values: Sequence[float]) -> tuple[float, float]:
    """Return the lowest and highest value of a drawing, with room around them."""
    low, high = min(values), max(values)
    room = (high - low or abs(high) or 1.0) * ROOM
    return low - room, high + room


def percent(place: float) -> str:
    """Write a place in the drawing as a percentage."""
    return f"{number(place / SIZE * 100, 1)}%"


def _start(at: datetime, now: datetime) -> str:
    return clock(at) if at.date() == now.date() else f"{day(at)}, {clock(at)}"
