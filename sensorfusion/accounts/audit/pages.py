"""The page of an audit log; `sensors.sites.audit_pages` shows that of a site with it."""

from typing import Final

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from sensorfusion.accounts.audit.models import AuditEntry
from sensorfusion.accounts.audit.queries import entries_of
from sensorfusion.accounts.pages import SignedIn

ON_A_PAGE: Final = 50


@login_required
@never_cache
@require_safe
def own(request: SignedIn) -> HttpResponse:
    entries = entries_of(request.user, now=timezone.now())
    about = gettext("Your sign-ins, and what you changed of rights and secrets.")
    return audit_page(request, entries, title=gettext("Account"), about=about, back=reverse("account"), time_zone="UTC")


def audit_page(
    request: HttpRequest, entries: QuerySet[AuditEntry], *, title: str, about: str, back: str, time_zone: str
) -> HttpResponse:
    """Render one page of entries, with times in a time zone and a link back to what they are about."""
    shown = Paginator(entries, ON_A_PAGE).get_page(request.GET.get("page"))
    context = {"entries": shown, "title": title, "about": about, "back": back, "time_zone": time_zone}
    return render(request, "accounts/audit.html", context)
