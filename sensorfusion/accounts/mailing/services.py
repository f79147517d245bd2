"""Sending messages to operators, unless they turned the kind off, and turning kinds off."""

from collections.abc import Callable, Collection, Iterable
from datetime import datetime
from typing import TypeAlias

from django.utils.translation import gettext

from sensorfusion.accounts.attempts import HOUR, Limit, count_all, is_known_network
from sensorfusion.accounts.audit.origin import COMMAND_LINE, origin
from sensorfusion.accounts.mailing import messages
from sensorfusion.accounts.models import Operator
from sensorfusion.domain.refusals import Refusal
from sensorfusion.mail.kinds import OPTIONAL, Kind
from sensorfusion.mail.message import Message
from sensorfusion.mail.outbox import queue
from sensorfusion.web.languages import in_language_of

TESTS_PER_HOUR = 5
Written: TypeAlias = Message | Callable[[], Message]  # a function writes it in the language of its reader


def tell(message: Written, *, to: Operator, about: str = "") -> None:
    """Send a message to an operator, in their language; call it in the transaction of what it is about."""
    if not (to.is_active and to.is_trusted):
        return
    with in_language_of(to):
        written = message() if callable(message) else message
        if written.kind not in muted_by(to):
            queue(written, to=to.email, about=about)


def tell_all(message: Written, *, to: Iterable[Operator]) -> None:
    """Send the same message to several operators, to each in their language."""
    for operator in to:
        tell(message, to=operator)


def tell_of_program(operator: Operator) -> None:
    """Tell an operator that a program signed in, if that came from a network that they never signed in from."""
    where = origin()
    if where != COMMAND_LINE and not is_known_network(operator.email, where):
        tell(messages.program_signed_in, to=operator)


def muted_by(operator: Operator) -> frozenset[Kind]:
    """Return the kinds of messages that the operator turned off."""
    return OPTIONAL & {Kind(each) for each in operator.muted_mail if each in Kind.values}


def set_muted(*, operator: Operator, kinds: Collection[Kind]) -> None:
    """Turn these kinds off and all others on; those about security stay on."""
    operator.muted_mail = sorted(OPTIONAL & set(kinds))
    operator.save(update_fields=["muted_mail"])


def send_test(*, operator: Operator, now: datetime) -> None:
    """Send a test message.

    :raises Refusal: `address_not_proved` or `too_fast`.
    """
    if not operator.is_trusted:
        raise Refusal("address_not_proved")
    counted = count_all([Limit(f"test message:{operator.pk}", TESTS_PER_HOUR, HOUR)], now=now)
    if counted.wait_s:
        detail = gettext("Enough test messages for now. Try again later.")
        raise Refusal("too_fast", detail, retry_after_s=counted.wait_s)
    queue(messages.test(), to=operator.email)  # in the language of the page that asks for it
