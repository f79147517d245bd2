"""The page of a sensor's keys: which there are, creating and revoking them."""

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache

from sensorfusion.accounts.pages import SignedIn
from sensorfusion.sensors.access import editable_sensor
from sensorfusion.sensors.models import Sensor
from sensorfusion.sensors.onboarding.pages import show_once, shown_key
from sensorfusion.sensors.queries import keys_of
from sensorfusion.sensors.services import revoke_key, rotate_key
from sensorfusion.web.checks.posted import sent_from
from sensorfusion.web.forms import RefusedAloud


@login_required
@never_cache
def keys(request: SignedIn, uuid: UUID) -> HttpResponse:
    sensor = editable_sensor(request.user, uuid)
    if request.method == "POST":
        return _rotate(request, sensor)
    found = keys_of(sensor)
    context = {
        "sensor": sensor,
        "keys": found.filter(revoked_at=None),
        "revoked": found.exclude(revoked_at=None),
        "new_key": shown_key(request, sensor),
    }
    return render(request, "sensors/settings/keys.html", context)


def _rotate(request: SignedIn, sensor: Sensor) -> HttpResponse:
    back = "sensor-start" if request.POST.get("back") == "start" else "keys"
    with RefusedAloud(request):
        revoke_old = request.POST.get("revoke_old") == "on"
        show_once(request, rotate_key(by=request.user, sensor=sensor, now=timezone.now(), revoke_old=revoke_old))
    return redirect(back, sensor.uuid)


@login_required
@sent_from("keys", "uuid")
def revoke(request: SignedIn, uuid: UUID, number: int) -> HttpResponse:
    sensor = editable_sensor(request.user, uuid)
    key = keys_of(sensor).filter(pk=number).first()
    if key is None:
        raise Http404
    with RefusedAloud(request):
        revoke_key(by=request.user, key=key, now=timezone.now())
        said = gettext("The key {key} is revoked: requests with it are now refused.")
        messages.success(request, said.format(key=key))
    return redirect("keys", uuid)
