"""The page on which editors change a sensor's quality checks."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache

from sensorfusion.accounts.pages import SignedIn
from sensorfusion.domain.refusals import Refusal
from sensorfusion.sensors.access import editable_sensor
from sensorfusion.sensors.models import Sensor
from sensorfusion.sensors.naming.queries import presentation_of
from sensorfusion.sensors.quality import services as quality
from sensorfusion.sensors.quality.rows import Reader, faults, given, rows
from sensorfusion.web.checks.faults import Fault
from sensorfusion.web.values.reader import units_of


@login_required
@never_cache
def checks(request: SignedIn, uuid: UUID) -> HttpResponse:
    sensor = editable_sensor(request.user, uuid)
    if request.method != "POST":
        return _page(request, sensor)
    reader, is_reset = _reader(request, sensor), "reset" in request.POST
    if not is_reset and (wrong := faults(request.POST, reader)):
        return _page(request, sensor, wrong)
    own: dict[str, Any] = {} if is_reset else given(request.POST, quality.own_checks(sensor=sensor), reader)
    try:
        quality.set_checks(by=request.user, sensor=sensor, own=own, now=timezone.now())
    except Refusal as refused:
        return _page(request, sensor, [Fault(gettext(refused.detail))])
    messages.success(request, gettext("Saved. The readings of the last month are checked again."))
    return redirect("sensor-quality", uuid)


def _reader(request: SignedIn, sensor: Sensor) -> Reader:
    return Reader(presentation_of(sensor), units_of(request))


def _page(request: SignedIn, sensor: Sensor, wrong: list[Fault] | None = None) -> HttpResponse:
    own = quality.own_checks(sensor=sensor)
    typed, reader = request.POST if wrong else None, _reader(request, sensor)
    shown = rows(sensor, own, reader, typed, wrong or [])
    context = {
        "sensor": sensor,
        "rows": shown,
        "note": reader.note(each.quantity for each in shown),
        "changed": quality.settings_of(sensor=sensor) if own else None,
        "faults": wrong or [],
    }
    return render(request, "sensors/settings/quality.html", context, status=400 if wrong else 200)
