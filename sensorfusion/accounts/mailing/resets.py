"""Forgotten passwords: a request, the link that is sent, and what counts the requests.

A request does not look the account up: it only queues what the sender writes later, so its answer and the time that it
takes do not tell whether there is an account. The link's token is Django's; it is made when it is sent, never stored,
and ends with the hour, a sign-in or a change of the password.
"""

from datetime import datetime
from typing import Final

from django.contrib.auth.tokens import default_token_generator
from django.db import transaction
from django.utils.encoding import force_bytes
from django.utils.http import urlsafe_base64_encode

from sensorfusion.accounts.attempts import HOUR, Counted, Limit, count_all
from sensorfusion.accounts.audit.models import Action
from sensorfusion.accounts.audit.services import record
from sensorfusion.accounts.mailing import messages
from sensorfusion.accounts.models import Operator
from sensorfusion.accounts.queries import operator_by_email
from sensorfusion.domain.networks import network_of
from sensorfusion.domain.texts.email_addresses import email_key
from sensorfusion.mail.kinds import Kind
from sensorfusion.mail.message import address_of
from sensorfusion.mail.outbox import queue_uncomposed
from sensorfusion.mail.sender import Composed
from sensorfusion.web.languages import in_language_of

PER_NETWORK: Final = 20  # requests an hour
PER_ACCOUNT: Final = 5  # an hour; each is valid for one, so the owner has a link when others use these up
LINKS_PER_NETWORK: Final = 30  # that are not valid, an hour


def count_request(*, email: str, address: str, now: datetime) -> Counted:
    """Count a request from a network and for an account, whether it exists or not."""
    of_network = Limit(f"resets:network:{network_of(address)}", PER_NETWORK, HOUR)
    return count_all([of_network, Limit(f"resets:account:{email_key(email)}", PER_ACCOUNT, HOUR)], now=now)


def count_link(*, address: str, now: datetime) -> Counted:
    """Count a link that is followed; `attempts.take_back` it if it is valid."""
    return count_all([Limit(f"reset links:network:{network_of(address)}", LINKS_PER_NETWORK, HOUR)], now=now)


def request_reset(*, email: str, address: str) -> None:
    """Queue the message for the account with this address, if there is one; `address` is the client's."""
    queue_uncomposed(Kind.PASSWORD_RESET, to=email, about=address)


@transaction.atomic
def compose_reset(to: str, about: str) -> Composed | None:
    """Write the message with the link; None if there is no such account, or it has no password.

    It goes to the address of the account, which `to` may only resemble.
    """
    operator = operator_by_email(to)
    if operator is None or not operator.has_usable_password():
        return None
    record(Action.RESET_REQUESTED, by=operator, address=about)
    with in_language_of(operator):
        return Composed(operator.email, messages.password_reset(path=link_for(operator), asked_from=about))


def link_for(operator: Operator) -> str:
    """Return the path by which the operator can set a new password."""
    number = urlsafe_base64_encode(force_bytes(operator.pk))
    return address_of("new-password", number, default_token_generator.make_token(operator))
