"""The page of a site on a wall: its sensors in turns, each as its share shows it."""

from datetime import datetime

from django.http import HttpRequest, HttpResponse

from sensorfusion.reports.kiosk.slides import slide
from sensorfusion.reports.kiosk.walls import shown, turn_of
from sensorfusion.sharing.models import SiteShareRight
from sensorfusion.sharing.sites.queries import parts_of
from sensorfusion.sharing.station import through
from sensorfusion.web.values.reader import units_of


def wall_of_page(request: HttpRequest, right: SiteShareRight, *, now: datetime) -> HttpResponse | None:
    """Return the wall of a page, None if it shows no sensor now; `?at=` names the share that is shown."""
    parts = parts_of([right])[right.page_id]
    if not parts:
        return None
    place, turn = turn_of(request, [part.share.uuid for part in parts])
    system = units_of(request)
    drawn = slide(through(parts[place], now=now), system=system, is_shared=True)
    return shown(request, drawn, turn, {"live": f"live/?units={system}", "leave": request.path})
