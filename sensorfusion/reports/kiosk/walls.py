"""The page of a wall: a slide, which slide comes next, and after how many seconds.

The page is complete without a script, and the script only fetches it again: each answer names the address of its slide
and of the next one, so a wall that runs for weeks remembers nothing but an address.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from urllib.parse import urlencode
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from sensorfusion.reports import queries
from sensorfusion.reports.kiosk.slides import Slide, slide
from sensorfusion.sensors.models import Sensor
from sensorfusion.web.addresses import full_path
from sensorfusion.web.values.reader import units_of

EVERY_S: Final = 20
SHORTEST_S, LONGEST_S = 5, 3600


@dataclass(frozen=True, slots=True)
class Turn:
    """The addresses of a slide and of the one after it; the same where there is one only."""

    here: str
    next: str


def is_kiosk(request: HttpRequest) -> bool:
    return request.GET.get("kiosk") == "1"


def every_s(request: HttpRequest) -> int:
    """Return for how many seconds a slide is shown, as the address says."""
    asked = request.GET.get("every", "")
    return min(LONGEST_S, max(SHORTEST_S, int(asked))) if asked.isdecimal() and len(asked) <= 5 else EVERY_S


def wall_of(request: HttpRequest, sensors: Sequence[Sensor], *, now: datetime, leave: str) -> HttpResponse | None:
    """Return the wall of these sensors, which are shown in turns, None if there are none.

    `?site=` names the only site, `?at=` the sensor that is shown now.
    """
    chosen = [each for each in sensors if request.GET.get("site", "") in ("", str(each.site.uuid))]
    if not chosen:
        return None
    place, turn = turn_of(request, [each.uuid for each in chosen])
    (station,) = queries.stations([chosen[place]], now=now)
    context = {"sensor": station.sensor, "live": full_path("/ws/live/"), "leave": leave}
    return shown(request, slide(station, system=units_of(request)), turn, context)


def turn_of(request: HttpRequest, ids: Sequence[UUID]) -> tuple[int, Turn]:
    """Return which of these the address names, the first one without, and the addresses of that and of the next."""
    asked = request.GET.get("at", "")
    place = next((each for each, uuid in enumerate(ids) if str(uuid) == asked), 0)
    here, after = (_address(request, ids[(place + step) % len(ids)], len(ids)) for step in (0, 1))
    return place, Turn(here, after)


def shown(request: HttpRequest, drawn: Slide, turn: Turn, context: dict[str, Any]) -> HttpResponse:
    """Render a slide; `context` has `live`, the address of the socket, and `leave`, that of the usual page."""
    context |= {"slide": drawn, "turn": turn, "every_s": every_s(request), "tv": reverse("tv")}
    return render(request, "reports/kiosk/wall.html", context)


def kept(request: HttpRequest, **more: str) -> str:
    """Return the query of an address of this wall."""
    asked = {name: request.GET[name] for name in ("every", "site") if name in request.GET}
    return urlencode({"kiosk": "1", **asked, **more})


def _address(request: HttpRequest, sensor: UUID, count: int) -> str:
    more = {"at": str(sensor)} if count > 1 else {}
    return f"?{kept(request, **more)}"
