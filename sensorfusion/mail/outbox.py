"""Putting messages into the outbox, in the transaction of what they are about: both are committed, or neither is."""

import logging
from datetime import datetime
from typing import Final

from django.conf import settings
from django.db.models import QuerySet

from sensorfusion.domain.texts.email_addresses import email_key
from sensorfusion.events.metrics import Counter
from sensorfusion.mail.kinds import NOTICES_USEFUL_FOR, Kind
from sensorfusion.mail.message import Message, render
from sensorfusion.mail.models import LONGEST_ABOUT, OutboxMessage

# Further messages to an address are dropped while so many wait: an attacker who causes them must not fill the disk.
# Requests at once may exceed it by their number: a lock would let sign-ins wait for each other.
MOST_WAITING: Final = 50

DROPPED = Counter("sensorfusion_mail_dropped", "Messages that were not queued because too many waited for an address.")

_log = logging.getLogger(__name__)


def is_configured() -> bool:
    """Return whether e-mail can be sent; otherwise pages say that it is not."""
    return bool(settings.ENVIRONMENT.email_url)


def queue(message: Message, *, to: str, about: str = "") -> None:
    """Queue a message for an address; do nothing if e-mail is not configured."""
    if entry := _entry(message.kind, to, about):
        rendered = render(message, made_at=entry.created_at)
        entry.subject, entry.text, entry.html = rendered.subject, rendered.text, rendered.html
        entry.save()


def queue_uncomposed(kind: Kind, *, to: str, about: str = "") -> None:
    """Queue a message that the sender composes (`sender.Composer`), because it carries a secret or may not be sent."""
    if entry := _entry(kind, to, about):
        entry.save()


def has_room(to: str) -> bool:
    """Return whether so few messages wait for an address that those about alerts leave room for others."""
    return waiting().filter(recipient_key=email_key(to))[:MOST_WAITING].count() < MOST_WAITING // 2


def _entry(kind: Kind, to: str, about: str) -> OutboxMessage | None:
    if not is_configured():
        return None
    entry = OutboxMessage(kind=kind, recipient=to, recipient_key=email_key(to), about=about[:LONGEST_ABOUT])
    entry.expires_at = entry.useful_until()
    if waiting().filter(recipient_key=entry.recipient_key)[:MOST_WAITING].count() >= MOST_WAITING:
        DROPPED.add()
        _log.warning("A message (%s) was not queued: %d others wait for its recipient", kind, MOST_WAITING)
        return None
    return entry


def queue_again(messages: QuerySet[OutboxMessage], *, now: datetime) -> int:
    """Begin with the attempts at messages that were not sent, also given up ones; return how many there are."""
    unsent = messages.filter(sent_at=None)
    return unsent.update(
        given_up_at=None, attempts=0, next_attempt_at=now, expires_at=now + NOTICES_USEFUL_FOR, last_error=""
    )


def waiting() -> QuerySet[OutboxMessage]:
    """Select the messages that are neither sent nor given up."""
    return OutboxMessage.objects.filter(sent_at=None, given_up_at=None)


def given_up_for(address: str) -> QuerySet[OutboxMessage]:
    """Select the messages to an address that could not be delivered, the newest first; kept for a month."""
    return OutboxMessage.objects.filter(recipient_key=email_key(address), given_up_at__isnull=False).order_by(
        "-created_at", "-id"
    )


def last_about(about: list[str]) -> dict[str, OutboxMessage]:
    """Return the newest message about each of these subjects."""
    return {each.about: each for each in OutboxMessage.objects.filter(about__in=about).order_by("created_at", "id")}
