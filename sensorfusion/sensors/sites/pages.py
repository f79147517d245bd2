"""The pages of a site: location, members, deletion."""

from uuid import UUID
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.forms import BaseForm
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext

from sensorfusion.accounts.forms import TokenForm
from sensorfusion.accounts.models import Role, TokenScope
from sensorfusion.accounts.pages import SignedIn
from sensorfusion.sensors.access import site_or_404
from sensorfusion.sensors.forms import InvitationForm, SiteForm
from sensorfusion.sensors.keeping_pages import KeepingForm
from sensorfusion.sensors.models import Site
from sensorfusion.sensors.notices.queries import OF_QUOTAS, notices_of_site
from sensorfusion.sensors.notices.words import told
from sensorfusion.sensors.queries import may_edit, may_own, removed_of, role_at
from sensorfusion.sensors.quotas.queries import usage_of_operator, usage_of_site
from sensorfusion.sensors.services import create_site, delete_site, update_site
from sensorfusion.sensors.sites.invitations import invitations_of
from sensorfusion.sensors.sites.mailing import with_mail
from sensorfusion.sensors.sites.membership import members, with_keys
from sensorfusion.sensors.sites.states import state_of
from sensorfusion.sensors.sites.time_zones import time_zones
from sensorfusion.web.checks.posted import sent_from
from sensorfusion.web.forms import RefusedIn, TypedConfirmation


@login_required
def new(request: SignedIn) -> HttpResponse:
    form = SiteForm(request.POST or None, initial={"time_zone": ""})
    if request.method == "POST" and form.is_valid():
        with RefusedIn(form):
            site = create_site(by=request.user, now=timezone.now(), **form.details())
            said = gettext("{site} has been created. Now register its first sensor.")
            messages.success(request, said.format(site=site.name))
            return redirect("site-settings", site.uuid)
    return render(request, "sensors/site-new.html", {"form": form, "time_zones": sorted(time_zones())})


@login_required
def settings(request: SignedIn, uuid: UUID) -> HttpResponse:
    site = site_or_404(request.user, uuid)
    if request.method != "POST":
        return site_page(request, site)
    if not may_edit(operator=request.user, site=site):
        raise PermissionDenied
    form = SiteForm(request.POST, instance=site)
    if form.is_valid():
        with RefusedIn(form):
            update_site(by=request.user, site=site, **form.details())
            messages.success(request, gettext("Saved."))
            return redirect("site-settings", site.uuid)
    return site_page(request, site_or_404(request.user, uuid), form=form)


@login_required
@sent_from("site-settings", "uuid")
def delete(request: SignedIn, uuid: UUID) -> HttpResponse:
    site = site_or_404(request.user, uuid)
    if not may_own(operator=request.user, site=site):
        raise PermissionDenied
    form = TypedConfirmation(request.POST, name=site.name)
    if form.is_valid():
        with RefusedIn(form):
            delete_site(by=request.user, site=site)
            said = gettext("{site} is deleted, with its sensors and their readings.")
            messages.success(request, said.format(site=site.name))
            return redirect("sensors")
    return site_page(request, site, confirmation=form)


def site_page(request: SignedIn, site: Site, **forms: BaseForm) -> HttpResponse:
    """Render a site's page; `forms` are bound forms with errors."""
    rows = [(each, state_of(each)) for each in site.sensors.select_related("state").order_by("name")]
    edits = may_edit(operator=request.user, site=site)
    owns = may_own(operator=request.user, site=site)
    now = timezone.now()
    notices = told(notices_of_site(site, now=now) if edits else [], zone=ZoneInfo(site.time_zone), now=now)
    context = {
        "site": site,
        "notices": [each for each in notices if each.code not in OF_QUOTAS],
        "quota_notices": [each for each in notices if each.code in OF_QUOTAS],
        "usage": [*usage_of_site(site, now=now), *usage_of_operator(request.user, now=now)],
        "form": forms.get("form") or SiteForm(instance=site),
        "invitation": forms.get("invitation") or InvitationForm(),
        "confirmation": forms.get("confirmation") or TypedConfirmation(name=site.name),
        "token_form": forms.get("token") or TokenForm(auto_id="id_token_%s", initial={"scope": TokenScope.SEND}),
        "members": with_keys(members(site), of=site if edits else None),
        "invitations": with_mail(invitations_of(site, now=now)) if owns else [],
        "invitations_address": request.build_absolute_uri(reverse("invitations")),
        "roles": Role.choices,
        "role": role_at(operator=request.user, site=site),
        "may_edit": edits,
        "may_own": owns,
        "sensors": rows,
        "time_zones": sorted(time_zones()),
        "keeping": KeepingForm(of=site),
        "removed": removed_of(site),
    }
    return render(request, "sensors/site.html", context, status=400 if forms else 200)
