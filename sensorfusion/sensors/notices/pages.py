"""Forms that clear notices; they are shown on the pages of their sensor or site."""

from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from sensorfusion.accounts.pages import SignedIn
from sensorfusion.sensors.access import editable_sensor, site_or_404
from sensorfusion.sensors.notices.services import Kind, clear_notices, clear_notices_of_site
from sensorfusion.sensors.queries import may_edit
from sensorfusion.web.checks.posted import sent_from


@login_required
@sent_from("sensor", "uuid")
def of_sensor(request: SignedIn, uuid: UUID) -> HttpResponse:
    sensor = editable_sensor(request.user, uuid)
    clear_notices(by=request.user, sensor=sensor, kind=_chosen(request))
    return redirect("sensor-start" if request.POST.get("back") == "start" else "sensor", uuid)


@login_required
@sent_from("site-settings", "uuid")
def of_site(request: SignedIn, uuid: UUID) -> HttpResponse:
    site = site_or_404(request.user, uuid)
    if not may_edit(operator=request.user, site=site):
        raise PermissionDenied
    clear_notices_of_site(by=request.user, site=site, kind=_chosen(request))
    return redirect("site-settings", uuid)


def _chosen(request: HttpRequest) -> Kind | None:
    """Return the kind of the one notice to clear; None for all of them."""
    code = request.POST.get("code", "")
    return (code, request.POST.get("subject", "")) if code else None
