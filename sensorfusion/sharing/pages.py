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
from sensorfusion.reports.queries import Station
from sensorfusion.sharing.card import card
from sensorfusion.sharing.counting import VIEWS
from sensorfusion.sharing.forms import UnlockForm
from sensorfusion.sharing.latest import clock_of, latest, values
from sensorfusion.sharing.models import ShareRight
from sensorfusion.sharing.queries import shared
from sensorfusion.sharing.rate_limit import limited
from sensorfusion.sharing.showing.picture import has_png
from sensorfusion.sharing.station import ranges_of, span_shown, through
from sensorfusion.sharing.unlocking import is_unlocked, try_password, unlock
from sensorfusion.web.addresses import full_path
from sensorfusion.web.forms import RefusedIn, told_to_wait
from sensorfusion.web.values.reader import units_of
from sensorfusion.web.values.systems import normalised

View: TypeAlias = Callable[[HttpRequest, ShareRight], HttpResponse]
ShareView: TypeAlias = Callable[..., HttpResponse]

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
            return _private(_gone(request))
        return _private(view(request, right))

    return answer


@require_http_methods(["GET", "HEAD", "POST"])
@limited
def page(request: HttpRequest, token: str) -> HttpResponse:
    """Show the page of a link, or ask for its password."""
    right = shared(token, now=timezone.now())
    if right is None:
        return _private(_gone(request))
    if not is_unlocked(right.share, request.COOKIES):
        return _private(_locked(request, right, token), referrer=OWN_REFERRER)
    if request.method == "POST":
        return _private(HttpResponseRedirect(full_path(f"/s/{token}/")))
    if request.method == "GET":
        VIEWS.note(right.share.pk)
    return _private(_report(request, right))


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


def _report(request: HttpRequest, right: ShareRight) -> HttpResponse:
    share, system = right.share, units_of(request)
    station = through(right, now=timezone.now())
    span, name = span_shown(station, share, request.GET.get("r", "")), primary(station)
    shown = values(station, system=system)
    context: dict[str, Any] = {
        "share": share,
        "station": station,
        "values": shown,
        "summary": ", ".join(f"{each.label} {each.number} {each.symbol}".rstrip() for each in shown if not each.since),
        "address": request.build_absolute_uri(request.path),
        "picture": request.build_absolute_uri(f"picture.{'png' if has_png() else 'svg'}"),
        "heard": clock_of(station),
        "cards": cards(station, _specs(station, name), span, system=system) if name else [],
        "span": span,
        "ranges": [(each, LABELS[each]) for each in ranges_of(share)],
        "place": station.place,
    }
    return render(request, "sharing/page.html", context)


def _specs(station: Station, name: str) -> list[Spec]:
    """Return the charts, without the day before: it may be beyond the range that the link shows."""
    return [replace(spec, ghost="") for spec in specs(station, name)]


def _locked(request: HttpRequest, right: ShareRight, token: str) -> HttpResponse:
    form = UnlockForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        with RefusedIn(form):
            given, address = form.cleaned_data["password"], request.META.get("REMOTE_ADDR", "")
            if try_password(share=right.share, password=given, address=address, now=timezone.now()):
                opened = HttpResponseRedirect(full_path(f"/s/{token}/"))
                unlock(opened, share=right.share, token=token)
                return opened
            form.add_error("password", "This is not the password of the link.")
    status = 400 if form.errors else 200
    return told_to_wait(render(request, "sharing/locked.html", {"form": form}, status=status), form)


def _gone(request: HttpRequest) -> HttpResponse:
    return render(request, "sharing/gone.html", status=404)


def _private(response: HttpResponse, *, referrer: str = NO_REFERRER) -> HttpResponse:
    response.headers["Referrer-Policy"] = referrer
    response.headers["X-Robots-Tag"] = "noindex, nofollow"
    response.headers.setdefault("Cache-Control", "private, no-store")
    return response
