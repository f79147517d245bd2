"""The pages of handing a sensor over: the offer, for owners of its site, and the answer of the other side."""

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from sensorfusion.accounts.pages import SignedIn
from sensorfusion.accounts.signing_in.recent import after_proof
from sensorfusion.handover.forms import AcceptForm, OfferForm
from sensorfusion.handover.services import accept
from sensorfusion.sensors.access import editable_sensor
from sensorfusion.sensors.models import Sensor, SensorOffer
from sensorfusion.sensors.queries import may_own
from sensorfusion.sensors.transfer.offers import decline, offer_of, offers_to, withdraw
from sensorfusion.sensors.transfer.offers import offer as make_offer
from sensorfusion.web.checks.posted import sent_from
from sensorfusion.web.forms import RefusedAloud, RefusedIn


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@after_proof("sensor-hand-over", "uuid")
def offer(request: SignedIn, uuid: UUID) -> HttpResponse:
    """Show what becomes of a sensor that is handed over, and offer it."""
    sensor, now = editable_sensor(request.user, uuid), timezone.now()
    is_owner = may_own(operator=request.user, site=sensor.site)
    form = OfferForm(request.POST or None)
    if request.method == "POST":
        _require(is_owner)
        if form.is_valid():
            with RefusedIn(form):
                made = make_offer(by=request.user, sensor=sensor, email=form.cleaned_data["email"], now=now)
                said = gettext("{sensor} is offered to {email}, and stays here until they accept.")
                messages.success(request, said.format(sensor=sensor.name, email=made.email))
                return redirect("sensor-hand-over", uuid)
    context = {"sensor": sensor, "form": form, "offer": offer_of(sensor, now=now), "is_owner": is_owner}
    return render(request, "handover/offer.html", context)


@login_required
@sent_from("sensor-hand-over", "uuid")
def take_back(request: SignedIn, uuid: UUID) -> HttpResponse:
    sensor = _owned(request, uuid)
    found = offer_of(sensor, now=timezone.now())
    with RefusedAloud(request):
        if found:
            withdraw(by=request.user, offer=found)
            messages.success(request, gettext("The offer is withdrawn."))
    return redirect("sensor-hand-over", uuid)


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def answer(request: SignedIn, offer: UUID) -> HttpResponse:
    """Accept a sensor for one of one's sites."""
    now = timezone.now()
    found = _offered(request, offer)
    form = AcceptForm(request.POST or None, operator=request.user, initial={"name": found.sensor.name})
    if request.method == "POST" and form.is_valid():
        with RefusedIn(form):
            sensor = accept(operator=request.user, offer=found, now=now, **form.cleaned_data)
            messages.success(request, gettext("{sensor} is yours now.").format(sensor=sensor.name))
            return redirect("keys" if form.cleaned_data["revoke_keys"] else "sensor-settings", sensor.uuid)
    return render(request, "handover/answer.html", {"form": form, "offer": found})


@login_required
@sent_from("invitations")
def refuse(request: SignedIn, offer: UUID) -> HttpResponse:
    found = _offered(request, offer)
    with RefusedAloud(request):
        decline(operator=request.user, offer=found, now=timezone.now())
        messages.success(request, gettext("You declined {sensor}.").format(sensor=found.sensor.name))
    return redirect("invitations")


def _owned(request: SignedIn, uuid: UUID) -> Sensor:
    sensor = editable_sensor(request.user, uuid)
    _require(may_own(operator=request.user, site=sensor.site))
    return sensor


def _require(is_owner: bool) -> None:
    if not is_owner:
        raise PermissionDenied


def _offered(request: SignedIn, uuid: UUID) -> SensorOffer:
    found: SensorOffer = get_object_or_404(offers_to(request.user, now=timezone.now()), uuid=uuid)
    return found
