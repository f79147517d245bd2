"""Invitations to a site: a membership begins when the invited person accepts.

An address without an account may be invited too; the answer is the same, so that inviting does not tell who has one.
The invitation waits, and is shown after signing in with an account of that address.
"""

from datetime import datetime, timedelta
from typing import Final

from django.db import transaction
from django.db.models import Q, QuerySet

from sensorfusion.accounts.addresses.proof import is_known
from sensorfusion.accounts.audit.models import Action
from sensorfusion.accounts.audit.services import record
from sensorfusion.accounts.limits import require_whole
from sensorfusion.accounts.models import Invitation, Membership, Operator, Role, address
from sensorfusion.domain.refusals import Refusal
from sensorfusion.domain.texts.email_addresses import email_key
from sensorfusion.sensors.models import Site
from sensorfusion.sensors.sites.mailing import send_invitation, tell_of_new_member
from sensorfusion.sensors.sites.membership import hold, join, promote, require_joining, require_owner

VALID_FOR: Final = timedelta(days=30)
AGAIN_AFTER: Final = timedelta(days=7)  # that an address which declined may be invited to the site again
MOST_OPEN: Final = 100  # of one site


def invitations_to(operator: Operator, *, now: datetime) -> QuerySet[Invitation]:
    """Select the invitations that wait for the operator, the newest first; none while the address is to be proved."""
    if not is_known(operator):
        return Invitation.objects.none()
    found = _open(now).filter(email_key=email_key(operator.email))
    return found.select_related("site", "invited_by").order_by("-invited_at", "-id")


def invitations_of(site: Site, *, now: datetime) -> QuerySet[Invitation]:
    """Select the invitations of a site that were not answered yet, or declined lately, the newest first."""
    shown = _open(now) | Invitation.objects.filter(declined_at__gt=now - AGAIN_AFTER)
    return shown.filter(site=site).select_related("site", "invited_by").order_by("-invited_at", "-id")


def is_invited(email: str, *, now: datetime) -> bool:
    """Return whether an invitation of any site waits for an address."""
    return _open(now).filter(email_key=email_key(email)).exists()


@transaction.atomic
def invite(*, by: Operator, site: Site, email: str, role: Role, now: datetime) -> Invitation:
    """Invite the person with an address; an open invitation of that address is replaced.

    A member may be invited to become an owner: ownership is handed over with their consent.

    :raises Refusal: `not_allowed`, `already_member`, `invitation_declined` or `too_many_invitations`.
    :raises ValidationError: for an invalid address.
    """
    hold(site)
    require_owner(by=by, site=site)
    require_joining(site=site, email=email, role=role)
    former = Invitation.objects.filter(site=site, email_key=email_key(email))
    if former.filter(declined_at__gt=now - AGAIN_AFTER).exists():
        raise Refusal("invitation_declined", field="email")
    former.delete()
    Invitation.objects.filter(_over(now), site=site).delete()
    if Invitation.objects.filter(site=site).count() >= MOST_OPEN:
        raise Refusal("too_many_invitations")
    made = Invitation(site=site, email=address(email), role=role, invited_by=by, invited_at=now)
    made.clean_fields()
    made.save()
    record(Action.MEMBER_INVITED, by=by, site=site, subject=f"{made.email}: {made.role}")
    send_invitation(made, by=by, now=now)
    return made


@transaction.atomic
def withdraw(*, by: Operator, invitation: Invitation) -> None:
    """Delete an invitation that was not answered.

    :raises Refusal: `not_allowed`.
    """
    require_owner(by=by, site=invitation.site)
    if invitation.declined_at is None:  # a declined one keeps the address from being invited again at once
        record(Action.INVITATION_WITHDRAWN, by=by, site=invitation.site, subject=invitation.email)
        invitation.delete()


@transaction.atomic
def accept(*, operator: Operator, invitation: Invitation, now: datetime) -> Membership:
    """Become a member of the site, or, as a member, an owner.

    :raises Refusal: `narrow_token`, `invitation_gone` or `already_member`.
    """
    require_whole(operator)
    hold(invitation.site)
    waiting = _waiting(operator, invitation, now)
    role = Role(waiting.role)
    member = require_joining(site=waiting.site, email=operator.email, role=role)
    waiting.delete()
    record(Action.INVITATION_ACCEPTED, by=operator, site=waiting.site, subject=f"{waiting.email}: {role}")
    if member is not None:
        return promote(member)
    made = join(operator=operator, site=invitation.site, role=role, now=now)
    tell_of_new_member(operator=operator, site=waiting.site, role=role)
    return made


@transaction.atomic
def decline(*, operator: Operator, invitation: Invitation, now: datetime) -> None:
    """Refuse to become a member; the address is not invited to the site again for a week.

    :raises Refusal: `invitation_gone`.
    """
    waiting = _waiting(operator, invitation, now)
    waiting.declined_at = now
    waiting.save(update_fields=["declined_at"])
    record(Action.INVITATION_DECLINED, by=operator, site=waiting.site, subject=waiting.email)


def _waiting(operator: Operator, invitation: Invitation, now: datetime) -> Invitation:
    """Return the invitation as it is now: it may have been withdrawn or answered meanwhile."""
    found = invitations_to(operator, now=now).filter(pk=invitation.pk)
    waiting = found.select_for_update(of=("self",)).first()
    if waiting is None:
        raise Refusal("invitation_gone")
    return waiting


def _open(now: datetime) -> QuerySet[Invitation]:
    return Invitation.objects.filter(declined_at=None, invited_at__gt=now - VALID_FOR)


def _over(now: datetime) -> Q:
    return Q(invited_at__lte=now - VALID_FOR)
