"""New accounts where e-mail is configured: they are made when the link that was sent to the address is followed.

The answer to a sign-up is the same whether the address has an account or not, and takes as long: nothing is looked up
before the message is composed. The link asks for the password that was chosen, so that the reader of an address
confirms no account that another person asked for.
"""

from datetime import datetime

from django.contrib.auth.hashers import check_password, make_password
from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import get_language

from sensorfusion.accounts.addresses.proof import TO_ADDRESS
from sensorfusion.accounts.attempts import HOUR, Limit, count_all
from sensorfusion.accounts.models import address
from sensorfusion.accounts.services import require_acceptable
from sensorfusion.accounts.signing_up.links import Purpose, subject_of
from sensorfusion.accounts.signing_up.models import LINK_VALID_FOR, PendingAccount, SignUpInvitation
from sensorfusion.domain.refusals import Refusal
from sensorfusion.domain.texts.email_addresses import email_key
from sensorfusion.mail.kinds import Kind
from sensorfusion.mail.outbox import queue_uncomposed


@transaction.atomic
def ask(
    *, email: str, password: str, name: str, time_zone: str, invitation: SignUpInvitation | None, now: datetime
) -> None:
    """Keep what an account is to be made of, and queue the message with its link; an address gets few of them.

    :raises Refusal: `weak_password`. :raises ValidationError: for an invalid address or name.
    """
    require_acceptable(email=email, password=password, name=name)
    hashed = make_password(password)
    limit = Limit(f"sign-up links to:{email_key(email)}", TO_ADDRESS, HOUR)
    if count_all([limit], now=now).wait_s:
        return
    kept = PendingAccount.objects.create(
        email=address(email),
        name=name.strip(),
        password=hashed,
        time_zone=time_zone,
        language=get_language() or "",
        asked_at=now,
        invitation=invitation,
    )
    queue_uncomposed(Kind.SIGN_UP, to=kept.email, about=str(kept.uuid))


def pending_of(token: str, *, now: datetime) -> PendingAccount | None:
    """Return the account that a link confirms, if it still can."""
    subject = subject_of(Purpose.CONFIRM, token)
    return valid(now=now).filter(uuid=subject).select_related("invitation").first() if subject else None


def take(pending: PendingAccount, *, password: str, now: datetime) -> PendingAccount:
    """Return the account to make, whose other links end; the caller makes it in the same transaction.

    :raises Refusal: `wrong_password`, or `invitation_gone` if it was made or has ended.
    """
    found = valid(now=now).select_for_update(of=("self",)).select_related("invitation").filter(pk=pending.pk).first()
    if found is None:
        raise Refusal("invitation_gone", "This link was used or has ended. Sign up again.")
    if not check_password(password, found.password):
        raise Refusal("wrong_password", "That is not the password that was chosen.", field="password")
    PendingAccount.objects.filter(email=found.email).delete()
    return found


def valid(*, now: datetime) -> QuerySet[PendingAccount]:
    """Select the accounts whose links work."""
    return PendingAccount.objects.filter(asked_at__gt=now - LINK_VALID_FOR)
