"""The pages of reports, and their files."""

from datetime import date
from typing import Any, Final
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext, gettext_noop
from django.views.decorators.http import require_safe

from sensorfusion.accounts.models import Operator
from sensorfusion.documents import queries
from sensorfusion.documents.csv_file import csv_of
from sensorfusion.documents.mailing.forms import EveryForm
from sensorfusion.documents.mailing.queries import chosen, has_chosen_pdf
from sensorfusion.documents.matrix import matrix
from sensorfusion.documents.noaa import Place, month_text
from sensorfusion.documents.noaa import units_of as text_units_of
from sensorfusion.documents.noaa_year import year_text
from sensorfusion.documents.paper import answer as paper
from sensorfusion.documents.paper.printing import has_pdf
from sensorfusion.documents.paper.sheet import around_of
from sensorfusion.documents.periods import Period, month_of, span_of, week_of, year_of
from sensorfusion.documents.shown import shown_of
from sensorfusion.documents.states.choice import has_report, report_of
from sensorfusion.documents.states.csv_file import fields, state_csv_of
from sensorfusion.documents.states.matrix import state_matrix
from sensorfusion.documents.states.report import state_figures
from sensorfusion.documents.states.told import told_beside, told_of
from sensorfusion.documents.year_figures import parts
from sensorfusion.documents.year_report import year_figures_of
from sensorfusion.mail.outbox import is_configured
from sensorfusion.reports.queries import Station, stations
from sensorfusion.sensors.queries import sensor_and_right
from sensorfusion.web.values.dates import names
from sensorfusion.web.values.reader import units_of

NO_TEXT: Final = gettext_noop(
    "The text is NOAA's form for the weather, and this report is about a state: there is none. The same address with"
    " .csv has a line for each day."
)


@login_required
@require_safe
def index(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Show all months of a sensor with their coverage; the form of dates leads to any span."""
    station = _station(request, uuid)
    if span := span_of(request.GET.get("from", ""), request.GET.get("to", "")):
        return redirect("report-span", uuid, span.first, span.last)
    told = told_of(station)
    made = state_matrix(station, told) if told else matrix(station, system=units_of(request))
    context = {"station": station, "sensor": station.sensor, "matrix": made, "month_names": names().short_months}
    return render(request, "documents/index.html", {**context, **_by_mail(request, station)})


def _by_mail(request: HttpRequest, station: Station) -> dict[str, Any]:
    """Return which reports of the sensor come to the reader by e-mail, as a form."""
    assert isinstance(request.user, Operator)  # login_required
    sensor = station.sensor
    form = EveryForm(initial={"every": chosen(request.user, sensor), "with_pdf": has_chosen_pdf(request.user, sensor)})
    return {"mails": is_configured(), "mail_form": form, "has_pdf": has_pdf()}


@login_required
@require_safe
def month(request: HttpRequest, uuid: UUID, year: int, number: int, ending: str = "") -> HttpResponse:
    """Show a month, or send it as a file."""
    return _answer(request, uuid, month_of(year, number), ending)


@login_required
@require_safe
def year(request: HttpRequest, uuid: UUID, year: int, ending: str = "") -> HttpResponse:
    """Show a year, or send it as a file: its days as a table, its months as text."""
    return _answer(request, uuid, year_of(year), ending)


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
    if period is None or not has_report(station, period):
        raise Http404("There is no such report.")
    match ending:
        case "csv":
            return _file(_csv(request, station, period), "text/csv", period, "csv")
        case "txt":
            if told_of(station):
                return HttpResponse(f"{gettext(NO_TEXT)}\n", status=404, content_type="text/plain; charset=utf-8")
            return _file(_text(request, station, period), "text/plain", period, "txt")
        case "pdf" if none := paper.missing():
            return none
    made = report_of(station, period, system=units_of(request), query=request.GET.dict())
    around = around_of(station, period)
    if ending == "pdf":
        return paper.pdf(request, made, around)
    return render(request, "documents/report.html", around | _beside(station, period) | {"report": made})


def _beside(station: Station, period: Period) -> dict[str, Any]:
    """Return where the bar above a report leads."""
    after = period.after
    return {
        "before": period.before,
        "after": after if after and after.first <= station.today else None,
        "has_pdf": has_pdf(),
        "has_text": told_of(station) is None,
    }


def _csv(request: HttpRequest, station: Station, period: Period) -> str:
    if told := told_of(station):
        return state_csv_of(station, state_figures(station, told, period))
    found = queries.figures_of(station, queries.all_days(station, last=_last(station, period)), period)
    states = [state_figures(station, told, period) for told in told_beside(station)]
    beside = [
        dict(pair for each in states for pair in fields(station, each.days[place], each))
        for place in range(len(period.days))
    ]
    return csv_of(found, shown_of(station, found.main, units_of(request)), beside)


def _text(request: HttpRequest, station: Station, period: Period) -> str:
    units = text_units_of(units_of(request))
    if period.sort == "year":
        whole, found = year_figures_of(station, period)
        months, total = parts(whole, found, until=station.today)
        return year_text(months, total, _place(station), units)
    found = queries.figures_of(station, queries.all_days(station, last=_last(station, period)), period)
    return month_text(found, _place(station), units)


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
