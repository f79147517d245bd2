"""The page of a sensor's links, which its editors read and write."""

from uuid import UUID
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from sensorfusion.accounts.pages import SignedIn
from sensorfusion.reports.queries import stations
from sensorfusion.sensors.access import editable_sensor
from sensorfusion.sharing.counting import VIEWS
from sensorfusion.sharing.forms import ShareForm
from sensorfusion.sharing.models import Share
from sensorfusion.sharing.queries import shares_of
from sensorfusion.sharing.services import end_share, make_share
from sensorfusion.web.checks.posted import sent_from
from sensorfusion.web.forms import RefusedAloud, RefusedIn
from sensorfusion.web.values.qr import code_of


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def shares(request: SignedIn, uuid: UUID) -> HttpResponse:
    sensor, now = editable_sensor(request.user, uuid), timezone.now()
    (station,) = stations([sensor], now=now)
    form = ShareForm(request.POST if request.method == "POST" else None, station=station)
    if form.is_valid():
        with RefusedIn(form):
            make_share(by=request.user, sensor=sensor, now=now, **form.columns())
            messages.success(request, "The link is made. Copy it from the list.")
            return redirect("sensor-shares-page", sensor.uuid)
    VIEWS.write()
    listed = [
        (each, link, labels, code_of(link) if link else None)
        for each in shares_of(sensor, now=now)
        for link in [request.build_absolute_uri(reverse("share", args=[each.token])) if each.token else ""]
        for labels in [[station.looks(name).label for name in each.share.quantities]]
    ]
    context = {"sensor": sensor, "form": form, "listed": listed, "zone": ZoneInfo(sensor.site.time_zone)}
    return render(request, "sharing/shares.html", context, status=400 if form.errors else 200)


@login_required
@sent_from("sensor-shares-page", "uuid")
def end(request: SignedIn, uuid: UUID, share: UUID) -> HttpResponse:
    sensor = editable_sensor(request.user, uuid)
    found = Share.objects.select_related("sensor__site").filter(sensor=sensor, uuid=share, page=None).first()
    if found is None:
        raise Http404
    with RefusedAloud(request):
        end_share(by=request.user, share=found)
        messages.success(request, f"The link “{found.name}” is revoked.")
    return redirect("sensor-shares-page", sensor.uuid)
