"""The pages of a file import: upload, preview and mapping, progress, and result."""

from typing import cast
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.files.uploadedfile import UploadedFile
from django.http import FileResponse, Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from sensorfusion.accounts.pages import SignedIn
from sensorfusion.domain.quantities import CATALOGUE
from sensorfusion.domain.units import UNITS
from sensorfusion.ingest.files import spool, uploads
from sensorfusion.ingest.files.forms import MappingForm, UploadForm
from sensorfusion.ingest.files.openweathermap import SYSTEMS
from sensorfusion.ingest.files.uploads import Look
from sensorfusion.ingest.models import FileImport, ImportState
from sensorfusion.sensors.access import editable_sensor
from sensorfusion.sensors.models import Sensor
from sensorfusion.sensors.sites.time_zones import time_zones
from sensorfusion.web.forms import RefusedIn


@login_required
@never_cache
def upload(request: SignedIn, uuid: UUID) -> HttpResponse:
    sensor = editable_sensor(request.user, uuid)
    form = UploadForm(request.POST, request.FILES) if request.method == "POST" else UploadForm()
    if form.is_valid():
        with RefusedIn(form):
            uploaded = cast("UploadedFile[bytes]", form.cleaned_data["file"])
            kept = uploads.receive(by=request.user, sensor=sensor, uploaded=uploaded, now=timezone.now())
            return redirect("sensor-import", uuid, kept.uuid)
    context = {
        "sensor": sensor,
        "form": form,
        "imports": uploads.imports_of(sensor=sensor),
        "most": settings.ENVIRONMENT.max_upload_bytes,
    }
    return render(request, "ingest/import.html", context, status=400 if form.errors else 200)


@login_required
@never_cache
def one(request: SignedIn, uuid: UUID, number: UUID) -> HttpResponse:
    sensor = editable_sensor(request.user, uuid)
    kept = _import(sensor, number)
    if kept.state == ImportState.WAITING:
        return _waiting(request, sensor, kept)
    if request.method == "POST":
        uploads.start(kept, now=timezone.now)
        return redirect("sensor-import", uuid, number)
    now = timezone.now()
    context = {
        "sensor": sensor,
        "import": kept,
        "is_running": kept.state == ImportState.RUNNING and not uploads.is_gone(kept, now=now),
        "may_go_on": kept.state == ImportState.STOPPED or uploads.is_gone(kept, now=now),
        "has_refused": spool.refused_of(kept.uuid).exists(),
    }
    return render(request, "ingest/import-one.html", context)


def _waiting(request: SignedIn, sensor: Sensor, kept: FileImport) -> HttpResponse:
    """Show the preview of the file and save the mapping or units entered; reading comes before loading."""
    form: MappingForm | None = None
    if request.method == "POST":
        form = _told(request, kept)
        if (form is None or form.is_valid()) and request.POST.get("action") == "start":
            uploads.start(kept, now=timezone.now)
            return redirect("sensor-import", sensor.uuid, kept.uuid)
    found = uploads.look(kept, now=timezone.now())
    context = {
        "sensor": sensor,
        "import": kept,
        "look": found,
        "form": form or _form(found),
        "units": SYSTEMS if found.needs_units else (),
        "chosen_units": kept.plan.get("units", ""),
        "quantities": CATALOGUE.values(),
        "known_units": UNITS.values(),
        "time_zones": sorted(time_zones()),
    }
    return render(request, "ingest/import-waiting.html", context, status=400 if form and form.errors else 200)


def _told(request: SignedIn, kept: FileImport) -> MappingForm | None:
    """Save the units of a known kind of file, or the mapping of any other, and return the mapping's form."""
    found = uploads.look(kept, now=timezone.now())
    if found.layout:
        units = request.POST.get("units", "")
        uploads.tell(kept, units=units if units in SYSTEMS else "")
        return None
    form = MappingForm(request.POST, header=found.header, plan=found.plan)
    if form.is_valid():
        uploads.tell(kept, plan=form.plan())
    return form


def _form(found: Look) -> MappingForm | None:
    if found.layout or not found.header:
        return None
    return MappingForm(header=found.header, plan=found.plan)


@login_required
@require_POST
def discard(request: SignedIn, uuid: UUID, number: UUID) -> HttpResponse:
    sensor = editable_sensor(request.user, uuid)
    kept = _import(sensor, number)
    if kept.state == ImportState.RUNNING and not uploads.is_gone(kept, now=timezone.now()):
        messages.error(request, "The import is running. Wait until it has ended.")
        return redirect("sensor-import", uuid, number)
    uploads.discard(kept)
    messages.success(request, f"{kept.file_name} is removed. The stored readings stay.")
    return redirect("sensor-imports", uuid)


@login_required
@require_safe
def refused(request: SignedIn, uuid: UUID, number: UUID) -> HttpResponseBase:
    sensor = editable_sensor(request.user, uuid)
    path = spool.refused_of(_import(sensor, number).uuid)
    if not path.exists():
        raise Http404("There is no such list, or it is older than a week.")
    return FileResponse(path.open("rb"), as_attachment=True, filename="refused.csv")


def _import(sensor: Sensor, number: UUID) -> FileImport:
    kept = FileImport.objects.filter(sensor=sensor, uuid=number).select_related("sensor__site").first()
    if kept is None:
        raise Http404
    return kept
