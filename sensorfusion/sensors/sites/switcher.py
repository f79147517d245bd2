"""The rows of the sensor switcher in every page's frame; queried only when the frame is rendered."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone

from sensorfusion.accounts.models import Operator
from sensorfusion.domain import liveness
from sensorfusion.sensors.models import Sensor
from sensorfusion.sensors.queries import visible_sensors

# Values, not objects: making 200 sensors with their sites and states took most of the time of a page's frame.
_FIELDS = ("name", "site__name", "uuid", "state__observed_at", "state__deltas", "interval_s", "status")
_ANY = UUID(int=0)
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
    seen = visible_sensors(operator).order_by("name", "id").values_list(*_FIELDS)[:MOST_ROWS]
    now, address = timezone.now(), reverse("sensor", args=[_ANY])
    return [
        Row(name, site, address.replace(str(_ANY), str(uuid)), _state(*state, now=now))
        for name, site, uuid, *state in seen
    ]


def _state(
    last_at: datetime | None, deltas: list[float] | None, interval_s: float | None, status: str, *, now: datetime
) -> liveness.State:
    usual_s = interval_s or (liveness.usual_interval_s(deltas) if deltas else None)
    return liveness.state(last_at=last_at, interval_s=usual_s, now=now, status=status)


def state_of(sensor: Sensor) -> liveness.State:
    """Return the state of a sensor that was selected with its `state`."""
    state = getattr(sensor, "state", None)
    return _state(
        state and state.observed_at,
        state and state.deltas,
        sensor.interval_s,
        sensor.status,
        now=timezone.now(),
    )
