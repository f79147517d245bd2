"""Proof of an address: a link that is sent to it. Only addresses that are proved or vouched for get other messages.

Vouched for is what an administrator entered, what was entered while e-mail was not configured, and what was entered
before there were proofs: messages that come to an address already go on coming.
"""

from datetime import datetime
from typing import Final

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext

from sensorfusion.accounts.addresses import messages
from sensorfusion.accounts.addresses.links import Link, Step, link, path_of
from sensorfusion.accounts.attempts import HOUR, Limit, count_all
from sensorfusion.accounts.audit.models import Action
from sensorfusion.accounts.audit.services import record
from sensorfusion.accounts.models import Operator
from sensorfusion.domain.refusals import Refusal
from sensorfusion.domain.texts.email_addresses import email_key
from sensorfusion.mail.kinds import Kind
from sensorfusion.mail.outbox import is_configured, queue_uncomposed
from sensorfusion.mail.sender import Composed
from sensorfusion.web.languages import in_language_of

BY_OPERATOR: Final = 5  # messages with links, an hour
TO_ADDRESS: Final = 3  # an hour, of all operators


def is_known(operator: Operator) -> bool:
    """Return whether the operator may act as the reader of the address, such as to accept what it was invited to."""
    return operator.is_trusted or not is_configured()


def vouch(operator: Operator) -> None:
    """Take the address as known without a proof; the caller saves the operator."""
    operator.trusted_email, operator.proved_at = operator.email, None


@transaction.atomic
def ask_for_proof(*, operator: Operator, now: datetime) -> None:
    """Send the link to the address, unless it is proved or e-mail is not configured.

    :raises Refusal: `too_fast`.
    """
    if is_configured() and not operator.is_proved:
        require_room(operator, now=now)
        send_link(Kind.ADDRESS_PROOF, to=operator.email, about=str(operator.uuid), now=now)


@transaction.atomic
def prove(*, operator: Operator, now: datetime) -> None:
    """Record that the operator reads what is sent to the address of the account."""
    operator.trusted_email, operator.proved_at = operator.email, now
    operator.save(update_fields=["trusted_email", "proved_at"])
    record(Action.EMAIL_CONFIRMED, by=operator, subject=operator.email)


def compose_proof(to: str, about: str) -> Composed | None:
    """Write the message with the link; None if it is of no use any more."""
    operator = _operator(about)
    if operator is None or operator.email != to or operator.is_proved:
        return None
    with in_language_of(operator):
        return Composed(to, messages.proof(path=path_of(link(Step.PROOF, operator.uuid, operator.email))))


def operator_of_link(followed: Link) -> Operator | None:
    """Return the operator whose present address a link proves; None if that was changed or is proved."""
    operator = _operator(followed.subject)
    if operator is None or operator.is_proved or link(Step.PROOF, operator.uuid, operator.email) != followed:
        return None
    return operator


def require_room(operator: Operator, *, now: datetime) -> None:
    """Count a request for links.

    :raises Refusal: `too_fast`.
    """
    counted = count_all([Limit(f"address links by:{operator.pk}", BY_OPERATOR, HOUR)], now=now)
    if counted.wait_s:
        text = gettext("Enough links for now. Look for the one that was sent, or wait {minutes} min.")
        raise Refusal("too_fast", text.format(minutes=1 + counted.wait_s // 60), retry_after_s=counted.wait_s)


def send_link(kind: Kind, *, to: str, about: str, now: datetime) -> None:
    """Queue a message with a link; a stranger's address gets few of them, however many operators ask."""
    if not count_all([Limit(f"address links to:{email_key(to)}", TO_ADDRESS, HOUR)], now=now).wait_s:
        queue_uncomposed(kind, to=to, about=about)


def _operator(uuid: str) -> Operator | None:
    try:
        return Operator.objects.filter(uuid=uuid, is_active=True).first()
    except ValidationError:
        return None
