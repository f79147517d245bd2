"""The chart of an alert in an e-mail: its quantity from before it began until now, with the limits, as a PNG.

Mail programs know neither our styles nor the reader's theme, so it has colours and a background of its own.
"""

import logging
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.template.loader import render_to_string

from sensorfusion.alerts.models import Alert
from sensorfusion.alerts.sentences import Words
from sensorfusion.alerts.showing.derived import judged_now
from sensorfusion.alerts.showing.traces import bounds, limits_of, readings, spanned, than_of
from sensorfusion.domain.normalise import is_number
from sensorfusion.domain.quantities import quantity
from sensorfusion.mail.message import Picture
from sensorfusion.readings.models import SensorState
from sensorfusion.reports.geometry import Box, number, polyline
from sensorfusion.reports.words import clock, day
from sensorfusion.sensors.naming.queries import presentation_of
from sensorfusion.web.png import has_png, picture_png
from sensorfusion.web.values.clock import Habits, read_by
from sensorfusion.web.values.display import Display

WIDTH, HEIGHT = 928, 360  # twice what it is shown at
PLOT_WIDTH, PLOT_HEIGHT = 896, 270  # the place in chart.svg

_log = logging.getLogger(__name__)


def chart(alert: Alert, *, system: str, habits: Habits, alt: str, now: datetime) -> Picture | None:
    """Draw an alert; None without numbers, or without the extra `pictures`."""
    if not has_png() or not is_number(alert.value) or quantity(alert.quantity).kind == "boolean":
        return None
    with read_by(lambda: habits):
        words = Words(system, presentation_of(alert.sensor))
        svg = chart_svg(alert, words.display(alert.quantity, than_of(alert)), now=now)
    try:
        return Picture(picture_png(svg), alt, WIDTH // 2, HEIGHT // 2) if svg else None
    except ValueError as error:  # such as of a sign in a unit that XML does not have: the message is sent without
        _log.warning("The chart of an alert could not be drawn: %s", error)
        return None


def chart_svg(alert: Alert, shown: Display, *, now: datetime) -> str:
    """Draw an alert as SVG; empty without numbers."""
    start = spanned(alert, now)
    points = readings(alert.sensor_id, alert.quantity, start, now, than=than_of(alert))
    known = [each for each in points if each.y is not None]
    if not known:
        return ""
    limits = limits_of(str(alert.rule_was.get("condition", "")), alert.rule_was)
    low, high = bounds([*(each.y for each in known if each.y is not None), *limits.values()])
    box = Box(start.timestamp(), now.timestamp(), low, high, PLOT_WIDTH, PLOT_HEIGHT)
    zone = ZoneInfo(alert.sensor.site.time_zone)
    context: dict[str, Any] = {
        "line": polyline(points, box).line,
        "limits": [(number(box.y(each)), shown.exact_short(each)) for each in limits.values()],
        **_lasting(alert, box, now),
        "x": number(box.x(known[-1].x)),
        "y": number(box.y(known[-1].y or 0.0)),
        "newest": _newest(alert, shown),
        "start": f"{day(start.astimezone(zone))}, {clock(start.astimezone(zone))}",
        "end": clock(now.astimezone(zone)),
    }
    return render_to_string("alerts/chart.svg", context)


def _lasting(alert: Alert, box: Box, now: datetime) -> dict[str, str]:
    begins = max(0.0, box.x(alert.began_at.timestamp()))
    ends = box.x((alert.ended_at or now).timestamp())
    return {"begins": number(begins), "lasts": number(max(0.0, ends - begins))}


def _newest(alert: Alert, shown: Display) -> str:
    """Return the newest value itself: the line of a long alert ends with a mean."""
    state = SensorState.objects.filter(sensor=alert.sensor_id).values_list("values", flat=True).first() or {}
    value = judged_now(alert.sensor, alert.quantity, than_of(alert), state)
    return shown.text(value) if is_number(value) else ""
