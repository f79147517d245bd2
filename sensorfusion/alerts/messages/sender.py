"""The sender: tries waiting messages, at least once each, with waits that grow for a day.

An attempt is written before it is made: a message that ends the process is not tried for ever, and what was accepted
just before is sent again with the same idempotency key. E-mail is only handed over to the outbox of `mail`, in the
transaction that marks the message: its attempts are made and counted there.
"""

import logging
import random
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Final

from django.db import transaction
from django.db.models import F, QuerySet

from sensorfusion.alerts.messages import wording
from sensorfusion.alerts.messages.channels import CHANNELS
from sensorfusion.alerts.messages.channels.channel import Request
from sensorfusion.alerts.messages.models import REASON_LONGEST, AlertAttempt, AlertChannel, AlertMessage
from sensorfusion.alerts.messages.repeats import repeat
from sensorfusion.alerts.messages.teller import tell
from sensorfusion.clock import Clock
from sensorfusion.domain.redaction import told
from sensorfusion.events.metrics import Counter
from sensorfusion.mail.outbox import has_room, is_configured, queue
from sensorfusion.sensors.keys.encryption import decrypt

LOCK: Final = 0x5E50_0017  # the advisory lock's key; see readings/storage/chores.py for the others
LOOK_EVERY_S: Final = 1.0
MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)
# After each attempt, the time until the next one; none follows the last. Up to a tenth more, so that messages that
# failed together are not tried together.
WAITS: Final = (MINUTE, 5 * MINUTE, 15 * MINUTE, HOUR, 3 * HOUR, 6 * HOUR, 12 * HOUR, HOUR)
JITTER: Final = 0.1
TRIED_AGAIN: Final = timedelta(minutes=5)  # of an e-mail whose recipient has no room in the outbox

MESSAGES = Counter(
    "sensorfusion_alert_messages", "Attempts to send messages about alerts, by channel and outcome.",
    ["channel", "outcome"],
)  # fmt: skip
_log = logging.getLogger(__name__)


class NotAccepted(Exception):
    """A receiver did not accept a message; `str()` of it says why."""

    def __init__(self, why: str, *, retry_after_s: float = 0.0) -> None:
        super().__init__(why)
        self.retry_after_s = retry_after_s


Post = Callable[[Request], str]  # returns what the receiver answered; raises NotAccepted


def about(message: AlertMessage) -> str:
    """Return what the outbox of e-mail calls a message."""
    return f"alert {message.uuid}"


class SendAlerts:
    """Tells what happened, then tries one message at each step (`server/alert_sender.py`)."""

    def __init__(self, post: Post, now: Clock, *, jitter: Callable[[], float] = random.random) -> None:
        self._post = post
        self._now = now
        self._jitter = jitter

    def step(self) -> bool:
        """Tell and send once, by the thread's connection of Django; return whether more may be due."""
        now = self._now()
        repeat(now=now)
        return tell(now=now) | self._send(now)

    def _send(self, now: datetime) -> bool:
        with transaction.atomic():
            _give_up_late(now)
            message = due(now).select_for_update(of=("self",), skip_locked=True).first()
            if message is None:
                return False
            if message.channel is None:
                self._hand_over(message, now)
                return True
            attempt = self._begin(message, now)
        self._try(message, message.channel, attempt)
        return True

    def _hand_over(self, message: AlertMessage, now: datetime) -> None:
        if is_configured() and not has_room(message.operator.email):
            message.next_attempt_at = now + TRIED_AGAIN
            message.save(update_fields=["next_attempt_at"])
            return
        if is_configured() and wording.stories_of(message):
            queue(wording.email(message), to=message.operator.email, about=about(message))
            message.sent_at, message.attempts = now, 1
            message.save(update_fields=["sent_at", "attempts"])
            MESSAGES.add(1, "email", "queued")
        else:
            message.delete()

    def _begin(self, message: AlertMessage, now: datetime) -> AlertAttempt:
        wait = WAITS[min(message.attempts, len(WAITS) - 1)]
        message.next_attempt_at = now + wait * (1 + JITTER * self._jitter())
        message.attempts += 1
        message.save(update_fields=["next_attempt_at", "attempts"])
        return AlertAttempt.objects.create(message=message, at=now)

    def _try(self, message: AlertMessage, channel: AlertChannel, attempt: AlertAttempt) -> None:
        try:
            request = self._request(message, channel)
            if request is None:
                message.delete()
                return
            self._ended(message, channel, attempt, self._post(request), is_accepted=True)
        except NotAccepted as error:
            self._ended(message, channel, attempt, str(error), is_accepted=False)
            if error.retry_after_s:
                later = self._now() + timedelta(seconds=error.retry_after_s)
                AlertMessage.objects.filter(pk=message.pk, next_attempt_at__lt=later).update(next_attempt_at=later)

    def _request(self, message: AlertMessage, channel: AlertChannel) -> Request | None:
        """Compose a message; None if nothing is left that the person may see."""
        told_now = wording.told(message) if message.is_test or wording.stories_of(message) else None
        if told_now is None:
            return None
        kind, secret = CHANNELS.get(channel.kind), decrypt(channel.secret)
        if kind is None or secret is None:
            raise NotAccepted("its secret cannot be read any more: enter it again")
        return kind.request(told_now, channel.address, secret, int(self._now().timestamp()))

    @transaction.atomic
    def _ended(
        self, message: AlertMessage, channel: AlertChannel, attempt: AlertAttempt, said: str, *, is_accepted: bool
    ) -> None:
        MESSAGES.add(1, channel.kind, "sent" if is_accepted else "failed")
        attempt.is_accepted, attempt.said = is_accepted, told(said, REASON_LONGEST)
        attempt.save(update_fields=["is_accepted", "said"])
        ended = {}
        if is_accepted:
            ended = {"sent_at": self._now()}
        elif message.is_test or message.attempts >= len(WAITS):
            ended = {"given_up_at": self._now()}
            _log.warning("A message about alerts (%s) is given up: %s", channel.kind, attempt.said)
        if ended:
            AlertMessage.objects.filter(pk=message.pk, sent_at=None).update(**ended)


def due(now: datetime) -> QuerySet[AlertMessage]:
    """Select the messages that are to be tried."""
    waiting = AlertMessage.objects.filter(sent_at=None, given_up_at=None, next_attempt_at__lte=now)
    return waiting.select_related("operator", "channel").order_by("next_attempt_at", "id")


def _give_up_late(now: datetime) -> None:
    """End what is too old, and what ended the process at each attempt."""
    late = AlertMessage.objects.filter(sent_at=None, given_up_at=None, next_attempt_at__lte=now)
    late.filter(expires_at__lte=now).update(given_up_at=now)
    late.filter(attempts__gte=len(WAITS)).update(given_up_at=F("next_attempt_at"))
