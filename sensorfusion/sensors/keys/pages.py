"""Creating and revoking a sensor's keys."""

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone

from sensorfusion.accounts.pages import SignedIn
from sensorfusion.sensors.access import editable_sensor
from sensorfusion.sensors.onboarding.pages import show_once
from sensorfusion.sensors.queries import keys_of
from sensorfusion.sensors.services import revoke_key, rotate_key
from sensorfusion.web.checks.posted import sent_from
from sensorfusion.web.forms import RefusedAloud


@login_required
@sent_from("sensor-settings", "uuid")
def rotate(request: SignedIn, uuid: UUID) -> HttpResponse:
    sensor = editable_sensor(request.user, uuid)
    back = "sensor-start" if request.POST.get("back") == "start" else "sensor-settings"
    with RefusedAloud(request):
        revoke_old = request.POST.get("revoke_old") == "on"
        show_once(request, rotate_key(by=request.user, sensor=sensor, now=timezone.now(), revoke_old=revoke_old))
    return redirect(back, uuid)


@login_required
@sent_from("sensor-settings", "uuid")
def revoke(request: SignedIn, uuid: UUID, number: int) -> HttpResponse:
    sensor = editable_sensor(request.user, uuid)
    key = keys_of(sensor).filter(pk=number).first()
    if key is None:
        raise Http404
    with RefusedAloud(request):
        revoke_key(by=request.user, key=key, now=timezone.now())
        messages.success(request, f"The key {key} is revoked: requests with it are now refused.")
    return redirect("sensor-settings", uuid)
