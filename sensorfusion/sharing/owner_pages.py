"""The page of a sensor's links, and of what everybody sees of it, which its editors read and write."""

from datetime import datetime
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from sensorfusion.accounts.pages import SignedIn
from sensorfusion.reports.queries import Station, stations
from sensorfusion.sensors.access import editable_sensor
from sensorfusion.sharing.counting import VIEWS
from sensorfusion.sharing.forms import ShareForm
from sensorfusion.sharing.models import Share, SiteShare
from sensorfusion.sharing.queries import shares_of
from sensorfusion.sharing.services import end_share, make_share
from sensorfusion.sharing.sites.publishing import end_public, is_public, make_public
from sensorfusion.sharing.sites.publishing_forms import PublicForm, place_of, sentence
from sensorfusion.sharing.sites.queries import page_of_site
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
            messages.success(request, gettext("The link is made. Copy it from the list."))
            return redirect("sensor-shares-page", sensor.uuid)
    return _page(request, station, now=now, form=form)


@login_required
@never_cache
@sent_from("sensor-shares-page", "uuid")
def publish(request: SignedIn, uuid: UUID) -> HttpResponse:
    sensor, now = editable_sensor(request.user, uuid), timezone.now()
    (station,) = stations([sensor], now=now)
    form = PublicForm(request.POST, station=station, page=page_of_site(sensor.site))
    if form.is_valid():
        with RefusedIn(form):
            make_public(by=request.user, sensor=sensor, now=now, **form.cleaned_data)
            messages.success(request, gettext("{name} is public.").format(name=sensor.name))
            return redirect("sensor-shares-page", sensor.uuid)
    return _page(request, station, now=now, public=form)


@login_required
@sent_from("sensor-shares-page", "uuid")
def unpublish(request: SignedIn, uuid: UUID) -> HttpResponse:
    sensor = editable_sensor(request.user, uuid)
    with RefusedAloud(request):
        end_public(by=request.user, sensor=sensor, now=timezone.now())
        messages.success(request, gettext("{name} is no longer public.").format(name=sensor.name))
    return redirect("sensor-shares-page", sensor.uuid)


@login_required
@sent_from("sensor-shares-page", "uuid")
def end(request: SignedIn, uuid: UUID, share: UUID) -> HttpResponse:
    sensor = editable_sensor(request.user, uuid)
    found = Share.objects.select_related("sensor__site").filter(sensor=sensor, uuid=share, page=None).first()
    if found is None:
        raise Http404
    with RefusedAloud(request):
        end_share(by=request.user, share=found)
        messages.success(request, gettext("The link “{name}” is revoked.").format(name=found.name))
    return redirect("sensor-shares-page", sensor.uuid)


def _page(
    request: SignedIn,
    station: Station,
    *,
    now: datetime,
    form: ShareForm | None = None,
    public: PublicForm | None = None,
) -> HttpResponse:
    """Render the page, with the form that was refused if there is one."""
    VIEWS.write()
    sensor, page = station.sensor, page_of_site(station.sensor.site)
    form = form or ShareForm(station=station)
    public = public or PublicForm(station=station, page=page)
    listed = [
        (each, link, labels, code_of(link) if link else None)
        for each in shares_of(sensor, now=now)
        for link in [request.build_absolute_uri(reverse("share", args=[each.token])) if each.token else ""]
        for labels in [[station.looks(name).label for name in each.share.quantities]]
    ]
    context = {"sensor": sensor, "form": form, "listed": listed, "zone": station.zone, "public": public}
    context |= _told(request, station, page, now=now) if page else {}
    return render(request, "sharing/shares.html", context, status=400 if form.errors or public.errors else 200)


def _told(request: SignedIn, station: Station, page: SiteShare, *, now: datetime) -> dict[str, object]:
    """Say what the page of the site shows of the sensor, or would show of it."""
    part = next((each for each in page.parts.all() if each.sensor_id == station.sensor.pk), None)
    return {
        "page": page,
        "is_public": is_public(page, now=now),
        "address": request.build_absolute_uri(reverse("site-page", args=[page.slug])) if page.slug else "",
        "sentence": sentence(part, page, station) if part else "",
        "place": place_of(page, station),
    }
