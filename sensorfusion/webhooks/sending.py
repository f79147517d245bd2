"""The sender: tries the oldest waiting delivery of each webhook, at least once, with waits that grow for a day.

An attempt is written before it is made, and its answer recorded when it comes: a delivery that ends the process is not
tried for ever, and one that was accepted just before is sent again with the same idempotency key. A receiver that hangs
delays no other one: each site and each host has few of the slots.
"""

import random
import threading
from collections import Counter as Count
from collections.abc import Callable
from concurrent.futures import Future
from datetime import datetime, timedelta
from typing import Final

from django.db import transaction
from django.db.models import F

from sensorfusion.clock import Clock
from sensorfusion.domain.redaction import told
from sensorfusion.events.metrics import Counter
from sensorfusion.events.prepared import fetch, fetch_one
from sensorfusion.outgoing.attempts import WAITS, Answer, Answers, NotAccepted, wait_after
from sensorfusion.outgoing.request import Request, host_of
from sensorfusion.outgoing.signature import SIGNATURE, signature
from sensorfusion.sensors.keys.encryption import decrypt
from sensorfusion.webhooks import planning, watching
from sensorfusion.webhooks.bodies import body_of
from sensorfusion.webhooks.models import REASON_LONGEST, TEST, Attempt, Delivery, Webhook

LOCK: Final = 0x5E50_0018  # the advisory lock's key; see readings/storage/chores.py for the others
AT_ONCE: Final = 8  # attempts whose answers are awaited
OF_ONE: Final = 2  # of those, at most of one site, and at most to one host

DELIVERIES = Counter("sensorfusion_webhook_deliveries", "Attempts at deliveries of webhooks, by outcome.", ["outcome"])
Post = Callable[[Request], "Future[str]"]  # of what the receiver answers, or of NotAccepted

# The delivery that is next of each webhook, if its time has come. Tests are not kept waiting by others.
_DUE: Final = f"""
SELECT head.id FROM webhook {planning.ALLOWED} CROSS JOIN LATERAL (
    SELECT delivery.id, delivery.next_attempt_at FROM webhook_delivery AS delivery
    WHERE {planning.WAITS} AND (webhook.is_on OR delivery.event = '{TEST}')
    ORDER BY delivery.event <> '{TEST}', delivery.id LIMIT 1
) AS head
WHERE head.next_attempt_at <= %(now)s ORDER BY head.next_attempt_at, head.id
"""
# One statement for most looks, prepared: to plan it takes 10 ms, every second.
_IS_THERE: Final = "SELECT EXISTS (SELECT FROM webhook)"
_ANY: Final = f"SELECT EXISTS ({_DUE}) OR EXISTS ({planning.WITH_NEW}) OR {watching.IS_DUE}"


class SendDeliveries:
    """Plans, then begins one attempt at each step (`server/outbox.py`)."""

    def __init__(self, post: Post, now: Clock, *, jitter: Callable[[], float] = random.random) -> None:
        self._post = post
        self._now = now
        self._jitter = jitter
        self._answers: Answers[Attempt] = Answers()
        self._has_webhooks = True

    @property
    def rests(self) -> bool:
        """Whether there was no webhook at the last look."""
        return not self._has_webhooks

    @property
    def answered(self) -> threading.Event:
        """Set when an answer can be recorded."""
        return self._answers.came

    def is_due(self) -> bool:
        """Return whether there is something to plan or to try."""
        self._has_webhooks = fetch_one(_IS_THERE, {}) == (True,)
        return self._has_webhooks and fetch_one(_ANY, {"now": self._now(), **watching.GIVEN}) == (True,)

    def step(self) -> bool:
        """Plan what is due and try one delivery, by the thread's connection of Django; return whether more may be."""
        now = self._now()
        planned = [planning.plan(webhook=each, now=now) for each in planning.due_webhooks(now=now)]
        watching.watch(now=now)
        return self.settle() | any(planned) | self._send(now)

    def settle(self, *, wait_s: float = 0.0) -> bool:
        """Record what receivers answered, also in a process that does not send any more; return whether one did."""
        return self._answers.record(self._answered, wait_s=wait_s)

    def _send(self, now: datetime) -> bool:
        due = _due(now)
        if _give_up_late(due, now):
            return True
        for pk in due if len(self._answers) < AT_ONCE else []:
            with transaction.atomic():
                found = Delivery.objects.select_for_update(of=("self",), skip_locked=True)
                delivery = found.select_related("webhook__site").filter(
                    pk=pk, sent_at=None, given_up_at=None, next_attempt_at__lte=now
                ).first()  # fmt: skip
                if delivery is None or self._is_busy(delivery.webhook):
                    continue
                attempt = self._note(delivery, now)
            self._begin(attempt, now)
            return True
        return False

    def _is_busy(self, webhook: Webhook) -> bool:
        webhooks = [each.delivery.webhook for each in self._answers.awaited]
        sites, hosts = Count(each.site_id for each in webhooks), Count(host_of(each.url) for each in webhooks)
        return sites[webhook.site_id] >= OF_ONE or hosts[host_of(webhook.url)] >= OF_ONE

    def _note(self, delivery: Delivery, now: datetime) -> Attempt:
        delivery.attempts += 1
        delivery.next_attempt_at = now + wait_after(delivery.attempts, jitter=self._jitter())
        delivery.save(update_fields=["attempts", "next_attempt_at"])
        return Attempt.objects.create(delivery=delivery, at=now)

    def _begin(self, attempt: Attempt, now: datetime) -> None:
        try:
            request = request_of(attempt.delivery, now=now)
        except NotAccepted as error:
            self._answered(Answer(attempt, False, str(error), 0.0))
            return
        if request is None:
            self._answered(Answer(attempt, True, "nothing is left of it", 0.0))
            return
        self._answers.expect(attempt, self._post(request))

    @transaction.atomic
    def _answered(self, answer: Answer[Attempt]) -> None:
        attempt, delivery = answer.of, answer.of.delivery
        DELIVERIES.add(1, "sent" if answer.is_accepted else "failed")
        told_now = told(answer.said, REASON_LONGEST)
        Attempt.objects.filter(pk=attempt.pk).update(is_accepted=answer.is_accepted, said=told_now)
        waiting = Delivery.objects.filter(pk=delivery.pk, sent_at=None)
        if answer.is_accepted:
            waiting.update(sent_at=self._now(), given_up_at=None)
        elif delivery.event == TEST or delivery.attempts >= len(WAITS):
            waiting.filter(attempts=delivery.attempts).update(given_up_at=self._now())
        elif answer.retry_after_s:
            later = self._now() + timedelta(seconds=answer.retry_after_s)
            waiting.filter(next_attempt_at__lt=later).update(next_attempt_at=later)


def request_of(delivery: Delivery, *, now: datetime) -> Request | None:
    """Write and sign a delivery; None if nothing is left of it.

    :raises NotAccepted: if it cannot be signed.
    """
    webhook, body = delivery.webhook, body_of(delivery)
    sealed = [webhook.secret]
    if webhook.old_secret_until is not None and webhook.old_secret_until > now:
        sealed.append(webhook.old_secret)
    secrets = [secret for each in sealed if (secret := decrypt(each))]
    if not secrets:
        raise NotAccepted("its secret cannot be read any more: make another one")
    if body is None:
        return None
    headers = {
        "Content-Type": "application/json",
        "Idempotency-Key": str(delivery.uuid),
        SIGNATURE: signature(body, secrets, int(now.timestamp())),
    }
    return Request(webhook.url, headers, body)


def _due(now: datetime) -> list[int]:
    return [delivery for (delivery,) in fetch(_DUE, {"now": now})]


def _give_up_late(due: list[int], now: datetime) -> bool:
    """End what is too old, and what ended the process at each attempt; return whether something was."""
    late = Delivery.objects.filter(pk__in=due, sent_at=None, given_up_at=None)
    expired = late.filter(expires_at__lte=now).update(given_up_at=now)
    return bool(expired + late.filter(attempts__gte=len(WAITS)).update(given_up_at=F("next_attempt_at")))
