"""Invitations to make an account, by administrators: a link that works once, until it ends or is revoked."""

from datetime import datetime, timedelta
from typing import Final

from django.db import transaction
from django.db.models import Q, QuerySet

from sensorfusion.accounts.audit.models import Action
from sensorfusion.accounts.audit.services import record
from sensorfusion.accounts.models import Operator, address
from sensorfusion.accounts.queries import operator_by_email
from sensorfusion.accounts.signing_up import messages
from sensorfusion.accounts.signing_up.links import Purpose, path_of, subject_of
from sensorfusion.accounts.signing_up.models import SignUpInvitation
from sensorfusion.domain.refusals import Refusal
from sensorfusion.domain.texts.email_addresses import email_key
from sensorfusion.mail.kinds import Kind
from sensorfusion.mail.outbox import is_configured, queue_uncomposed
from sensorfusion.mail.sender import Composed
from sensorfusion.web.languages import in_language_of

MOST_OPEN: Final = 200


def invitations(*, now: datetime) -> QuerySet[SignUpInvitation]:
    """Select the invitations that are open or were used, the newest first."""
    shown = SignUpInvitation.objects.filter(Q(used_at__isnull=False) | Q(ends_at__gt=now))
    return shown.select_related("made_by", "used_by").order_by("-made_at", "-id")


@transaction.atomic
def invite(*, by: Operator, email: str, valid_for: timedelta, now: datetime) -> SignUpInvitation:
    """Invite a person to make an account. Where e-mail is configured, the link goes to the address, if one is given.

    :raises Refusal: `email_taken` or `limit_reached`. :raises ValidationError: for an invalid address.
    """
    given = address(email) if email else ""
    if given and operator_by_email(given) is not None:
        raise Refusal("email_taken", "They have an account already.", field="email")
    if SignUpInvitation.objects.filter(used_at=None, ends_at__gt=now).count() >= MOST_OPEN:
        raise Refusal("limit_reached", f"There are {MOST_OPEN} open invitations. Revoke some of them.")
    made = SignUpInvitation.objects.create(
        email=given, is_mailed=bool(given) and is_configured(), made_by=by, made_at=now, ends_at=now + valid_for
    )
    record(Action.SIGNUP_INVITED, by=by, subject=str(made))
    if made.is_mailed:
        queue_uncomposed(Kind.SIGN_UP_INVITATION, to=given, about=str(made.uuid))
    return made


@transaction.atomic
def revoke(*, by: Operator, invitation: SignUpInvitation) -> None:
    """End an invitation that was not used.

    :raises Refusal: `invitation_gone`.
    """
    if not SignUpInvitation.objects.filter(pk=invitation.pk, used_at=None).delete()[0]:
        raise Refusal("invitation_gone")
    record(Action.SIGNUP_INVITATION_ENDED, by=by, subject=str(invitation))


def link_of(invitation: SignUpInvitation) -> str:
    """Return the path by which the invitation is used."""
    return path_of(Purpose.INVITED, invitation.uuid)


def invitation_of(token: str, *, now: datetime) -> SignUpInvitation | None:
    """Return the open invitation that a link is of."""
    subject = subject_of(Purpose.INVITED, token)
    found = SignUpInvitation.objects.filter(uuid=subject).first() if subject else None
    return found if found and found.is_open(now) else None


def held(invitation: SignUpInvitation, *, email: str, now: datetime) -> SignUpInvitation:
    """Return the invitation as it is now, locked until the transaction ends: it makes one account only.

    :raises Refusal: `invitation_gone`, or `signup_by_invitation` if it is for another address.
    """
    found = SignUpInvitation.objects.select_for_update(of=("self",)).filter(pk=invitation.pk).first()
    if found is None or not found.is_open(now):
        raise Refusal("invitation_gone")
    if found.email and email_key(found.email) != email_key(email):
        raise Refusal("signup_by_invitation", f"The invitation is for {found.email}.", field="email")
    return found


def use(invitation: SignUpInvitation, *, by: Operator, now: datetime) -> None:
    """Record which account an invitation made; the caller holds it."""
    invitation.used_by, invitation.used_at = by, now
    invitation.save(update_fields=["used_by", "used_at"])
    record(Action.SIGNUP_INVITATION_USED, by=by, subject=str(invitation))


def compose_invitation(to: str, about: str, *, now: datetime) -> Composed | None:
    """Write the message with the link; None if the invitation is of no use any more."""
    found = SignUpInvitation.objects.filter(uuid=about).select_related("made_by").first()
    if found is None or not found.is_open(now) or found.email != to:
        return None
    with in_language_of(found.made_by):
        return Composed(to, messages.invitation(path=link_of(found), ends_at=found.ends_at))
