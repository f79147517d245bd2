"""The page of Explore, its CSV file, and its saved comparisons."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Final
from uuid import UUID
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext, gettext_lazy, pgettext_lazy
from django.views.decorators.http import require_safe

from sensorfusion.accounts.models import Operator
from sensorfusion.accounts.pages import SignedIn
from sensorfusion.explore.chooser import choosable, suggestions
from sensorfusion.explore.models import SavedComparison
from sensorfusion.explore.queries import POINTS_MOST, Chosen, chosen_of, lines
from sensorfusion.explore.saved import comparison_for, saved_of
from sensorfusion.explore.selection import (
    ROLLING_H,
    SERIES_MOST,
    Against,
    Mode,
    Operation,
    Selection,
    selection_of,
    without,
)
from sensorfusion.explore.series_looks import dressed
from sensorfusion.explore.services import delete_comparison, save_comparison
from sensorfusion.explore.table import csv_of
from sensorfusion.explore.view import Explored, explored
from sensorfusion.reports.charts.spans import COMMON, label_of
from sensorfusion.reports.page_data import page_data
from sensorfusion.sensors.queries import editable_sites, may_edit
from sensorfusion.web.checks.posted import sent_from
from sensorfusion.web.forms import RefusedAloud
from sensorfusion.web.values.reader import units_of

MODES: Final = {
    Mode.TIME: gettext_lazy("Time"),
    Mode.MULTIPLES: gettext_lazy("Multiples"),
    Mode.SCATTER: gettext_lazy("Scatter"),
    Mode.DISTRIBUTION: gettext_lazy("Distribution"),
    Mode.TABLE: gettext_lazy("Table"),
}
COMPARED: Final = {
    Against.NOTHING: pgettext_lazy("compared", "Nothing"),
    Against.YESTERDAY: gettext_lazy("Yesterday"),
    Against.WEEK: gettext_lazy("Last week"),
    Against.YEAR: gettext_lazy("Last year"),
    Against.SECOND: gettext_lazy("Second series"),
}
OPERATIONS: Final = {Operation.DIFFERENCE: gettext_lazy("Difference"), Operation.RATIO: gettext_lazy("Ratio")}
ROLLED: Final[Mapping[int, str | Promise]] = {hours: f"{hours} h" for hours in ROLLING_H} | {
    0: pgettext_lazy("rolling mean", "None"),
    168: "7 d",
}


@dataclass(frozen=True, slots=True)
class Link:
    """A choice of the page."""

    label: str
    query: str
    is_current: bool


@login_required
@require_safe
def explore(request: HttpRequest) -> HttpResponse:
    """Show the series that the address names."""
    operator, now, system = _operator(request), timezone.now(), units_of(request)
    selection = selection_of(request.GET)
    chosen = chosen_of(operator=operator, names=selection.series, now=now)
    selection = replace(selection, series=tuple(each.name for each in chosen))
    if chosen and (dated := _dated(request.GET, chosen[0].station.zone)):
        return redirect(f"{request.path}?{selection.with_(fixed=dated).query}")
    page = explored(chosen, selection, system=system, now=now)
    groups = choosable(operator=operator, chosen=page.series, now=now, system=system)
    stations = list({each.station.sensor.pk: each.station for each in chosen}.values())
    context: dict[str, Any] = {
        "explored": page,
        "selection": selection,
        "groups": groups,
        "suggestions": [(label, Selection(series=tuple(names)).query) for label, names in suggestions(groups)],
        "left_out": len(set(request.GET.getlist("s"))) - len(chosen),
        "series_most": SERIES_MOST,
        "chips": [
            (each, selection.with_(series=without(selection.series, each.chosen.name)).query) for each in page.series
        ],
        "page": page_data(stations, [each.name.quantity for each in chosen], now=now, system=system),
        "saved": saved_of(operator),
        "current": _current(request, operator),
        "sites": list(editable_sites(operator)),
        **_links(selection, page, now),
    }
    return render(request, "explore/page.html", context)


def _dated(query: QueryDict, zone: ZoneInfo) -> tuple[int, int] | None:
    """Return the span of the form of dates, whose times are those of the first series' site."""
    try:
        start, end = (datetime.fromisoformat(query.get(key, "")) for key in ("from", "to"))
    except ValueError:
        return None
    if start.tzinfo or end.tzinfo or not start < end:
        return None
    return int(start.replace(tzinfo=zone).timestamp()), int(end.replace(tzinfo=zone).timestamp())


def _links(selection: Selection, page: Explored, now: datetime) -> dict[str, Any]:
    """Return the choices of the page as links, so that they work without scripts."""

    def links(choices: Mapping[Any, str | Promise], field: str, current: Any) -> list[Link]:
        return [
            Link(str(label), selection.with_(**{field: each}).query, each == current) for each, label in choices.items()
        ]

    ranges = [
        Link(
            label_of(name).replace("\u00a0", " "),
            selection.with_(range=name, fixed=None).query,
            selection.is_live and name == selection.range,
        )
        for name in COMMON
    ]
    return {
        "modes": links(MODES, "mode", selection.mode),
        "ranges": ranges,
        "before": selection.stepped(-1, now=now).query,
        "after": "" if selection.is_live else selection.stepped(1, now=now).query,
        "live": "" if selection.is_live else selection.with_(fixed=None).query,
        "compared": links(COMPARED, "against", selection.against),
        "operations": links(OPERATIONS, "operation", selection.operation),
        "rolled": links(ROLLED, "rolling_h", selection.rolling_h),
        "multiples": selection.with_(mode=Mode.MULTIPLES).query,
        "reversed": selection.with_(series=selection.series[::-1]).query,
    }


def _current(request: HttpRequest, operator: Operator) -> SavedComparison | None:
    try:
        return comparison_for(operator=operator, uuid=UUID(request.GET.get("v", "")))
    except ValueError:
        return None


@login_required
@require_safe
def explore_csv(request: HttpRequest) -> HttpResponse:
    """Return the rows of the chosen series as a file."""
    operator, now = _operator(request), timezone.now()
    selection = selection_of(request.GET)
    if not selection.series:
        return redirect("explore")
    chosen: list[Chosen] = chosen_of(operator=operator, names=selection.series, now=now)
    if not chosen:
        raise Http404(gettext("There is no such series, or you may not see it."))
    start, end = selection.span(now=now)
    found = lines(chosen, start=start, end=end, points=POINTS_MOST)
    text = csv_of(dressed(chosen, system=units_of(request)), found, chosen[0].station.zone)
    response = HttpResponse(text, content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="explore.csv"'
    response["Cache-Control"] = "no-store"
    return response


@login_required
@sent_from("explore")
def save(request: SignedIn) -> HttpResponse:
    """Keep what the page shows under a name, for the members of a site."""
    selection = selection_of(QueryDict(request.POST.get("query", "")))
    wanted = _uuid(request.POST.get("site", ""))
    site = editable_sites(request.user).filter(uuid=wanted).first() if wanted else None
    address = f"{reverse('explore')}?{selection.query}"
    if site is None:
        messages.error(request, gettext("Choose a site of which you are an editor."))
        return redirect(address)
    with RefusedAloud(request):
        made = save_comparison(
            by=request.user,
            site=site,
            name=request.POST.get("name", ""),
            query=selection.query if selection.series else "",
            now=timezone.now(),
        )
        said = gettext("Saved as “{name}” for everybody at {site}.")
        messages.success(request, said.format(name=made.name, site=site.name))
        return redirect("saved-comparison", made.uuid)
    return redirect(address)


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


@login_required
@require_safe
def saved_comparison(request: SignedIn, saved: UUID) -> HttpResponse:
    """Open a saved comparison at its address."""
    found = _saved(request, saved)
    return redirect(f"{reverse('explore')}?{found.query}&v={found.uuid}")


@login_required
@sent_from("explore")
def delete(request: SignedIn, saved: UUID) -> HttpResponse:
    found = _saved(request, saved)
    if not may_edit(operator=request.user, site=found.site):
        raise PermissionDenied
    delete_comparison(by=request.user, comparison=found)
    messages.success(request, gettext("Deleted “{name}”.").format(name=found.name))
    return redirect("explore")


def _saved(request: SignedIn, saved: UUID) -> SavedComparison:
    found = comparison_for(operator=request.user, uuid=saved)
    if found is None:
        raise Http404(gettext("There is no such comparison, or you may not see it."))
    return found


def _operator(request: HttpRequest) -> Operator:
    assert isinstance(request.user, Operator)  # login_required
    return request.user
