"""The pages of reports, and their files."""

from datetime import date
from typing import Any
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from sensorfusion.accounts.models import Operator
from sensorfusion.documents import queries
from sensorfusion.documents.csv_file import csv_of
from sensorfusion.documents.mailing.forms import EveryForm
from sensorfusion.documents.mailing.queries import chosen
from sensorfusion.documents.matrix import matrix
from sensorfusion.documents.noaa import Place, month_text
from sensorfusion.documents.noaa import units_of as text_units_of
from sensorfusion.documents.noaa_year import year_text
from sensorfusion.documents.paper import answer as paper
from sensorfusion.documents.paper.printing import has_pdf
from sensorfusion.documents.periods import DAY, Period, month_of, span_of, week_of, year_of
from sensorfusion.documents.report import report
from sensorfusion.documents.shown import shown_of
from sensorfusion.documents.year_figures import parts
from sensorfusion.documents.year_report import year_figures_of, year_report
from sensorfusion.mail.outbox import is_configured
from sensorfusion.reports.notes import notes_of_span
from sensorfusion.reports.queries import Station, stations
from sensorfusion.reports.words import MONTHS
from sensorfusion.sensors.queries import sensor_and_right
from sensorfusion.web.values.reader import units_of


@login_required
@require_safe
def index(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Show all months of a sensor with their coverage; the form of dates leads to any span."""
    station = _station(request, uuid)
    if span := span_of(request.GET.get("from", ""), request.GET.get("to", "")):
        return redirect("report-span", uuid, span.first, span.last)
    made = matrix(station, system=units_of(request))
    context = {"station": station, "sensor": station.sensor, "matrix": made, "month_names": MONTHS}
    return render(request, "documents/index.html", {**context, **_by_mail(request, station)})


def _by_mail(request: HttpRequest, station: Station) -> dict[str, Any]:
    """Return which reports of the sensor come to the reader by e-mail, as a form."""
    assert isinstance(request.user, Operator)  # login_required
    form = EveryForm(initial={"every": chosen(request.user, station.sensor)})
    return {"mails": is_configured(), "mail_form": form}


@login_required
@require_safe
def month(request: HttpRequest, uuid: UUID, year: int, number: int, ending: str = "") -> HttpResponse:
    """Show a month, or send it as a file."""
    return _answer(request, uuid, month_of(year, number), ending)


@login_required
@require_safe
def year(request: HttpRequest, uuid: UUID, year: int, ending: str = "") -> HttpResponse:
    """Show a year, or send it as a file: its days as a table, its months as text."""
    station, period = _station(request, uuid), year_of(year)
    if period is None or period.first > station.today or not queries.names_of(station):
        raise Http404("There is no such report.")
    match ending:
        case "csv":
            return _csv(request, station, period)
        case "txt":
            whole, found = year_figures_of(station, period)
            months, total = parts(whole, found, until=station.today)
            text = year_text(months, total, _place(station), text_units_of(units_of(request)))
            return _file(text, "text/plain", period, "txt")
        case "pdf" if none := paper.missing():
            return none
    made, around = year_report(station, period, system=units_of(request)), _around(station, period)
    if ending == "pdf":
        return paper.pdf(request, made, around)
    return render(request, "documents/year.html", around | {"report": made})


@login_required
@require_safe
def week(request: HttpRequest, uuid: UUID, year: int, number: int, ending: str = "") -> HttpResponse:
    """Show a week, or send it as a file."""
    return _answer(request, uuid, week_of(year, number), ending)


@login_required
@require_safe
def span(request: HttpRequest, uuid: UUID, first: str, last: str, ending: str = "") -> HttpResponse:
    """Show any days, or send them as a file."""
    return _answer(request, uuid, span_of(first, last), ending)


def _answer(request: HttpRequest, uuid: UUID, period: Period | None, ending: str) -> HttpResponse:
    station = _station(request, uuid)
    if period is None or period.first > station.today or not queries.names_of(station):
        raise Http404("There is no such report.")
    match ending:
        case "csv":
            return _csv(request, station, period)
        case "txt":
            return _text(request, station, period)
        case "pdf" if none := paper.missing():
            return none
    made = report(station, period, system=units_of(request), query=request.GET.dict())
    if ending == "pdf":
        return paper.pdf(request, made, _around(station, period))
    return render(request, "documents/report.html", _around(station, period) | {"report": made})


def _around(station: Station, period: Period) -> dict[str, Any]:
    after, begin = period.after, station.calendar.begin
    return {
        "station": station,
        "sensor": station.sensor,
        "noted": notes_of_span(station, begin(period.first), begin(period.last + DAY)),
        "before": period.before,
        "after": after if after and after.first <= station.today else None,
        "has_pdf": has_pdf(),
    }


def _csv(request: HttpRequest, station: Station, period: Period) -> HttpResponse:
    found = queries.figures_of(station, queries.all_days(station, last=_last(station, period)), period)
    return _file(csv_of(found, shown_of(station, found.main, units_of(request))), "text/csv", period, "csv")


def _text(request: HttpRequest, station: Station, period: Period) -> HttpResponse:
    found = queries.figures_of(station, queries.all_days(station, last=_last(station, period)), period)
    text = month_text(found, _place(station), text_units_of(units_of(request)))
    return _file(text, "text/plain", period, "txt")


def _place(station: Station) -> Place:
    latitude, longitude = station.place or (None, None)
    return Place(station.sensor.name, latitude, longitude, station.elevation_m)


def _last(station: Station, period: Period) -> date:
    return min(period.last, station.today)


def _file(text: str, kind: str, period: Period, ending: str) -> HttpResponse:
    """Answer a file; its text is shown, its table is saved."""
    response = HttpResponse(text, content_type=f"{kind}; charset=utf-8")
    name = f"{'NOAA-' if ending == 'txt' else 'report-'}{period.address.replace('/', '-')}.{ending}"
    response["Content-Disposition"] = f'{"inline" if ending == "txt" else "attachment"}; filename="{name}"'
    response["Cache-Control"] = "no-store"
    return response


def _station(request: HttpRequest, uuid: UUID) -> Station:
    assert isinstance(request.user, Operator)  # login_required
    seen = sensor_and_right(operator=request.user, uuid=uuid)
    if seen is None:
        raise Http404("There is no such sensor, or you may not see it.")
    (station,) = stations([seen[0]], now=timezone.now())
    return station
