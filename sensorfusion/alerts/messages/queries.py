"""What became of the messages to a person, in words."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count
from django.utils.translation import gettext, gettext_noop

from sensorfusion.accounts.models import Operator
from sensorfusion.alerts.messages.channels import CHANNELS
from sensorfusion.alerts.messages.models import AlertMessage
from sensorfusion.alerts.messages.sender import about
from sensorfusion.mail.models import OutboxMessage
from sensorfusion.mail.outbox import last_about
from sensorfusion.outgoing.outcomes import in_words
from sensorfusion.web.values.clock import clock
from sensorfusion.web.values.dates import day_of_month

SHOWN_MOST = 20
STATES = (gettext_noop("sent"), gettext_noop("given up"), gettext_noop("waiting"))  # translated by the page


@dataclass(frozen=True, slots=True)
class Sent:
    """A message, and each attempt at it: when, and what was answered."""

    message: AlertMessage
    way: str
    state: str
    tries: list[tuple[str, str]]

    @property
    def may_again(self) -> bool:
        return self.state == "given up"


def messages_of(operator: Operator) -> list[Sent]:
    """Return the newest messages to a person."""
    found = AlertMessage.objects.filter(operator=operator).select_related("channel").prefetch_related("tries")
    newest = list(found.annotate(events=Count("notices")).order_by("-created_at", "-id")[:SHOWN_MOST])
    emails = last_about([about(each) for each in newest if each.channel is None])
    return [_email(each, emails.get(about(each))) if each.channel is None else _sent(each) for each in newest]


def _sent(message: AlertMessage) -> Sent:
    channel = message.channel
    label = CHANNELS[channel.kind].label if channel and channel.kind in CHANNELS else gettext("An unknown channel")
    shown = "" if channel is None else channel.name or channel.address
    state = "sent" if message.sent_at else "given up" if message.given_up_at else "waiting"
    tries = [
        (_stamp(each.at), in_words(each.said) or gettext("no answer yet"))
        for each in sorted(message.tries.all(), key=_number)
    ]
    return Sent(message, f"{label} {shown}".strip(), state, tries)


def _email(message: AlertMessage, email: OutboxMessage | None) -> Sent:
    if email is None:
        return Sent(message, gettext("E-mail"), "sent" if message.sent_at else "waiting", [])
    tries = [(_stamp(datetime.fromisoformat(each["at"])), gettext(each["said"])) for each in email.tries]
    if email.sent_at:
        tries.append((_stamp(email.sent_at), gettext("accepted")))
    return Sent(message, gettext("E-mail"), email.state, tries)


def _number(attempt: object) -> int:
    return int(getattr(attempt, "pk", 0))


def _stamp(at: datetime) -> str:
    return f"{day_of_month(at)}, {clock(at, seconds=True)} UTC"
