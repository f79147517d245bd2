"""The downloads of a site's archive, for owners, and of one's own account."""

from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.http import require_safe

from sensorfusion.accounts.audit.models import Action
from sensorfusion.accounts.audit.services import record
from sensorfusion.accounts.pages import SignedIn
from sensorfusion.readings.export.account_api import archive_of
from sensorfusion.readings.export.api import attachment
from sensorfusion.readings.export.site_archive import CONTENT_TYPE, SiteArchive
from sensorfusion.sensors.access import site_or_404
from sensorfusion.sensors.queries import may_own
from sensorfusion.web.forms import RefusedAloud


@login_required
@require_safe
def site_archive(request: SignedIn, uuid: UUID) -> HttpResponseBase:
    """Return the archive; only owners may have it, because it contains the members' email addresses."""
    site = site_or_404(request.user, uuid)
    if not may_own(operator=request.user, site=site):
        raise PermissionDenied
    answer: HttpResponseBase | None = None
    with RefusedAloud(request), transaction.atomic():
        record(Action.SITE_EXPORTED, by=request.user, site=site, subject=site.name)
        answer = attachment(
            SiteArchive(site, now=timezone.now()).chunks(),
            by=request.user.pk,
            name=f"{site.name}.zip",
            content=CONTENT_TYPE,
        )
    return answer or _back(uuid)


@login_required
@require_safe
def account_archive(request: SignedIn) -> HttpResponseBase:
    """Return the archive of the reader's own account."""
    answer: HttpResponseBase | None = None
    with RefusedAloud(request):
        answer = archive_of(request.user)
    return answer or redirect("account")


def _back(uuid: UUID) -> HttpResponse:
    return redirect("site-settings", uuid)
