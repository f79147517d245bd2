"""The two main pages: an overview of all sensors, and the live report of one."""

from typing import Any, Final
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from sensorfusion.accounts.models import Operator
from sensorfusion.readings.export import parquet
from sensorfusion.reports import queries
from sensorfusion.reports.beginning import beginning, labelled
from sensorfusion.reports.charts.spans import span_of, step
from sensorfusion.reports.notes import has_notes, notes_of_span
from sensorfusion.reports.overview import overview_of
from sensorfusion.reports.page_data import page_data
from sensorfusion.reports.report import report
from sensorfusion.sensors.notices.queries import headlines_of, notices_of
from sensorfusion.sensors.notices.words import heard_of, told
from sensorfusion.sensors.polls.services import polling_status
from sensorfusion.sensors.queries import sensor_and_right, visible_sensors, visible_sites
from sensorfusion.sensors.sites.invitations import invitations_to
from sensorfusion.web.context import units_of

VIEWS: Final = {"cards": "Cards", "table": "Table"}


@login_required
@require_safe
def overview(request: HttpRequest) -> HttpResponse:
    """Show every sensor that the operator may see; without any, instructions for a first one."""
    operator = _operator(request)
    sensors = list(visible_sensors(operator).select_related("site").order_by("site__name", "name", "id"))
    now = timezone.now()
    stations = queries.stations(sensors, now=now)
    invitations = list(invitations_to(operator, now=now))
    if not stations:
        context = {"sites": visible_sites(operator).count(), "invitations": invitations}
        return render(request, "reports/empty.html", context)
    system = units_of(request)
    waiting = [station.sensor.pk for station in stations if station.observed_at is None]
    heard = headlines_of(operator, waiting, now=now) if waiting else {}
    found = overview_of(stations, system=system, now=now, heard=heard)
    page = page_data(stations, found.shown, now=now, system=system)
    view = request.GET.get("view", "")
    view = view if view in VIEWS else "table" if found.is_long else "cards"
    context = {"overview": found, "page": page, "invitations": invitations, "view": view, "views": VIEWS}
    return render(request, "reports/overview.html", context)


@login_required
@require_safe
def sensor(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Show the live report of one sensor."""
    operator = _operator(request)
    seen = sensor_and_right(operator=operator, uuid=uuid)
    if seen is None:
        raise Http404("There is no such sensor, or you may not see it.")
    found, may_edit = seen
    now = timezone.now()
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
