"""The page by which editors share a site, change what is shown, and end it."""

from uuid import UUID
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext, ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from sensorfusion.accounts.models import Operator
from sensorfusion.accounts.pages import SignedIn
from sensorfusion.reports.queries import Station, stations
from sensorfusion.sensors.access import site_or_404
from sensorfusion.sensors.models import Site
from sensorfusion.sensors.queries import may_edit
from sensorfusion.sharing.counting import VIEWS_OF_PAGES
from sensorfusion.sharing.models import SiteShare
from sensorfusion.sharing.sites.forms import SiteShareForm
from sensorfusion.sharing.sites.queries import is_open, link_of, page_of_site
from sensorfusion.sharing.sites.services import end_page, share_site
from sensorfusion.sharing.words import history_inside, place_inside
from sensorfusion.web.checks.posted import sent_from
from sensorfusion.web.forms import RefusedAloud, RefusedIn
from sensorfusion.web.values.qr import code_of


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def sharing(request: SignedIn, uuid: UUID) -> HttpResponse:
    site, now = _editable(request.user, uuid), timezone.now()
    found = stations(list(site.sensors.select_related("site").order_by("name", "id")), now=now)
    page = page_of_site(site)
    form = SiteShareForm(request.POST if request.method == "POST" else None, site=site, stations=found, page=page)
    if form.is_valid():
        with RefusedIn(form):
            share_site(by=request.user, site=site, shown=form.shown(), now=now)
            saved = gettext("Saved. Open pages show it already.")
            messages.success(request, saved if page else gettext("The site is shared."))
            return redirect("site-sharing", site.uuid)
    VIEWS_OF_PAGES.write()
    page = page_of_site(site)
    context = {"site": site, "form": form, "page": page, "zone": ZoneInfo(site.time_zone)}
    if page:
        context |= {
            **_told(request, page),
            "is_open": is_open(page, now=now),
            "sentence": sentence(page),
            "others": _left_out(found, page),
        }
    return render(request, "sharing/sites/sharing.html", context, status=400 if form.errors else 200)


@login_required
@sent_from("site-sharing", "uuid")
def end_sharing(request: SignedIn, uuid: UUID) -> HttpResponse:
    site = _editable(request.user, uuid)
    page = page_of_site(site)
    if page is None:
        raise Http404
    with RefusedAloud(request):
        end_page(by=request.user, page=page)
        text = gettext("{name} is private. Its page and those of its sensors are ended.")
        messages.success(request, text.format(name=site.name))
    return redirect("site-sharing", site.uuid)


def sentence(page: SiteShare) -> str:
    """Say what visitors see."""
    parts = list(page.parts.all())
    many = sum(len(part.quantities) for part in parts)
    sensors = ngettext("{count} sensor", "{count} sensors", len(parts)).format(count=len(parts))
    told = ngettext("{count} quantity of {sensors}", "{count} quantities of {sensors}", many)
    by_link = gettext("Anybody who has the link sees {quantities}, {history} and {place}.")
    public = gettext("Everybody, search engines too, sees {quantities}, {history} and {place}.")
    return (public if page.slug else by_link).format(
        quantities=told.format(count=many, sensors=sensors),
        history=history_inside(page.history),
        place=place_inside(page.grid),
    )


def _editable(operator: Operator, uuid: UUID) -> Site:
    """:raises Http404: if the operator may not see the site. :raises PermissionDenied: for its viewers."""
    site = site_or_404(operator, uuid)
    if not may_edit(operator=operator, site=site):
        raise PermissionDenied
    return site


def _told(request: HttpRequest, page: SiteShare) -> dict[str, object]:
    link = link_of(page)
    url = request.build_absolute_uri(reverse("site-page", args=[link])) if link else ""
    return {"link": url, "code": code_of(url) if url else None}


def _left_out(found: list[Station], page: SiteShare) -> list[str]:
    """Return the names of the sensors that the page does not show, such as those added later."""
    shown = {part.sensor_id for part in page.parts.all()}
    return [station.sensor.name for station in found if station.sensor.pk not in shown]
