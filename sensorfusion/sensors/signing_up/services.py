"""Who may make an account, and how it comes about: at once, or by the link that is sent where e-mail is configured."""

from datetime import datetime

from django.conf import settings
from django.db import transaction

from sensorfusion.accounts.addresses.proof import prove
from sensorfusion.accounts.audit.models import Action
from sensorfusion.accounts.audit.services import record
from sensorfusion.accounts.models import Operator
from sensorfusion.accounts.queries import operator_by_email
from sensorfusion.accounts.signing_up import messages, pending, set_up
from sensorfusion.accounts.signing_up.invitations import held, invitation_of, use
from sensorfusion.accounts.signing_up.links import Purpose, path_of
from sensorfusion.accounts.signing_up.models import PendingAccount, SignUpInvitation
from sensorfusion.domain.refusals import Refusal
from sensorfusion.mail.outbox import is_configured
from sensorfusion.mail.sender import Composed
from sensorfusion.sensors.services import register
from sensorfusion.sensors.sites.invitations import is_invited
from sensorfusion.sensors.sites.time_zones import time_zones
from sensorfusion.web.languages import in_language_of


def require_open() -> None:
    """Check that accounts are made at all.

    :raises Refusal: `signup_closed`.
    """
    if not settings.SIGNUP:
        raise Refusal("signup_closed")


@transaction.atomic
def sign_up(
    *, email: str, password: str, name: str = "", time_zone: str = "UTC", invitation: str = "", now: datetime
) -> Operator | None:
    """Make an account with its first site; None if a link was sent, which is so whether the address is taken or not.

    `invitation` is the end of an administrator's link.

    :raises Refusal: `signup_closed`, `signup_by_invitation`, `invitation_gone`, `email_taken`, `weak_password` or
        `unknown_time_zone`.
    :raises ValidationError: for an invalid address or name.
    """
    require_open()
    if time_zone not in time_zones():
        raise Refusal("unknown_time_zone", field="time_zone")
    found = _invitation(invitation, email, now)
    is_reader = found is not None and found.is_mailed  # of the address, because the link went there only
    if is_configured() and not is_reader:
        pending.ask(email=email, password=password, name=name, time_zone=time_zone, invitation=found, now=now)
        return None
    if not _may_sign_up(email, found, now=now):
        raise Refusal("signup_by_invitation", field="email")
    operator, _ = register(email=email, password=password, name=name, time_zone=time_zone, now=now)
    return _invited(operator, found, is_reader=is_reader, now=now)


@transaction.atomic
def confirm(*, asked: PendingAccount, password: str, now: datetime) -> Operator:
    """Make the account of a link that was followed; its address is proved.

    :raises Refusal: `wrong_password`, `signup_closed`, `signup_by_invitation`, `invitation_gone` or `email_taken`.
    """
    require_open()
    taken = pending.take(asked, password=password, now=now)
    found = held(taken.invitation, email=taken.email, now=now) if taken.invitation else None
    if not _may_sign_up(taken.email, found, now=now):
        raise Refusal("signup_by_invitation")
    operator, _ = register(email=taken.email, password=password, name=taken.name, time_zone=taken.time_zone, now=now)
    return _invited(operator, found, is_reader=True, now=now)


@transaction.atomic
def set_up_installation(*, code: str, email: str, password: str, name: str, time_zone: str, now: datetime) -> Operator:
    """Make the first administrator of an installation.

    :raises Refusal: `set_up_already`, `wrong_code`, `email_taken` or `weak_password`.
    :raises ValidationError: for an invalid address or name.
    """
    set_up.take_code(code)
    operator, _ = register(email=email, password=password, name=name, time_zone=time_zone, is_admin=True, now=now)
    record(Action.INSTALLATION_SET_UP, by=operator)
    return operator


def compose_confirmation(to: str, about: str, *, now: datetime) -> Composed | None:
    """Write the message of a sign-up; None if its link has ended, or the address had to be invited and is not."""
    found = pending.valid(now=now).filter(uuid=about, email=to).select_related("invitation").first()
    if found is None or not settings.SIGNUP:
        return None
    holder = operator_by_email(to)
    with in_language_of(holder or found):
        if holder is not None:
            return Composed(holder.email, messages.has_account(email=holder.email))
        if not _may_sign_up(to, found.invitation, now=now):
            return None
        return Composed(to, messages.confirmation(path=path_of(Purpose.CONFIRM, found.uuid)))


def _invitation(token: str, email: str, now: datetime) -> SignUpInvitation | None:
    if not token:
        return None
    found = invitation_of(token, now=now)
    if found is None:
        raise Refusal("invitation_gone")
    return held(found, email=email, now=now)


def _may_sign_up(email: str, invitation: SignUpInvitation | None, *, now: datetime) -> bool:
    return not settings.SIGNUP_BY_INVITATION or invitation is not None or is_invited(email, now=now)


def _invited(operator: Operator, invitation: SignUpInvitation | None, *, is_reader: bool, now: datetime) -> Operator:
    if is_reader:
        prove(operator=operator, now=now)
    if invitation is not None:
        use(invitation, by=operator, now=now)
    return operator
