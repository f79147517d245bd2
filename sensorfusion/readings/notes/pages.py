"""The page of a sensor's notes, which members read and editors write, and that of one note."""

from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from sensorfusion.accounts.pages import SignedIn
from sensorfusion.readings.models import Note
from sensorfusion.readings.notes.forms import NoteForm
from sensorfusion.readings.notes.queries import notes_of
from sensorfusion.readings.notes.services import change_note, delete_note, make_note
from sensorfusion.sensors.access import editable_sensor, sensor_or_404
from sensorfusion.sensors.models import Sensor
from sensorfusion.sensors.queries import may_edit
from sensorfusion.web.checks.posted import sent_from
from sensorfusion.web.forms import RefusedIn


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def notes(request: SignedIn, uuid: UUID) -> HttpResponse:
    sensor = sensor_or_404(request.user, uuid)
    is_editor = may_edit(operator=request.user, site=sensor.site)
    if request.method == "POST" and not is_editor:
        raise PermissionDenied
    form = NoteForm(request.POST if request.method == "POST" else None, sensor=sensor)
    if form.is_valid():
        with RefusedIn(form):
            make_note(by=request.user, sensor=sensor, now=timezone.now(), **form.columns())
            return _done(request, sensor, gettext("Noted. It is shown on the charts and in the reports."))
    listed = notes_of(sensor=sensor)
    return _shown(request, "readings/notes.html", sensor, form, notes=listed, may_edit=is_editor)


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def note(request: SignedIn, uuid: UUID, note: UUID) -> HttpResponse:
    sensor = editable_sensor(request.user, uuid)
    found = _note(sensor, note)
    form = NoteForm(request.POST if request.method == "POST" else None, sensor=sensor, note=found)
    if form.is_valid():
        with RefusedIn(form):
            change_note(by=request.user, note=found, now=timezone.now(), **form.columns())
            return _done(request, sensor, gettext("Saved."))
    return _shown(request, "readings/note.html", sensor, form, note=found)


@login_required
@sent_from("sensor-note-page", "uuid", "note")
def delete(request: SignedIn, uuid: UUID, note: UUID) -> HttpResponse:
    sensor = editable_sensor(request.user, uuid)
    delete_note(by=request.user, note=_note(sensor, note))
    return _done(request, sensor, gettext("The note is deleted."))


def _note(sensor: Sensor, uuid: UUID) -> Note:
    found = notes_of(sensor=sensor).select_related("sensor__site", "made_by").filter(uuid=uuid).first()
    if found is None:
        raise Http404
    return found


def _done(request: SignedIn, sensor: Sensor, words: str) -> HttpResponse:
    messages.success(request, words)
    return redirect("sensor-notes-page", sensor.uuid)


def _shown(request: SignedIn, template: str, sensor: Sensor, form: NoteForm, **more: Any) -> HttpResponse:
    context = {"sensor": sensor, "form": form, "zone": ZoneInfo(sensor.site.time_zone), **more}
    return render(request, template, context, status=400 if form.errors else 200)
