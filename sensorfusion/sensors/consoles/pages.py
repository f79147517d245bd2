"""The pages of weather consoles: unclaimed ones, claiming one, and the settings of a sensor's console."""

from dataclasses import dataclass
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db import transaction
from django.forms import BaseForm
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext, gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from sensorfusion.accounts.attempts import UNCOUNTED, Counted, take_back
from sensorfusion.accounts.pages import SignedIn
from sensorfusion.domain.networks import is_public
from sensorfusion.sensors.access import editable_sensor
from sensorfusion.sensors.consoles.forms import ClaimForm, IdentityForm, ReadingForm
from sensorfusion.sensors.consoles.models import UnclaimedConsole
from sensorfusion.sensors.consoles.services import (
    claim,
    console_of,
    is_alone,
    register_identity,
    register_passkey,
    release,
    seen_by,
    set_reading,
)
from sensorfusion.sensors.consoles.tries import count_claim
from sensorfusion.sensors.models import Sensor, Site
from sensorfusion.sensors.onboarding.pages import public_address
from sensorfusion.sensors.services import add_sensor
from sensorfusion.web.checks.posted import sent_from
from sensorfusion.web.forms import RefusedIn, told_to_wait

MOST_SHOWN = 20
NAME = gettext_lazy("Weather station")


@dataclass(frozen=True, slots=True)
class Row:
    """An unclaimed console that may be the reader's, and the form that claims it."""

    seen: UnclaimedConsole
    form: ClaimForm


@login_required
@never_cache
@require_safe
def seen(request: SignedIn) -> HttpResponse:
    return _seen_page(request)


@login_required
@sent_from("consoles")
def claim_console(request: SignedIn, number: int) -> HttpResponse:
    address = request.META.get("REMOTE_ADDR", "")
    if not seen_by(operator=request.user, address=address, now=timezone.now()).filter(pk=number).exists():
        raise Http404
    form = ClaimForm(request.POST, operator=request.user)
    if form.is_valid():
        with RefusedIn(form):
            sensor = _claim(request, form, number)
            messages.success(request, _bound(sensor))
            return redirect("sensor-start", sensor.uuid)
    return _seen_page(request, number, form)


def _claim(request: SignedIn, form: ClaimForm, number: int) -> Sensor:
    counted = UNCOUNTED
    if not is_alone(request.user):
        counted = count_claim(by=request.user, address=request.META.get("REMOTE_ADDR", ""), now=timezone.now())
    sensor = _claimed(request, form, number, counted)
    take_back(counted)
    return sensor


@transaction.atomic
def _claimed(request: SignedIn, form: ClaimForm, number: int, counted: Counted) -> Sensor:
    chosen, now, address = form.chosen(), timezone.now(), request.META.get("REMOTE_ADDR", "")
    if isinstance(chosen, Site):
        name = form.cleaned_data["name"] or str(NAME)
        chosen = add_sensor(by=request.user, site=chosen, now=now, name=name).sensor
    ending = form.cleaned_data["ending"]
    claim(by=request.user, number=number, sensor=chosen, address=address, ending=ending, counted=counted, now=now)
    return chosen


def _seen_page(request: SignedIn, number: int = 0, wrong: ClaimForm | None = None) -> HttpResponse:
    address = request.META.get("REMOTE_ADDR", "")
    found = seen_by(operator=request.user, address=address, now=timezone.now())[:MOST_SHOWN]
    rows = [Row(each, wrong if wrong and each.pk == number else _form(request, each)) for each in found]
    context = {
        "rows": rows,
        "alone": is_alone(request.user),
        "is_public": is_public(address),
        "address": public_address(request),
    }
    return told_to_wait(render(request, "sensors/consoles.html", context, status=400 if wrong else 200), wrong)


def _form(request: SignedIn, each: UnclaimedConsole) -> ClaimForm:
    return ClaimForm(operator=request.user, auto_id=f"id_{each.pk}_%s", initial={"name": each.model or NAME})


@login_required
@never_cache
def settings(request: SignedIn, uuid: UUID) -> HttpResponse:
    sensor = editable_sensor(request.user, uuid)
    if request.method != "POST":
        return _console_page(request, sensor)
    form = ReadingForm(request.POST, instance=console_of(sensor))
    if form.is_valid():
        with RefusedIn(form):
            set_reading(by=request.user, sensor=sensor, **form.details())
            messages.success(request, gettext("Saved."))
            return redirect("console", uuid)
    return _console_page(request, sensor, form=form)


@login_required
@sent_from("console", "uuid")
def identify(request: SignedIn, uuid: UUID) -> HttpResponse:
    sensor = editable_sensor(request.user, uuid)
    form = IdentityForm(request.POST)
    if form.is_valid():
        with RefusedIn(form):
            _register(request, sensor, form)
            messages.success(request, _bound(sensor))
            return redirect("console", uuid)
    return _console_page(request, sensor, identity=form)


def _register(request: SignedIn, sensor: Sensor, form: IdentityForm) -> None:
    given, address, now = form.cleaned_data, request.META.get("REMOTE_ADDR", ""), timezone.now()
    if given["passkey"]:
        register_passkey(by=request.user, sensor=sensor, passkey=given["passkey"], address=address, now=now)
    else:
        identity, password = given["station_id"], given["station_password"]
        register_identity(
            by=request.user, sensor=sensor, identity=identity, password=password, address=address, now=now
        )


@login_required
@sent_from("console", "uuid")
def forget(request: SignedIn, uuid: UUID) -> HttpResponse:
    sensor = editable_sensor(request.user, uuid)
    release(by=request.user, sensor=sensor)
    messages.success(request, gettext("Removed: only the sensor's key is accepted now."))
    return redirect("console", uuid)


def _bound(sensor: Sensor) -> str:
    return gettext("{sensor} now receives the readings of this console.").format(sensor=sensor.name)


def _console_page(request: SignedIn, sensor: Sensor, **forms: BaseForm) -> HttpResponse:
    console = console_of(sensor)
    context = {
        "sensor": sensor,
        "console": console,
        "is_bound": console.digest is not None,
        "form": forms.get("form") or ReadingForm(instance=console),
        "identity": forms.get("identity") or IdentityForm(),
    }
    response = render(request, "sensors/settings/console.html", context, status=400 if forms else 200)
    return told_to_wait(response, *forms.values())
