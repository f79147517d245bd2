"""The rows of the sensor switcher in every page's frame; queried only when the frame is rendered."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone

from sensorfusion.accounts.models import Operator
from sensorfusion.domain.liveness import State
from sensorfusion.reports import queries, words
from sensorfusion.reports.hero import kind, primary
from sensorfusion.reports.kinds.instrument import main_state
from sensorfusion.reports.queries import Station
from sensorfusion.sensors.queries import visible_sensors
from sensorfusion.web.values.reader import units_of

MOST_ROWS: Final = 200  # more would bloat every page; the overview lists all of them
_ANY: Final = UUID(int=0)


@dataclass(frozen=True, slots=True)
class Row:
    """One sensor of the switcher; `why` is empty and `age` is not while the sensor is live."""

    name: str
    site: str
    url: str
    state: State
    value: str
    why: str
    age: str


def switcher(request: HttpRequest) -> dict[str, Callable[[], list[Row]]]:
    """Return the template context with the sensors that the reader may see."""
    return {"switcher": lambda: _rows(request)}


def _rows(request: HttpRequest) -> list[Row]:
    operator = getattr(request, "user", None)
    if not isinstance(operator, Operator):
        return []
    seen = list(visible_sensors(operator).select_related("site").order_by("name", "id")[:MOST_ROWS])
    address, system = reverse("sensor", args=[_ANY]), units_of(request)
    return [_row(each, address, system) for each in queries.stations(seen, now=timezone.now())]


def _row(station: Station, address: str, system: str) -> Row:
    sensor, at = station.sensor, station.observed_at
    return Row(
        name=sensor.name,
        site=sensor.site.name,
        url=address.replace(str(_ANY), str(sensor.uuid)),
        state=station.state,
        value=_value(station, system),
        why=station.why,
        age=words.age(at, now=station.now) if at and station.state == "live" else "",
    )


def _value(station: Station, system: str) -> str:
    """Return the main value with its unit, as the sensor's page and its card show it."""
    name = main_state(station, kind(station)) or primary(station)
    return " ".join(station.display(name, system).parts(station.standing(name))).strip() if name else ""
