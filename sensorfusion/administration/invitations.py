"""The page of invitations to make an account."""

from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext

from sensorfusion.accounts.pages import SignedIn
from sensorfusion.accounts.signing_in.recent import after_proof
from sensorfusion.accounts.signing_up.invitations import invitations as all_invitations
from sensorfusion.accounts.signing_up.invitations import invite, link_of, revoke
from sensorfusion.accounts.signing_up.models import SignUpInvitation
from sensorfusion.administration.access import for_administrators
from sensorfusion.administration.forms import InvitationForm
from sensorfusion.mail.outbox import is_configured
from sensorfusion.web.checks.posted import sent_from
from sensorfusion.web.forms import RefusedAloud, RefusedIn

SHOWN_MOST = 250


@for_administrators
@after_proof("administration-invitations")
def invitations(request: SignedIn) -> HttpResponse:
    form = InvitationForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        with RefusedIn(form):
            made = invite(by=request.user, email=form.cleaned_data["email"], valid_for=form.span(), now=timezone.now())
            said = gettext("The link is on its way to {email}.") if made.is_mailed else gettext("Hand the link over.")
            messages.success(request, said.format(email=made.email))
            return redirect("administration-invitations")
    context = {
        "form": form,
        "rows": [(each, _link(request, each)) for each in all_invitations(now=timezone.now())[:SHOWN_MOST]],
        "is_closed": not settings.SIGNUP,
        "mails": is_configured(),
    }
    return render(request, "administration/invitations.html", context)


@for_administrators
@sent_from("administration-invitations")
def end(request: SignedIn, uuid: UUID) -> HttpResponse:
    invitation = get_object_or_404(SignUpInvitation, uuid=uuid)
    with RefusedAloud(request):
        revoke(by=request.user, invitation=invitation)
        messages.success(request, gettext("The invitation works no more."))
    return redirect("administration-invitations")


def _link(request: SignedIn, invitation: SignUpInvitation) -> str:
    """Return the address to hand over; empty for what was mailed, which only its reader has, and for what was used."""
    if invitation.is_mailed or invitation.used_at:
        return ""
    return request.build_absolute_uri(link_of(invitation))
