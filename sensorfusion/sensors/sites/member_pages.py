"""Members of a site: inviting, changing roles, removing, leaving."""

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext

from sensorfusion.accounts.models import Operator, Role
from sensorfusion.accounts.pages import SignedIn
from sensorfusion.accounts.signing_in.recent import after_proof
from sensorfusion.sensors.access import site_or_404
from sensorfusion.sensors.forms import InvitationForm, RoleForm
from sensorfusion.sensors.models import Site
from sensorfusion.sensors.queries import may_own
from sensorfusion.sensors.sites.invitations import invite as invite_person
from sensorfusion.sensors.sites.membership import change_role, members, remove_member
from sensorfusion.sensors.sites.pages import site_page
from sensorfusion.sensors.sites.roles import role_in_sentence
from sensorfusion.web.checks.posted import sent_from
from sensorfusion.web.forms import RefusedAloud, RefusedIn


@login_required
@sent_from("site-settings", "uuid")
@after_proof("site-settings", "uuid")
def invite(request: SignedIn, uuid: UUID) -> HttpResponse:
    site = _own_site(request.user, uuid)
    form = InvitationForm(request.POST)
    if form.is_valid():
        given = form.cleaned_data
        with RefusedIn(form):
            invite_person(
                by=request.user, site=site, email=given["email"], role=Role(given["role"]), now=timezone.now()
            )
            said = gettext("{email} is invited to {site}, and a member after accepting.")
            messages.success(request, said.format(email=given["email"], site=site.name))
            return redirect("site-settings", site.uuid)
    return site_page(request, site, invitation=form)


@login_required
@sent_from("site-settings", "uuid")
@after_proof("site-settings", "uuid")
def change(request: SignedIn, uuid: UUID, member: UUID) -> HttpResponse:
    site = _own_site(request.user, uuid)
    membership = get_object_or_404(members(site), operator__uuid=member)
    form = RoleForm(request.POST)
    if form.is_valid():
        with RefusedAloud(request):
            change_role(by=request.user, membership=membership, role=Role(form.cleaned_data["role"]))
            said = gettext("{member} is now {role} of {site}.")
            as_role = role_in_sentence(membership.role)
            messages.success(request, said.format(member=membership.operator, role=as_role, site=site.name))
    return redirect("site-settings", site.uuid)


@login_required
@sent_from("site-settings", "uuid")
@after_proof("site-settings", "uuid")
def remove(request: SignedIn, uuid: UUID, member: UUID) -> HttpResponse:
    site = site_or_404(request.user, uuid)
    leaving = member == request.user.uuid
    if not leaving:
        site = _own_site(request.user, uuid)
    membership = get_object_or_404(members(site), operator__uuid=member)
    with RefusedAloud(request):
        revoke_keys = request.POST.get("revoke_keys") == "on"
        remove_member(by=request.user, membership=membership, now=timezone.now(), revoke_keys=revoke_keys)
        said = gettext("You left {site}.") if leaving else gettext("{member} left {site}.")
        messages.success(request, said.format(member=membership.operator, site=site.name))
        return redirect("sensors") if leaving else redirect("site-settings", site.uuid)
    return redirect("site-settings", site.uuid)


def _own_site(operator: Operator, uuid: UUID) -> Site:
    site = site_or_404(operator, uuid)
    if not may_own(operator=operator, site=site):
        raise PermissionDenied
    return site
