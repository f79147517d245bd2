"""The two main pages: an overview of all sensors, and the live report of one."""

from operator import itemgetter
from typing import Any, Final
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext, gettext_lazy
from django.views.decorators.http import require_safe

from sensorfusion.accounts.models import Operator
from sensorfusion.readings.export import parquet
from sensorfusion.reports import queries
from sensorfusion.reports.beginning import beginning, labelled
from sensorfusion.reports.charts.spans import span_of, step
from sensorfusion.reports.frame.switcher import MOST_ROWS, rows_of
from sensorfusion.reports.kiosk.walls import is_kiosk, wall_of
from sensorfusion.reports.notes import has_notes, notes_of_span
from sensorfusion.reports.overview import overview_of
from sensorfusion.reports.page_data import page_data
from sensorfusion.reports.report import report
from sensorfusion.reports.world.places import MOST_CLOSER, map_of
from sensorfusion.sensors.notices.queries import headlines_of, notices_of
from sensorfusion.sensors.notices.words import heard_of, told
from sensorfusion.sensors.polls.services import polling_status
from sensorfusion.sensors.queries import sensor_and_right, sensors_by_site, visible_sites
from sensorfusion.sensors.sites.invitations import invitations_to
from sensorfusion.sensors.transfer.offers import offers_to
from sensorfusion.web.addresses import full_path
from sensorfusion.web.values.reader import units_of

VIEWS: Final = {"cards": gettext_lazy("Cards"), "table": gettext_lazy("Table"), "map": gettext_lazy("Map")}
VIEW_COOKIE: Final = "view"
YEAR_S: Final = 60 * 60 * 24 * 365


@login_required
@require_safe
def overview(request: HttpRequest) -> HttpResponse:
    """Show every sensor that the operator may see; without any, instructions for a first one."""
    operator = _operator(request)
    seen = sensors_by_site(operator)
    sensors = [each.sensor for each in seen]
    now = timezone.now()
    if is_kiosk(request) and (wall := wall_of(request, sensors, now=now, leave=full_path("/"))):
        return wall
    stations = queries.stations(sensors, now=now)
    invitations = list(invitations_to(operator, now=now))
    if not stations:
        context = {"sites": visible_sites(operator).count(), "invitations": invitations}
        context["offers"] = offers_to(operator, now=now)
        return render(request, "reports/empty.html", context)
    system = units_of(request)
    waiting = [station.sensor.pk for station in stations if station.observed_at is None]
    heard = headlines_of(operator, waiting, now=now) if waiting else {}
    found = overview_of(stations, system=system, now=now, heard=heard)
    page = page_data(stations, found.shown, now=now, system=system)
    view = _view(request, is_long=found.is_long)
    context = {"overview": found, "page": page, "invitations": invitations, "view": view, "views": VIEWS}
    by_name = sorted(zip([each.place for each in seen], stations, strict=True), key=itemgetter(0))[:MOST_ROWS]
    context["switcher"] = lambda: rows_of([station for _, station in by_name], system=system)
    if view == "map":
        context["map"] = map_of(found, **_opened(request))
    return _remembered(request, render(request, "reports/overview.html", context))


def _view(request: HttpRequest, *, is_long: bool) -> str:
    """Return the view that the address names, else the one that was last chosen here, else what suits the number."""
    chosen = (request.GET.get("view"), request.COOKIES.get(VIEW_COOKIE))
    return next((each for each in chosen if each in VIEWS), "table" if is_long else "cards")


def _opened(request: HttpRequest) -> dict[str, Any]:
    """Return which mark of the map was opened, and how many times; nothing if the address does not say it well."""
    try:
        return {"of": UUID(request.GET.get("of", "")), "closer": min(int(request.GET.get("closer", "")), MOST_CLOSER)}
    except ValueError:
        return {}


def _remembered(request: HttpRequest, answer: HttpResponse) -> HttpResponse:
    """Keep the view that the address names for the next visit with this browser, as theme and units are kept."""
    if (view := request.GET.get("view", "")) in VIEWS:
        path, secure = full_path("/"), request.is_secure()
        answer.set_cookie(VIEW_COOKIE, view, max_age=YEAR_S, path=path, samesite="Lax", secure=secure)
    return answer


@login_required
@require_safe
def sensor(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Show the live report of one sensor."""
    operator = _operator(request)
    seen = sensor_and_right(operator=operator, uuid=uuid)
    if seen is None:
        raise Http404(gettext("There is no such sensor, or you may not see it."))
    found, may_edit = seen
    now = timezone.now()
    if is_kiosk(request) and (wall := wall_of(request, [found], now=now, leave=reverse("sensor", args=[uuid]))):
        return wall
    (station,) = queries.stations([found], now=now)
    system = units_of(request)
    query = request.GET.dict()
    begun = beginning(station, query)
    span = span_of(station, query, otherwise=begun.range if begun else "24h")
    context: dict[str, Any] = {
        "station": station,
        "sensor": found,
        "ranges": begun.ranges if begun else labelled(),
        "beginning": begun,
        "span": span,
        "earlier": step(station, span, -1),
        "later": step(station, span, 1),
        "may_edit": may_edit,
        "polling": polling_status(found, now=now),
    }
    # A viewer without a report is told that something arrives; what it is, only those who can change it.
    notices = list(notices_of(found, now=now)) if may_edit or station.observed_at is None else []
    context |= {"notices": told(notices, zone=station.zone, now=now), "heard": heard_of(notices)}
    if station.observed_at is None:
        page = page_data([station], [], now=now, system=system)
        return render(request, "reports/waiting.html", {**context, "page": page})
    made = report(station, span, system=system)
    page = page_data([station], made.shown, now=now, system=system, day_before=made.day_before)
    context |= {"report": made, "page": page, "has_parquet": parquet.is_installed()}
    if has_notes(station):
        context |= {"has_notes": True, "noted": notes_of_span(station, span.start, span.end)}
    return render(request, "reports/sensor.html", context)


def _operator(request: HttpRequest) -> Operator:
    assert isinstance(request.user, Operator)  # login_required
    return request.user
