"""The pages of sensors: list by site, registration, settings, deletion."""

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db import transaction
from django.forms import BaseForm
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from sensorfusion.accounts.models import Operator
from sensorfusion.accounts.pages import SignedIn
from sensorfusion.sensors.access import editable_sensor
from sensorfusion.sensors.forms import NewSensorForm, SensorForm
from sensorfusion.sensors.models import Sensor
from sensorfusion.sensors.naming.unknown_names import forget_unknown_names, unknown_names_of
from sensorfusion.sensors.notices.queries import with_unknown_devices
from sensorfusion.sensors.onboarding.pages import show_once
from sensorfusion.sensors.polls.services import polling_status
from sensorfusion.sensors.queries import keys_of, sites_with_role, visible_sensors
from sensorfusion.sensors.services import (
    IssuedKey,
    add_sensor,
    create_site,
    delete_sensor,
    pause,
    resume,
    update_sensor,
)
from sensorfusion.sensors.sites.states import state_of
from sensorfusion.sensors.sites.time_zones import time_zones
from sensorfusion.sensors.transfer.offers import offers_to
from sensorfusion.web.checks.posted import sent_from
from sensorfusion.web.forms import RefusedAloud, RefusedIn, TypedConfirmation


@login_required
@require_safe
def sensors(request: SignedIn) -> HttpResponse:
    found = visible_sensors(request.user).select_related("state", "site").order_by("name", "id")
    rows: dict[int, list[tuple[Sensor, str]]] = {}
    for sensor in found:
        rows.setdefault(sensor.site_id, []).append((sensor, state_of(sensor)))
    found_sites = with_unknown_devices(sites_with_role(request.user), now=timezone.now())
    sites = [(site, site.may_edit, rows.get(site.pk, [])) for site in found_sites]  # type: ignore[attr-defined]  # the query annotates it
    context = {
        "sites": sites,
        "unknown_names": unknown_names_of(request.user),
        "offers": offers_to(request.user, now=timezone.now()),
    }
    return render(request, "sensors/sensors.html", context)


@login_required
@sent_from("sensors")
def forget(request: SignedIn) -> HttpResponse:
    forget_unknown_names(operator=request.user)
    return redirect("sensors")


@login_required
def new(request: SignedIn) -> HttpResponse:
    start = {name: request.GET.get(name, "") for name in ("name", "site", "external_id")}
    form = NewSensorForm(request.POST or None, operator=request.user, initial=start)
    if request.method == "POST" and form.is_valid():
        with RefusedIn(form):
            issued = _register(request.user, form)
            show_once(request, issued)
            return redirect("sensor-start", issued.sensor.uuid)
    return render(request, "sensors/sensor-new.html", {"form": form, "time_zones": sorted(time_zones())})


@transaction.atomic
def _register(operator: Operator, form: NewSensorForm) -> IssuedKey:
    now = timezone.now()
    site = form.chosen_site() or create_site(by=operator, now=now, **form.site_details())
    return add_sensor(by=operator, site=site, now=now, **form.details())


@login_required
@never_cache
def settings(request: SignedIn, uuid: UUID) -> HttpResponse:
    sensor = editable_sensor(request.user, uuid)
    if request.method != "POST":
        return sensor_page(request, sensor)
    form = SensorForm(request.POST, instance=sensor, operator=request.user)
    if form.is_valid():
        before = editable_sensor(request.user, uuid)
        with RefusedIn(form):
            update_sensor(by=request.user, sensor=before, site=form.cleaned_data["site"], **form.details())
            messages.success(request, gettext("Saved."))
            return redirect("sensor-settings", uuid)
    return sensor_page(request, editable_sensor(request.user, uuid), form=form)


@login_required
@sent_from("sensor-settings", "uuid")
def status(request: SignedIn, uuid: UUID) -> HttpResponse:
    sensor = editable_sensor(request.user, uuid)
    with RefusedAloud(request):
        if request.POST.get("to") == "paused":
            pause(by=request.user, sensor=sensor)
            said = gettext("{sensor} is paused: its readings are refused until you resume it.")
            messages.success(request, said.format(sensor=sensor.name))
        else:
            resume(by=request.user, sensor=sensor)
            messages.success(request, gettext("{sensor} is resumed.").format(sensor=sensor.name))
    return redirect("sensor-settings", uuid)


@login_required
@sent_from("sensor-settings", "uuid")
def delete(request: SignedIn, uuid: UUID) -> HttpResponse:
    sensor = editable_sensor(request.user, uuid)
    form = TypedConfirmation(request.POST, name=sensor.name)
    if form.is_valid():
        with RefusedIn(form):
            delete_sensor(by=request.user, sensor=sensor)
            said = gettext("{sensor} is deleted, with all its readings.")
            messages.success(request, said.format(sensor=sensor.name))
            return redirect("sensors")
    return sensor_page(request, sensor, confirmation=form)


def sensor_page(request: SignedIn, sensor: Sensor, **forms: BaseForm) -> HttpResponse:
    """Render a sensor's settings; `forms` are bound forms with errors."""
    context = {
        "sensor": sensor,
        "state": state_of(sensor),
        "form": forms.get("form") or SensorForm(instance=sensor, operator=request.user),
        "confirmation": forms.get("confirmation") or TypedConfirmation(name=sensor.name),
        "polling": polling_status(sensor, now=timezone.now()),
        "has_key": keys_of(sensor).filter(revoked_at=None).exists(),
    }
    return render(request, "sensors/settings/general.html", context, status=400 if forms else 200)
