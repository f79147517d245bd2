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
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from sensorfusion.accounts.pages import SignedIn
from sensorfusion.domain.quantities import CATALOGUE
from sensorfusion.domain.units import UNITS
from sensorfusion.ingest.files import spool, uploads
from sensorfusion.ingest.files.columns.time_forms import COMMON_FORMS
from sensorfusion.ingest.files.forms import MappingForm, ShapeForm, UploadForm
from sensorfusion.ingest.files.reasons.words import example_in_words, in_words, kind_in_words
from sensorfusion.ingest.files.uploads import Look
from sensorfusion.ingest.models import FileImport, ImportState
from sensorfusion.sensors.access import editable_sensor
from sensorfusion.sensors.models import Sensor
from sensorfusion.sensors.sites.time_zones import time_zones
from sensorfusion.web.checks.posted import sent_from
from sensorfusion.web.forms import RefusedAloud, RefusedIn


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
        return _started(request, sensor, kept)
    now = timezone.now()
    context = {
        "sensor": sensor,
        "import": kept,
        "is_running": kept.state == ImportState.RUNNING and not uploads.is_gone(kept, now=now),
        "may_go_on": kept.state == ImportState.STOPPED or uploads.is_gone(kept, now=now),
        "has_refused": spool.refused_of(kept.uuid).exists(),
        "message": in_words(kept.message),
        "problems": [(count, [*map(example_in_words, examples)]) for _, count, examples in kept.problems],
    }
    return render(request, "ingest/import-one.html", context)


def _started(request: SignedIn, sensor: Sensor, kept: FileImport) -> HttpResponse:
    """Start an import, or say why it cannot be started now."""
    with RefusedAloud(request):
        uploads.start(kept, now=timezone.now)
    return redirect("sensor-import", sensor.uuid, kept.uuid)


def _waiting(request: SignedIn, sensor: Sensor, kept: FileImport) -> HttpResponse:
    """Show the preview of the file and save the mapping or units entered; reading comes before loading."""
    form: MappingForm | None = None
    is_to_start = request.POST.get("action") == "start"
    if request.method == "POST" and not _reshaped(request, kept):
        form = _told(request, kept)
    found = uploads.look(kept, now=timezone.now())
    if is_to_start and _may_start(request, found, form):
        return _started(request, sensor, kept)
    context = {
        "sensor": sensor,
        "import": kept,
        "look": found,
        "kind": kind_in_words(found.layout or found.program),
        "shape": _shape(found),
        "form": form or _form(found),
        "systems": found.systems,
        "chosen_units": kept.plan.get("units", ""),
        "quantities": CATALOGUE.values(),
        "known_units": UNITS.values(),
        "time_zones": sorted(time_zones()),
        "time_forms": {form: in_words(example) for form, example in COMMON_FORMS.items()},
    }
    is_wrong = is_to_start or (form is not None and bool(form.errors))
    return render(request, "ingest/import-waiting.html", context, status=400 if is_wrong else 200)


def _may_start(request: SignedIn, found: Look, form: MappingForm | None) -> bool:
    """Return whether the file can be loaded as it was shown: nothing is asked, and the header is not a new one."""
    if (form is not None and form.errors) or found.questions or (found.trouble and not form):
        return False
    shape = ShapeForm(request.POST)
    return "header_line" not in request.POST or not shape.is_valid() or _is_same(shape, found)


def _reshaped(request: SignedIn, kept: FileImport) -> bool:
    """Save another header or encoding, if one was chosen; the fields of the columns are then those of others."""
    shape = ShapeForm(request.POST)
    found = uploads.look(kept, now=timezone.now())
    if "header_line" not in request.POST or not shape.is_valid() or found.header_at is None or _is_same(shape, found):
        return False
    uploads.reshape(kept, header_at=shape.header_at(), encoding=shape.cleaned_data["encoding"])
    return True


def _is_same(shape: ShapeForm, found: Look) -> bool:
    return shape.header_at() == found.header_at and shape.cleaned_data["encoding"] == found.encoding


def _shape(found: Look) -> ShapeForm | None:
    if found.header_at is None:
        return None
    at = found.header_at
    return ShapeForm(initial={"header_line": at.line, "header_rows": at.rows, "encoding": found.encoding})


def _told(request: SignedIn, kept: FileImport) -> MappingForm | None:
    """Save the units of a known kind of file, or the mapping of any other, and return the mapping's form."""
    found = uploads.look(kept, now=timezone.now())
    units = request.POST.get("units", "")
    if found.layout or (units in found.systems and units != kept.plan.get("units", "")):
        uploads.choose_units(kept, units=units if units in found.systems else "")
        return None
    if "time_column" not in request.POST:  # a program that takes the file as it was shown
        uploads.tell(kept, plan=found.plan, units=units)
        return None
    form = MappingForm(request.POST, header=found.header, plan=found.plan)
    if form.is_valid():
        uploads.tell(kept, plan=form.plan(), units=units)
    return form


def _form(found: Look) -> MappingForm | None:
    if found.layout or not found.header:
        return None
    return MappingForm(header=found.header, plan=found.plan, questions=found.questions)


@login_required
@sent_from("sensor-import", "uuid", "number")
def discard(request: SignedIn, uuid: UUID, number: UUID) -> HttpResponse:
    sensor = editable_sensor(request.user, uuid)
    kept = _import(sensor, number)
    if kept.state == ImportState.RUNNING and not uploads.is_gone(kept, now=timezone.now()):
        messages.error(request, gettext("The import is running. Wait until it has ended."))
        return redirect("sensor-import", uuid, number)
    uploads.discard(kept)
    said = gettext("{file} is removed. The stored readings stay.")
    messages.success(request, said.format(file=kept.file_name))
    return redirect("sensor-imports", uuid)


@login_required
@require_safe
def refused(request: SignedIn, uuid: UUID, number: UUID) -> HttpResponseBase:
    sensor = editable_sensor(request.user, uuid)
    path = spool.refused_of(_import(sensor, number).uuid)
    if not path.exists():
        raise Http404(gettext("There is no such list, or it is older than a week."))
    return FileResponse(path.open("rb"), as_attachment=True, filename="refused.csv")


def _import(sensor: Sensor, number: UUID) -> FileImport:
    kept = FileImport.objects.filter(sensor=sensor, uuid=number).select_related("sensor__site").first()
    if kept is None:
        raise Http404
    return kept
