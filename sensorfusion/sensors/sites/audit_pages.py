"""The page of a site's audit log, for its owners."""

from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from sensorfusion.accounts.audit.pages import audit_page
from sensorfusion.accounts.audit.queries import entries_of_site
from sensorfusion.accounts.pages import SignedIn
from sensorfusion.sensors.access import site_or_404
from sensorfusion.sensors.queries import may_own


@login_required
@never_cache
@require_safe
def of_site(request: SignedIn, uuid: UUID) -> HttpResponse:
    site = site_or_404(request.user, uuid)
    if not may_own(operator=request.user, site=site):
        raise PermissionDenied
    back = reverse("site-settings", args=[uuid])
    entries = entries_of_site(site, now=timezone.now())
    about = gettext("Changes of members, keys and sensors, and exports.")
    return audit_page(request, entries, title=site.name, about=about, back=back, time_zone=site.time_zone)
