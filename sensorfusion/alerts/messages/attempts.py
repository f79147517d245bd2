"""Attempts at messages: each is written before it is made, and its answer recorded when it comes.

So a message that ends the process is not tried for ever, and what was accepted just before is sent again with the same
idempotency key. A receiver that hangs delays no other one: each person and each host has few of the slots.
"""

import logging
import threading
from collections import Counter as Count
from collections.abc import Callable, Hashable, Iterable
from concurrent.futures import Future
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, TypeVar

from django.db import transaction
from django.db.models import Q, QuerySet

from sensorfusion.alerts.messages import wording
from sensorfusion.alerts.messages.browsers import end
from sensorfusion.alerts.messages.channels import CHANNELS
from sensorfusion.alerts.messages.channels.channel import Publish
from sensorfusion.alerts.messages.models import REASON_LONGEST, AlertAttempt, AlertChannel, AlertMessage
from sensorfusion.clock import Clock
from sensorfusion.domain.redaction import told
from sensorfusion.events.metrics import Counter
from sensorfusion.outgoing.apprise.running import Notification
from sensorfusion.outgoing.attempts import WAITS, Answer, Answers, NotAccepted, wait_after
from sensorfusion.outgoing.outcomes import ENDED
from sensorfusion.outgoing.request import Request, host_of
from sensorfusion.sensors.keys.encryption import decrypt
from sensorfusion.web.languages import in_language_of

AT_ONCE: Final = 8  # attempts whose answers are awaited
OF_ONE: Final = 2  # of those, at most for one person, and at most to one host

MESSAGES = Counter(
    "sensorfusion_alert_messages", "Attempts to send messages about alerts, by channel and outcome.",
    ["channel", "outcome"],
)  # fmt: skip
_T = TypeVar("_T", bound=Hashable)
_log = logging.getLogger(__name__)


Sendable = Request | Publish | Notification
Post = Callable[[Sendable], "Future[str]"]  # of what the receiver answers, or of NotAccepted


@dataclass(frozen=True, slots=True)
class Tried:
    """An attempt at a message."""

    message: AlertMessage
    channel: AlertChannel
    attempt: AlertAttempt


class Attempts:
    """The attempts of one process."""

    def __init__(self, post: Post, now: Clock, *, jitter: Callable[[], float]) -> None:
        self._post = post
        self._now = now
        self._jitter = jitter
        self._answers: Answers[Tried] = Answers()

    @property
    def answered(self) -> threading.Event:
        """Set when an answer can be recorded."""
        return self._answers.came

    def without_busy(self, messages: QuerySet[AlertMessage]) -> QuerySet[AlertMessage]:
        """Select e-mail, and messages to receivers that have a slot."""
        awaited = self._answers.awaited
        if len(awaited) >= AT_ONCE:
            return messages.filter(channel=None)
        busy = Q(channel__in=[each.channel for each in awaited])
        busy |= Q(operator__in=_crowded(each.message.operator_id for each in awaited), channel__isnull=False)
        for host in _crowded(host_of(each.channel.address) for each in awaited):
            busy |= Q(channel__address__istartswith=host)
        return messages.exclude(busy)

    def note(self, message: AlertMessage, now: datetime) -> AlertAttempt:
        """Write that a message is tried, in the transaction that locks it."""
        message.attempts += 1
        message.next_attempt_at = now + wait_after(message.attempts, jitter=self._jitter())
        message.save(update_fields=["next_attempt_at", "attempts"])
        return AlertAttempt.objects.create(message=message, at=now)

    def begin(self, message: AlertMessage, channel: AlertChannel, attempt: AlertAttempt) -> None:
        """Send a message, or delete it if nothing is left that the person may see."""
        try:
            request = self._request(message, channel)
        except NotAccepted as error:
            self._ended(message, channel, attempt, str(error), is_accepted=False, is_final=error.is_gone)
            return
        if request is None:
            message.delete()
            return
        self._answers.expect(Tried(message, channel, attempt), self._post(request))

    def settle(self, *, wait_s: float) -> bool:
        """Record the answers that came, or come soon; return whether there were any."""
        return self._answers.record(self._settle, wait_s=wait_s)

    def _settle(self, answer: Answer[Tried]) -> None:
        done, kind = answer.of, CHANNELS.get(answer.of.channel.kind)
        is_over = answer.is_gone and kind is not None and kind.ends_when_gone
        said = f"{answer.said}: {ENDED}" if is_over else answer.said
        self._ended(
            done.message, done.channel, done.attempt, said, is_accepted=answer.is_accepted, is_final=is_over
        )  # fmt: skip
        if is_over:
            end(channel=done.channel, now=self._now())
        elif answer.retry_after_s:
            later = self._now() + timedelta(seconds=answer.retry_after_s)
            waiting = AlertMessage.objects.filter(pk=done.message.pk, next_attempt_at__lt=later)
            waiting.update(next_attempt_at=later)

    def _request(self, message: AlertMessage, channel: AlertChannel) -> Sendable | None:
        """Compose a message; None if nothing is left that the person may see."""
        if not message.is_test and not wording.stories_of(message):
            return None
        kind, secret = CHANNELS.get(channel.kind), decrypt(channel.secret)
        if kind is None or secret is None:
            raise NotAccepted("its secret cannot be read any more: enter it again")
        with in_language_of(message.operator if kind.is_read else None):
            told_now = wording.told(message)
        return kind.request(told_now, channel.address, secret, int(self._now().timestamp()))

    @transaction.atomic
    def _ended(
        self,
        message: AlertMessage,
        channel: AlertChannel,
        attempt: AlertAttempt,
        said: str,
        *,
        is_accepted: bool,
        is_final: bool = False,
    ) -> None:
        MESSAGES.add(1, channel.kind, "sent" if is_accepted else "failed")
        attempt.is_accepted, attempt.said = is_accepted, told(said, REASON_LONGEST)
        attempt.save(update_fields=["is_accepted", "said"])
        ended = {}
        if is_accepted:
            ended = {"sent_at": self._now()}
        elif is_final or message.is_test or message.attempts >= len(WAITS):
            ended = {"given_up_at": self._now()}
            _log.warning("A message about alerts (%s) is given up: %s", channel.kind, attempt.said)
        if ended:
            AlertMessage.objects.filter(pk=message.pk, sent_at=None).update(**ended)


def _crowded(counted: Iterable[_T]) -> list[_T]:
    return [each for each, many in Count(counted).items() if many >= OF_ONE]
