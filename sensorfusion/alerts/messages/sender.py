"""The sender: tries waiting messages, at least once each, with waits that grow for a day.

It does not wait for answers (`attempts.py`). E-mail is only handed over to the outbox of `mail`, in the transaction
that marks the message: its attempts are made and counted there.
"""

import random
import threading
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Final

from django.db import transaction
from django.db.models import F, QuerySet

from sensorfusion.alerts.messages import wording
from sensorfusion.alerts.messages.attempts import MESSAGES, Attempts, Post
from sensorfusion.alerts.messages.models import AlertMessage
from sensorfusion.alerts.messages.repeats import repeat
from sensorfusion.alerts.messages.teller import tell
from sensorfusion.clock import Clock
from sensorfusion.events.prepared import fetch_one
from sensorfusion.mail.outbox import has_room, is_configured, queue
from sensorfusion.outgoing.attempts import WAITS
from sensorfusion.web.languages import in_language_of

LOCK: Final = 0x5E50_0017  # the advisory lock's key; see readings/storage/chores.py for the others
TRIED_AGAIN: Final = timedelta(minutes=5)  # of an e-mail whose recipient has no room in the outbox
# One cheap statement for most looks: whether anything is due, and whether anything waits. It may say that something is
# due in vain: the steps ask for more.
_IS_DUE: Final = """
SELECT EXISTS (SELECT FROM alert_untold WHERE held_until IS NULL OR held_until <= %(now)s)
    OR EXISTS (SELECT FROM alert_message
        WHERE sent_at IS NULL AND given_up_at IS NULL AND next_attempt_at <= %(now)s)
    OR EXISTS (SELECT FROM alert JOIN alert_rule AS rule ON rule.id = alert.rule_id
        WHERE alert.ended_at IS NULL AND alert.acknowledged_at IS NULL AND rule.repeat_s > 0),
    EXISTS (SELECT FROM alert_untold)
    OR EXISTS (SELECT FROM alert_message WHERE sent_at IS NULL AND given_up_at IS NULL)
"""


def about(message: AlertMessage) -> str:
    """Return what the outbox of e-mail calls a message."""
    return f"alert {message.uuid}"


class SendAlerts:
    """Tells what happened, then begins to try one message at each step (`server/outbox.py`)."""

    def __init__(self, post: Post, now: Clock, *, jitter: Callable[[], float] = random.random) -> None:
        self._now = now
        self._attempts = Attempts(post, now, jitter=jitter)
        self._rests = False

    @property
    def rests(self) -> bool:
        """Whether there was nothing to tell, to repeat or to send at the last look, now or later."""
        return self._rests

    @property
    def answered(self) -> threading.Event:
        """Set when an answer can be recorded."""
        return self._attempts.answered

    def is_due(self) -> bool:
        """Return whether there may be something to tell, to repeat or to send."""
        due, waiting = fetch_one(_IS_DUE, {"now": self._now()}) or (False, False)
        self._rests = not (due or waiting)
        return bool(due)

    def step(self) -> bool:
        """Tell and send once, by the thread's connection of Django; return whether more may be due."""
        now = self._now()
        repeat(now=now)
        return self.settle() | tell(now=now) | self._send(now)

    def settle(self, *, wait_s: float = 0.0) -> bool:
        """Record what receivers answered, also in a process that does not send any more; return whether one did."""
        return self._attempts.settle(wait_s=wait_s)

    def _send(self, now: datetime) -> bool:
        with transaction.atomic():
            _give_up_late(now)
            found = self._attempts.without_busy(due(now).select_for_update(of=("self",), skip_locked=True))
            message = found.first()
            if message is None:
                return False
            if message.channel is None:
                self._hand_over(message, now)
                return True
            attempt = self._attempts.note(message, now)
        self._attempts.begin(message, message.channel, attempt)
        return True

    def _hand_over(self, message: AlertMessage, now: datetime) -> None:
        if is_configured() and not has_room(message.operator.email):
            message.next_attempt_at = now + TRIED_AGAIN
            message.save(update_fields=["next_attempt_at"])
            return
        if is_configured() and message.operator.is_trusted and wording.stories_of(message):
            with in_language_of(message.operator):
                queue(wording.email(message, now=now), to=message.operator.email, about=about(message))
            message.sent_at, message.attempts = now, 1
            message.save(update_fields=["sent_at", "attempts"])
            MESSAGES.add(1, "email", "queued")
        else:
            message.delete()


def due(now: datetime) -> QuerySet[AlertMessage]:
    """Select the messages that are to be tried."""
    waiting = AlertMessage.objects.filter(sent_at=None, given_up_at=None, next_attempt_at__lte=now)
    return waiting.select_related("operator", "channel").order_by("next_attempt_at", "id")


def _give_up_late(now: datetime) -> None:
    """End what is too old, and what ended the process at each attempt."""
    late = AlertMessage.objects.filter(sent_at=None, given_up_at=None, next_attempt_at__lte=now)
    late.filter(expires_at__lte=now).update(given_up_at=now)
    late.filter(attempts__gte=len(WAITS)).update(given_up_at=F("next_attempt_at"))
