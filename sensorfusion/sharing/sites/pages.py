"""What the shared page of a site shows, below `/p/`: the token of its link, or the slug of a public one.

Only a public page may be listed by search engines, under its slug. Every other answer is as private as that of a link.
"""

from collections.abc import Callable
from functools import wraps
from typing import Any, Final, TypeAlias
from uuid import UUID

import msgspec
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from sensorfusion.reports.kiosk.walls import is_kiosk
from sensorfusion.reports.world.places import MOST_CLOSER, map_of
from sensorfusion.sharing.counting import AGAIN, VIEWS_OF_PAGES
from sensorfusion.sharing.models import SiteShareRight
from sensorfusion.sharing.pages import OWN_REFERRER, gone, private
from sensorfusion.sharing.password_pages import ask
from sensorfusion.sharing.rate_limit import limited
from sensorfusion.sharing.showing.picture import has_png
from sensorfusion.sharing.sites.cards import Cards, cards_of, sent
from sensorfusion.sharing.sites.queries import page_at
from sensorfusion.sharing.sites.walls import wall_of_page
from sensorfusion.sharing.unlocking import is_unlocked
from sensorfusion.web.addresses import full_path
from sensorfusion.web.values.reader import units_of

View: TypeAlias = Callable[[HttpRequest, SiteShareRight], HttpResponse]
PageView: TypeAlias = Callable[..., HttpResponse]

VIEWS: Final = {"cards": gettext_lazy("Cards"), "map": gettext_lazy("Map")}
SEARCHED_FROM: Final = 6  # sensors


def by_address(view: View) -> PageView:
    """Call the view with the page; other addresses, and pages whose password was not given, have one answer."""

    @limited
    @wraps(view)
    def answer(request: HttpRequest, page: str) -> HttpResponse:
        right = page_at(page, now=timezone.now())
        if right is None or not is_unlocked(right.page, request.COOKIES):
            return private(gone(request))
        return private(view(request, right))

    return answer


@require_http_methods(["GET", "HEAD", "POST"])
@limited
def site_page(request: HttpRequest, page: str) -> HttpResponse:
    """Show the page of a site, or ask for its password."""
    right = page_at(page, now=timezone.now())
    if right is None:
        return private(gone(request))
    home = full_path(f"/p/{page}/")
    if not is_unlocked(right.page, request.COOKIES):
        return private(ask(request, right.page, token=page, home=home), referrer=OWN_REFERRER)
    if request.method == "POST":
        return private(HttpResponseRedirect(home))
    if request.method == "GET" and AGAIN not in request.GET:
        VIEWS_OF_PAGES.note(right.page_id)
    if is_kiosk(request) and (wall := wall_of_page(request, right, now=timezone.now())):
        return private(wall)
    shown = render(request, "sharing/sites/page.html", _context(request, right))
    return public(shown) if page == right.slug else private(shown)


@require_safe
@by_address
def newest(request: HttpRequest, right: SiteShareRight) -> HttpResponse:
    """Return the cards as the socket sends them."""
    return JsonResponse(msgspec.to_builtins(sent(cards_of(right, system=units_of(request), now=timezone.now()))))


def public(response: HttpResponse) -> HttpResponse:
    """Let search engines list a page; like the others it is kept nowhere, so that it ends at once."""
    response.headers["Referrer-Policy"] = OWN_REFERRER
    response.headers["Cache-Control"] = "no-store"
    return response


def opened(request: HttpRequest) -> dict[str, Any]:
    """Return which mark of a map was opened, and how many times; nothing if the address does not say it well."""
    try:
        return {"of": UUID(request.GET.get("of", "")), "closer": min(int(request.GET.get("closer", "")), MOST_CLOSER)}
    except ValueError:
        return {}


def _context(request: HttpRequest, right: SiteShareRight) -> dict[str, Any]:
    page = right.page
    shown = cards_of(right, system=units_of(request), now=timezone.now())
    has_map = any(part.card.place for part in shown.parts)
    view = "map" if has_map and request.GET.get("view") == "map" else "cards"
    context: dict[str, Any] = {
        "share": page,
        "shown": shown,
        "links": _links(shown),
        "canonical": request.build_absolute_uri(reverse("site-page", args=[right.slug])) if right.slug else "",
        "picture": request.build_absolute_uri(f"picture.{'png' if has_png() else 'svg'}"),
        "view": view,
        "views": VIEWS if has_map else {},
        "is_searched": len(shown.parts) > SEARCHED_FROM,
        "zone": right.site.time_zone,
    }
    if view == "map" and shown.overview:
        context["map"] = map_of(shown.overview, **opened(request))
    return context


def _links(shown: Cards) -> dict[UUID, str]:
    """Return the addresses of the sensors' own pages."""
    return {part.card.sensor.uuid: reverse("share", args=[part.token]) for part in shown.parts if part.token}
