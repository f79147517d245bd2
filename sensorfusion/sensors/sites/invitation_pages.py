"""The pages of one's own invitations, and the button that withdraws one of a site."""

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from sensorfusion.accounts.addresses.proof import is_known
from sensorfusion.accounts.pages import SignedIn
from sensorfusion.sensors.access import site_or_404
from sensorfusion.sensors.queries import may_own
from sensorfusion.sensors.sites.invitations import accept, decline, invitations_of, invitations_to, withdraw
from sensorfusion.sensors.sites.roles import role_in_sentence
from sensorfusion.sensors.transfer.offers import offers_to
from sensorfusion.web.checks.posted import sent_from
from sensorfusion.web.forms import RefusedAloud


@login_required
@never_cache
@require_safe
def mine(request: SignedIn) -> HttpResponse:
    now = timezone.now()
    found = invitations_to(request.user, now=now)
    context = {"invitations": found, "offers": offers_to(request.user, now=now), "is_known": is_known(request.user)}
    return render(request, "sensors/invitations/list.html", context)


@login_required
@sent_from("invitations")
def answer(request: SignedIn, uuid: UUID) -> HttpResponse:
    now = timezone.now()
    invitation = get_object_or_404(invitations_to(request.user, now=now), uuid=uuid)
    with RefusedAloud(request):
        if request.POST.get("to") == "accept":
            accept(operator=request.user, invitation=invitation, now=now)
            said = gettext("You are now {role} of {site}.")
            as_role = role_in_sentence(invitation.role)
            messages.success(request, said.format(role=as_role, site=invitation.site.name))
            return redirect("site-settings", invitation.site.uuid)
        decline(operator=request.user, invitation=invitation, now=now)
        said = gettext("You declined the invitation to {site}.")
        messages.success(request, said.format(site=invitation.site.name))
    return redirect("invitations")


@login_required
@sent_from("site-settings", "uuid")
def take_back(request: SignedIn, uuid: UUID, invitation: UUID) -> HttpResponse:
    site = site_or_404(request.user, uuid)
    if not may_own(operator=request.user, site=site):
        raise PermissionDenied
    found = get_object_or_404(invitations_of(site, now=timezone.now()), uuid=invitation)
    with RefusedAloud(request):
        withdraw(by=request.user, invitation=found)
        said = gettext("The invitation of {email} is withdrawn.")
        messages.success(request, said.format(email=found.email))
    return redirect("site-settings", site.uuid)
