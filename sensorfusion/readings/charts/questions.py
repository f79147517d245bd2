"""Builds chart questions: which of the requested quantities are stored, derived, or derived for the time before."""

from collections.abc import Sequence
from datetime import datetime

from sensorfusion.domain.weather.derivation import derivable, joinable
from sensorfusion.readings import queries
from sensorfusion.readings.charts.joined import only_needed
from sensorfusion.readings.charts.question import ChartQuestion, Resolution
from sensorfusion.readings.rollups.days import Calendar
from sensorfusion.sensors.models import Sensor


def chart_question(
    *,
    sensor: Sensor,
    newest: queries.Newest,
    quantities: Sequence[str],
    start: datetime,
    end: datetime,
    points: int,
    resolution: Resolution | None = None,
    calendar: Calendar | None = None,
) -> ChartQuestion:
    """Return the question for quantities of a sensor (selected with its site) over [start, end).

    :param calendar: whose days are asked for; default: those of the sensor's site.
    """
    place, sent = queries.place_of(sensor), set(newest.values)
    offered = derivable(sent, place, earlier=True)
    question = ChartQuestion(
        sensor=sensor.id,
        quantities=tuple(quantities),
        start=start,
        end=end,
        calendar=calendar or Calendar(sensor.site.time_zone, sensor.site.day_starts_h),
        points=points,
        resolution=resolution,
        derived={name: offered[name] for name in quantities if name in offered},
        joined=joinable(sent, place, asked=quantities),
        place=place,
    )
    return only_needed(question)
