"""The rows of the sensor switcher in every page's frame; queried only when the frame is rendered."""

from collections.abc import Callable
from dataclasses import dataclass

from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone

from sensorfusion.accounts.models import Operator
from sensorfusion.domain import liveness
from sensorfusion.sensors.models import Sensor
from sensorfusion.sensors.queries import visible_sensors

MOST_ROWS = 200  # more would bloat every page; the overview lists all of them


@dataclass(frozen=True, slots=True)
class Row:
    """One sensor of the switcher."""

    name: str
    site: str
    url: str
    state: liveness.State


def switcher(request: HttpRequest) -> dict[str, Callable[[], list[Row]]]:
    """Return the template context with the sensors that the reader may see."""
    return {"switcher": lambda: _rows(request)}


def _rows(request: HttpRequest) -> list[Row]:
    operator = getattr(request, "user", None)
    if not isinstance(operator, Operator):
        return []
    seen = visible_sensors(operator).select_related("site", "state").order_by("name", "id")[:MOST_ROWS]
    return [Row(each.name, each.site.name, reverse("sensor", args=[each.uuid]), state_of(each)) for each in seen]


def state_of(sensor: Sensor) -> liveness.State:
    """Return the state of a sensor that was selected with its `state`."""
    state = getattr(sensor, "state", None)
    return liveness.state(
        last_at=state and state.observed_at,
        interval_s=sensor.interval_s or (state and liveness.usual_interval_s(state.deltas)),
        now=timezone.now(),
        status=sensor.status,
    )
