"""The pages of exports in the background: the operator's, with their progress, and the form of a new one."""

from collections.abc import Callable
from typing import Final
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from sensorfusion.accounts.pages import SignedIn
from sensorfusion.readings.export.jobs.failures import failure
from sensorfusion.readings.export.jobs.forms import ExportForm
from sensorfusion.readings.export.jobs.queries import UNFINISHED, export_for, exports_of
from sensorfusion.readings.export.jobs.services import KEPT_FOR, make_export, remove_export
from sensorfusion.readings.export.parquet import NoPyarrow, pyarrow
from sensorfusion.readings.models import ExportState
from sensorfusion.sensors.access import sensor_or_404, site_or_404
from sensorfusion.sensors.models import Sensor, Site
from sensorfusion.sensors.queries import may_own, visible_sensors
from sensorfusion.web.checks.posted import sent_from
from sensorfusion.web.forms import RefusedIn

LISTED: Final = 100


@login_required
@never_cache
@require_safe
def exports(request: SignedIn) -> HttpResponse:
    listed = list(exports_of(request.user)[:LISTED])
    context = {
        "listed": [(job, job.ended_at + KEPT_FOR if job.ended_at else None, failure(job)) for job in listed],
        "is_moving": any(job.state in UNFINISHED for job in listed),
        "done": ExportState.DONE,
        "unfinished": UNFINISHED,
        "days": KEPT_FOR.days,
    }
    return render(request, "readings/exports.html", context)


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def of_sensor(request: SignedIn, uuid: UUID) -> HttpResponse:
    sensor = sensor_or_404(request.user, uuid)
    return _new(request, sensor.site, chosen=lambda each: each == sensor)


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def of_site(request: SignedIn, uuid: UUID) -> HttpResponse:
    return _new(request, site_or_404(request.user, uuid), chosen=lambda _: True)


@login_required
@sent_from("exports")
def remove(request: SignedIn, export: UUID) -> HttpResponse:
    job = export_for(operator=request.user, uuid=export)
    if job is None:
        raise Http404
    remove_export(job=job, now=timezone.now())
    said = gettext("{name} is cancelled.") if job.state in UNFINISHED else gettext("{name} is removed.")
    messages.success(request, said.format(name=job.name))
    return redirect("exports")


def _new(request: SignedIn, site: Site, *, chosen: Callable[[Sensor], bool]) -> HttpResponse:
    """Show the form of a new export of a site's sensors, of which those `chosen` are ticked, or take it."""
    by = request.user
    sensors = list(visible_sensors(by).filter(site=site).select_related("site").order_by("name", "id"))
    form = ExportForm(
        request.POST if request.method == "POST" else None,
        site=site,
        sensors=sensors,
        has_parquet=_has_parquet(),
        has_archive=may_own(operator=by, site=site),
        initial={"sensors": [str(each.uuid) for each in sensors if chosen(each)], "file": request.GET.get("file", "")},
    )
    if form.is_valid():
        with RefusedIn(form):
            make_export(by=by, ordered=form.ordered(), now=timezone.now())
            messages.success(request, gettext("The export is being prepared. You may leave this page."))
            return redirect("exports")
    context = {"site": site, "form": form}
    return render(request, "readings/export-new.html", context, status=400 if form.errors else 200)


def _has_parquet() -> bool:
    try:
        pyarrow()
    except NoPyarrow:
        return False
    return True
