"""Attempts at messages: each is written before it is made, and its answer recorded when it comes.

So a message that ends the process is not tried for ever, and what was accepted just before is sent again with the same
idempotency key. A receiver that hangs delays no other one: each person and each host has few of the slots.
"""

import logging
import threading
from collections import Counter as Count
from collections.abc import Callable, Hashable, Iterable
from concurrent.futures import Future, wait
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, TypeVar
from urllib.parse import urlsplit

from django.db import transaction
from django.db.models import Q, QuerySet

from sensorfusion.alerts.messages import wording
from sensorfusion.alerts.messages.channels import CHANNELS
from sensorfusion.alerts.messages.channels.channel import Publish, Request
from sensorfusion.alerts.messages.models import REASON_LONGEST, AlertAttempt, AlertChannel, AlertMessage
from sensorfusion.clock import Clock
from sensorfusion.domain.redaction import told
from sensorfusion.events.metrics import Counter
from sensorfusion.sensors.keys.encryption import decrypt

MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)
# After each attempt, the time until the next one; none follows the last. Up to a tenth more, so that messages that
# failed together are not tried together.
WAITS: Final = (MINUTE, 5 * MINUTE, 15 * MINUTE, HOUR, 3 * HOUR, 6 * HOUR, 12 * HOUR, HOUR)
JITTER: Final = 0.1
AT_ONCE: Final = 8  # attempts whose answers are awaited
OF_ONE: Final = 2  # of those, at most for one person, and at most to one host

MESSAGES = Counter(
    "sensorfusion_alert_messages", "Attempts to send messages about alerts, by channel and outcome.",
    ["channel", "outcome"],
)  # fmt: skip
_T = TypeVar("_T", bound=Hashable)
_log = logging.getLogger(__name__)


class NotAccepted(Exception):
    """A receiver did not accept a message; `str()` of it says why."""

    def __init__(self, why: str, *, retry_after_s: float = 0.0) -> None:
        super().__init__(why)
        self.retry_after_s = retry_after_s


Post = Callable[[Request | Publish], "Future[str]"]  # of what the receiver answers, or of NotAccepted


@dataclass(frozen=True, slots=True)
class Awaited:
    """An attempt whose answer is awaited."""

    message: AlertMessage
    channel: AlertChannel
    attempt: AlertAttempt
    answer: "Future[str]"


class Attempts:
    """The attempts of one process; `answered` is set when an answer can be recorded."""

    def __init__(self, post: Post, now: Clock, *, jitter: Callable[[], float]) -> None:
        self._post = post
        self._now = now
        self._jitter = jitter
        self._awaited: list[Awaited] = []
        self.answered = threading.Event()

    def without_busy(self, messages: QuerySet[AlertMessage]) -> QuerySet[AlertMessage]:
        """Select e-mail, and messages to receivers that have a slot."""
        if len(self._awaited) >= AT_ONCE:
            return messages.filter(channel=None)
        busy = Q(channel__in=[each.channel for each in self._awaited])
        busy |= Q(operator__in=_crowded(each.message.operator_id for each in self._awaited), channel__isnull=False)
        for host in _crowded(_host(each.channel) for each in self._awaited):
            busy |= Q(channel__address__istartswith=host)
        return messages.exclude(busy)

    def note(self, message: AlertMessage, now: datetime) -> AlertAttempt:
        """Write that a message is tried, in the transaction that locks it."""
        wait = WAITS[min(message.attempts, len(WAITS) - 1)]
        message.next_attempt_at = now + wait * (1 + JITTER * self._jitter())
        message.attempts += 1
        message.save(update_fields=["next_attempt_at", "attempts"])
        return AlertAttempt.objects.create(message=message, at=now)

    def begin(self, message: AlertMessage, channel: AlertChannel, attempt: AlertAttempt) -> None:
        """Send a message, or delete it if nothing is left that the person may see."""
        try:
            request = self._request(message, channel)
        except NotAccepted as error:
            self._ended(message, channel, attempt, str(error), is_accepted=False)
            return
        if request is None:
            message.delete()
            return
        answer = self._post(request)
        self._awaited.append(Awaited(message, channel, attempt, answer))
        answer.add_done_callback(lambda _: self.answered.set())

    def settle(self, *, wait_s: float) -> bool:
        """Record the answers that came, or come soon; return whether there were any."""
        if wait_s:
            wait([each.answer for each in self._awaited], wait_s)
        done = [each for each in self._awaited if each.answer.done()]
        for each in done:
            self._settle(each)
            self._awaited.remove(each)
        return bool(done)

    def _settle(self, done: Awaited) -> None:
        error = done.answer.exception()
        if error is not None and not isinstance(error, NotAccepted):
            _log.error("A message about alerts could not be sent.", exc_info=error)
        said = done.answer.result() if error is None else str(error) or type(error).__name__
        self._ended(done.message, done.channel, done.attempt, said, is_accepted=error is None)
        if isinstance(error, NotAccepted) and error.retry_after_s:
            later = self._now() + timedelta(seconds=error.retry_after_s)
            waiting = AlertMessage.objects.filter(pk=done.message.pk, next_attempt_at__lt=later)
            waiting.update(next_attempt_at=later)

    def _request(self, message: AlertMessage, channel: AlertChannel) -> Request | Publish | None:
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


def _crowded(counted: Iterable[_T]) -> list[_T]:
    return [each for each, many in Count(counted).items() if many >= OF_ONE]


def _host(channel: AlertChannel) -> str:
    parts = urlsplit(channel.address)
    return f"{parts.scheme}://{parts.netloc}"
