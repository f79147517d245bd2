"""Everything that a link shows, below `/s/<token>/`: the page and its data. No other address knows of shares.

An unknown, an expired and a revoked link get one answer; so do the data of a link whose password was not given.
"""

from collections.abc import Callable
from dataclasses import replace
from functools import wraps
from typing import Any, Final, TypeAlias

import msgspec
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from sensorfusion.reports import queries
from sensorfusion.reports.charts.cards import Spec, cards, specs
from sensorfusion.reports.charts.spans import LABELS
from sensorfusion.reports.hero import primary
from sensorfusion.reports.kiosk.slides import slide
from sensorfusion.reports.kiosk.walls import Turn, is_kiosk, kept
from sensorfusion.reports.kiosk.walls import shown as wall
from sensorfusion.reports.queries import Station
from sensorfusion.sharing.card import card
from sensorfusion.sharing.counting import AGAIN, VIEWS
from sensorfusion.sharing.latest import clock_of, latest, values
from sensorfusion.sharing.models import Share, ShareRight
from sensorfusion.sharing.password_pages import ask
from sensorfusion.sharing.queries import shared
from sensorfusion.sharing.rate_limit import limited
from sensorfusion.sharing.showing.picture import has_png
from sensorfusion.sharing.sites.queries import link_of
from sensorfusion.sharing.station import ranges_of, span_shown, through
from sensorfusion.sharing.unlocking import is_unlocked
from sensorfusion.web.addresses import full_path
from sensorfusion.web.values.reader import units_of
from sensorfusion.web.values.systems import normalised

View: TypeAlias = Callable[[HttpRequest, ShareRight], HttpResponse]
ShareView: TypeAlias = Callable[..., HttpResponse]

# Charts are drawn again with a new reading, but not before a difference would be seen.
DRAWN_EVERY_S: Final = 60.0
SEEN_APART: Final = 1_440  # parts of a range
NO_REFERRER: Final = "no-referrer"
# The form of a password needs an Origin, which browsers withhold from a page without referrer: its POST would be
# refused as another site's. The address is told to this server alone.
OWN_REFERRER: Final = "same-origin"


def by_link(view: View) -> ShareView:
    """Call the view with what the link shows; other links, and those whose password was not given, have one answer."""

    @limited
    @wraps(view)
    def answer(request: HttpRequest, token: str) -> HttpResponse:
        right = shared(token, now=timezone.now())
        if right is None or not is_unlocked(right.share, request.COOKIES):
            return private(gone(request))
        return private(view(request, right))

    return answer


@require_http_methods(["GET", "HEAD", "POST"])
@limited
def page(request: HttpRequest, token: str) -> HttpResponse:
    """Show the page of a link, or ask for its password."""
    right = shared(token, now=timezone.now())
    if right is None:
        return private(gone(request))
    if not is_unlocked(right.share, request.COOKIES):
        asked = ask(request, right.share, token=token, home=full_path(f"/s/{token}/"))
        return private(asked, referrer=OWN_REFERRER)
    if request.method == "POST":
        return private(HttpResponseRedirect(full_path(f"/s/{token}/")))
    if request.method == "GET" and AGAIN not in request.GET:
        VIEWS.note(right.share.pk)
    return private(_wall(request, right) if is_kiosk(request) else _report(request, right))


@require_safe
@by_link
def newest(request: HttpRequest, right: ShareRight) -> HttpResponse:
    """Return the current values."""
    return JsonResponse(msgspec.to_builtins(latest(right, system=units_of(request), now=timezone.now())))


@require_safe
@by_link
def card_json(request: HttpRequest, right: ShareRight) -> HttpResponse:
    """Return the card for displays, in the units of `?units=`: they send no cookies."""
    told = card(right, system=units_asked(request), now=timezone.now())
    return HttpResponse(told, content_type="application/json")


@require_safe
@by_link
def series(request: HttpRequest, right: ShareRight) -> HttpResponse:
    """Return the columns of the chosen quantities over a range that the link shows, in canonical units."""
    station = through(right, now=timezone.now())
    span = span_shown(station, right.share, request.GET.get("r", ""))
    names = [name for name in station.numbers if name in right.share.quantities]
    found = queries.chart(station, names, span) if names else None
    columns = {name: column.value for name, column in found.columns.items()} if found else {}
    return JsonResponse({"range": span.chosen, "t": found.t if found else [], "columns": columns})


def units_asked(request: HttpRequest) -> str:
    """Return the units of `?units=`, else those that the browser has chosen."""
    return normalised(request.GET.get("units", "")) or units_of(request)


def _wall(request: HttpRequest, right: ShareRight) -> HttpResponse:
    station = through(right, now=timezone.now())
    here = f"?{kept(request)}"
    drawn = slide(station, system=units_of(request), is_shared=True)
    live = f"live/?units={units_of(request)}"
    return wall(request, drawn, Turn(here, here), {"live": live, "leave": request.path})


def _report(request: HttpRequest, right: ShareRight) -> HttpResponse:
    share, system = right.share, units_of(request)
    station = through(right, now=timezone.now())
    span, name = span_shown(station, share, request.GET.get("r", "")), primary(station)
    shown = values(station, system=system)
    context: dict[str, Any] = {
        "share": share,
        "back": _back(share),
        "station": station,
        "values": shown,
        "summary": ", ".join(f"{each.label} {each.number} {each.symbol}".rstrip() for each in shown if not each.since),
        "address": request.build_absolute_uri(request.path),
        "picture": request.build_absolute_uri(f"picture.{'png' if has_png() else 'svg'}"),
        "heard": clock_of(station),
        "cards": cards(station, _specs(station, name), span, system=system) if name else [],
        "span": span,
        "drawn_every_ms": int(max(DRAWN_EVERY_S, span.length_s / SEEN_APART) * 1000),
        "ranges": [(each, LABELS[each]) for each in ranges_of(share)],
        "place": station.place,
    }
    return render(request, "sharing/page.html", context)


def _specs(station: Station, name: str) -> list[Spec]:
    """Return the charts, without the day before: it may be beyond the range that the link shows."""
    return [replace(spec, ghost="") for spec in specs(station, name)]


def _back(share: Share) -> dict[str, str] | None:
    """Return the page of the site that a share is a part of."""
    link = link_of(share.page) if share.page else ""
    return {"name": share.page.name, "url": full_path(f"/p/{link}/")} if share.page and link else None


def gone(request: HttpRequest) -> HttpResponse:
    """Answer for an address that shows nothing, whatever the reason."""
    return render(request, "sharing/gone.html", status=404)


def private(response: HttpResponse, *, referrer: str = NO_REFERRER) -> HttpResponse:
    """Keep a response from caches, search engines, and the address from other sites."""
    response.headers["Referrer-Policy"] = referrer
    response.headers["X-Robots-Tag"] = "noindex, nofollow"
    response.headers.setdefault("Cache-Control", "private, no-store")
    return response
