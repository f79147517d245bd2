"""The rows of the sensor switcher in every page's frame; queried only when the frame is rendered."""

from collections.abc import Callable, Iterable
from typing import Final
from uuid import UUID

from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import SafeString

from sensorfusion.accounts.models import Operator
from sensorfusion.reports import queries, words
from sensorfusion.reports.hero import kind, primary
from sensorfusion.reports.kinds.instrument import main_state
from sensorfusion.reports.queries import Station
from sensorfusion.sensors.queries import sensors_by_name
from sensorfusion.web.stencils import filled
from sensorfusion.web.values.reader import units_of

MOST_ROWS: Final = 200  # more would bloat every page; the overview lists all of them
_ANY: Final = UUID(int=0)


def switcher(request: HttpRequest) -> dict[str, Callable[[], list[SafeString]]]:
    """Return the template context with a row for each sensor that the reader may see."""
    return {"switcher": lambda: _rows(request)}


def _rows(request: HttpRequest) -> list[SafeString]:
    operator = getattr(request, "user", None)
    if not isinstance(operator, Operator):
        return []
    seen = [each.sensor for each in sensors_by_name(operator, most=MOST_ROWS)]
    return rows_of(queries.stations(seen, now=timezone.now()), system=units_of(request))


def rows_of(stations: Iterable[Station], *, system: str) -> list[SafeString]:
    """Return the rows of these sensors."""
    address = reverse("sensor", args=[_ANY])
    return [_row(each, address, system) for each in stations]


def _row(station: Station, address: str, system: str) -> SafeString:
    """Return the markup of a row, which says why a sensor is not live, or how old its newest reading is."""
    sensor, at = station.sensor, station.observed_at
    age = words.age(at, now=station.now) if at and station.state == "live" else ""
    return filled(
        "web/frame/switcher-row.html",
        url=address.replace(str(_ANY), str(sensor.uuid)),
        state=station.state,
        name=sensor.name,
        value=_value(station, system),
        why=station.why,
        age=age,
        site=sensor.site.name,
    )


def _value(station: Station, system: str) -> str:
    """Return the main value with its unit, as the sensor's page and its card show it."""
    name = main_state(station, kind(station)) or primary(station)
    return " ".join(station.display(name, system).parts(station.standing(name))).strip() if name else ""
