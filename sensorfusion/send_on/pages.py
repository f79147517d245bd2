"""The pages of a sensor's destinations: their status, for members; adding, pausing and removing, for editors."""

from uuid import UUID
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from sensorfusion.accounts.pages import SignedIn
from sensorfusion.clock import utc_now
from sensorfusion.send_on import services
from sensorfusion.send_on.forms import DestinationForm
from sensorfusion.send_on.models import Destination
from sensorfusion.send_on.preview import preview
from sensorfusion.send_on.queries import destinations_of
from sensorfusion.send_on.status import progress_of, status_of
from sensorfusion.send_on.targets.catalogue import TARGETS
from sensorfusion.sensors.access import editable_sensor, sensor_or_404
from sensorfusion.sensors.models import Sensor
from sensorfusion.sensors.queries import may_edit
from sensorfusion.web.checks.posted import sent_from
from sensorfusion.web.forms import RefusedAloud, RefusedIn


@login_required
@never_cache
@require_safe
def destinations(request: SignedIn, uuid: UUID) -> HttpResponse:
    sensor, now = sensor_or_404(request.user, uuid), timezone.now()
    zone = sensor.site.time_zone
    listed = [
        (each, TARGETS[each.network], _shown(each), status_of(each, time_zone=zone, now=now), _tone(each))
        for each in destinations_of(sensor)
    ]
    is_editor = may_edit(operator=request.user, site=sensor.site)
    context = {"sensor": sensor, "listed": listed, "targets": TARGETS.values(), "may_edit": is_editor}
    return render(request, "send_on/destinations.html", context)


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def add(request: SignedIn, uuid: UUID, network: str) -> HttpResponse:
    sensor = editable_sensor(request.user, uuid)
    target = TARGETS.get(network)
    if target is None:
        raise Http404
    form = DestinationForm(request.POST if request.method == "POST" else None, target=target)
    if form.is_valid():
        with RefusedIn(form):
            services.add_destination(
                by=request.user, sensor=sensor, network=network, account=form.account(), now=timezone.now(),
                interval_s=form.cleaned_data["interval_s"],
            )  # fmt: skip
            added = gettext("Added. The newest reading goes to {network} within seconds.")
            messages.success(request, added.format(network=gettext(target.name)))
            return redirect("sensor-send-on", uuid)
    zone = ZoneInfo(sensor.site.time_zone)
    context = {
        "sensor": sensor, "target": target, "name": gettext(target.name), "form": form,
        "preview": preview(sensor, target), "zone": zone,
    }  # fmt: skip
    return render(request, "send_on/add.html", context, status=400 if form.errors else 200)


@login_required
@sent_from("sensor-send-on", "uuid")
def act(request: SignedIn, uuid: UUID, destination: UUID) -> HttpResponse:
    sensor = editable_sensor(request.user, uuid)
    found = _found(sensor, destination)
    with RefusedAloud(request):
        _act(request, found)
    return redirect("sensor-send-on", uuid)


def _act(request: SignedIn, found: Destination) -> None:
    name, by = gettext(TARGETS[found.network].name), request.user
    match request.POST.get("action"):
        case "pause" | "resume" as action:
            services.change_destination(by=by, destination=found, now=timezone.now(), is_on=action == "resume")
            said = gettext("{name} is resumed.") if action == "resume" else gettext("{name} is paused.")
            messages.success(request, said.format(name=name))
        case "now":
            came = services.send_now(by=by, destination=found, now=utc_now)
            (messages.success if came.is_sent else messages.error)(request, came.said)
        case "remove":
            services.remove_destination(by=by, destination=found)
            messages.success(request, gettext("{name} is removed. What was sent stays there.").format(name=name))


def _found(sensor: Sensor, destination: UUID) -> Destination:
    found = destinations_of(sensor).filter(uuid=destination).first()
    if found is None:
        raise Http404
    return found


def _shown(destination: Destination) -> list[str]:
    """Return the entries of the account that are not secret, apart from those of several lines."""
    entries = TARGETS[destination.network].account
    return [text for entry in entries if not entry.lines and (text := destination.account.get(entry.name))]


def _tone(destination: Destination) -> str:
    progress = progress_of(destination)
    return "warning" if progress is not None and progress.failing_since else "info"
