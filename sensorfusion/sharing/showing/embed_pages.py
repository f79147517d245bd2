"""Parts of a link for pages of other sites: a card, a value, a chart of a day, strips of states.

Only sites that the link names may embed them (`frame-ancestors`); at first there are none. They have style sheets and a
script of their own, so that a page of others loads little, and they are live by the link's socket.
"""

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any, Final

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from sensorfusion.reports.kinds.strips import strip_of_state
from sensorfusion.reports.queries import Station
from sensorfusion.sharing.latest import clock_of, values
from sensorfusion.sharing.models import ShareRight
from sensorfusion.sharing.pages import by_link, units_asked
from sensorfusion.sharing.showing.languages import in_asked_language
from sensorfusion.sharing.showing.picture import LINE_HEIGHT, LINE_WIDTH, day_of
from sensorfusion.sharing.station import through
from sensorfusion.web.security import HEADER, policy
from sensorfusion.web.values.reader import THEMES

View = Callable[..., HttpResponse]


def _embed(kind: str) -> View:
    @require_safe
    @by_link
    @in_asked_language
    def answer(request: HttpRequest, right: ShareRight) -> HttpResponse:
        return framed(
            request, right.share.origins, render(request, f"sharing/embed-{kind}.html", _context(request, right, kind))
        )

    return answer


card, value, chart, states = (_embed(kind) for kind in ("card", "value", "chart", "states"))


def _context(request: HttpRequest, right: ShareRight, kind: str) -> dict[str, Any]:
    system = units_asked(request)
    station = through(right, now=timezone.now())
    shown = values(station, system=system)
    named = [each for each in shown if each.quantity == request.GET.get("q", "")]
    main = next(iter(named or shown), None)
    context: dict[str, Any] = {
        "share": right.share,
        "station": station,
        "heard": clock_of(station),
        "values": shown if kind == "card" else [main] if main else [],
        **dress(request),
    }
    if kind == "chart" and main:
        context |= {"day": day_of(right, station, main.quantity, system), "box": f"0 0 {LINE_WIDTH} {LINE_HEIGHT}"}
    if kind == "states":
        context["strips"] = [each for each in map(partial(strip_of_state, station), _texts(station)) if each]
    return context


def _texts(station: Station) -> list[str]:
    return [name for name in station.newest.values if name not in station.numbers]


def dress(request: HttpRequest) -> dict[str, Any]:
    """Return how a part looks, as the page around it asks."""
    asked = request.GET.get("theme", "")
    return {
        "theme": asked if asked in THEMES else "auto",
        "units": units_asked(request),
        "is_transparent": request.GET.get("transparent") == "1",
    }


def framed(request: HttpRequest, origins: Sequence[str], response: HttpResponse) -> HttpResponse:
    """Let these sites embed a response."""
    if origins:
        allowed = f"frame-ancestors {' '.join(origins)}"
        own = policy(path=request.path_info, host=request.get_host())
        response.headers[HEADER] = own.replace("frame-ancestors 'none'", allowed)
        response.xframe_options_exempt = True  # read by Django's middleware
    return response


EMBEDS: Final = {"card": card, "value": value, "chart": chart, "states": states}
