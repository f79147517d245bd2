"""The planner: puts new readings into deliveries, by what was committed, in the one process that sends.

Nothing on the way of a reading knows of it: it compares the seq of each sensor with the cursor of each webhook. The
cursors move in the transaction that adds the delivery, so that no reading is skipped or put into two, wherever the
process is killed. While a delivery of readings waits, a webhook gets no other one: what waits at a dead receiver is one
row, and readings arrive in order.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from django.db import connection, transaction

from sensorfusion.events.prepared import fetch
from sensorfusion.webhooks.models import Cursor, Delivery, Event, Progress, Webhook

KEPT_TRYING: Final = timedelta(hours=24)
WAITING_MOST: Final = 1_000  # deliveries of a webhook

# A webhook sends as long as the operator who made it, or changed it last, is an owner of the site.
ALLOWED: Final = """
JOIN site_right AS granted ON granted.site_id = webhook.site_id AND granted.operator_id = webhook.made_by_id
    AND granted.may_own
"""
WAITS: Final = "delivery.webhook_id = webhook.id AND delivery.sent_at IS NULL AND delivery.given_up_at IS NULL"
# The sensors of webhooks.
FOLLOWED: Final = f"""
FROM webhook {ALLOWED}
JOIN sensors_sensor AS sensor ON sensor.site_id = webhook.site_id AND (webhook.of_all OR EXISTS (
    SELECT FROM webhook_sensors AS chosen WHERE chosen.webhook_id = webhook.id AND chosen.sensor_id = sensor.id
))
"""
# Whether there is something new of them. A sensor without a cursor came after the webhook.
_FOLLOWED: Final = f"""
{FOLLOWED}
LEFT JOIN sensor_state AS state ON state.sensor_id = sensor.id
LEFT JOIN webhook_progress AS progress ON progress.webhook_id = webhook.id
LEFT JOIN webhook_cursor AS cursor ON cursor.webhook_id = webhook.id AND cursor.sensor_id = sensor.id
WHERE '{Event.READINGS}' = ANY(webhook.events)
"""
_IS_DUE: Final = """
coalesce(progress.batched_at, progress.begun_at) + webhook.readings_every_s * interval '1 s' <= %(now)s
"""
WITH_NEW: Final = f"""
SELECT webhook.id {_FOLLOWED} AND webhook.is_on AND (progress.webhook_id IS NULL OR state.seq > coalesce(cursor.seq, 0))
    AND NOT EXISTS (SELECT FROM webhook_delivery AS delivery WHERE {WAITS} AND delivery.event = '{Event.READINGS}')
GROUP BY webhook.id, progress.webhook_id
HAVING progress.webhook_id IS NULL OR bool_or(cursor.id IS NULL) OR {_IS_DUE}
    OR sum(state.seq - cursor.seq) >= webhook.readings_most
"""
# Sensors that are being deleted are left out: their deletion may wait for the webhook.
_BEGIN: Final = f"""
INSERT INTO webhook_cursor (webhook_id, sensor_id, seq)
SELECT webhook.id, sensor.id, CASE WHEN sensor.created_at >= progress.begun_at THEN 0 ELSE coalesce(state.seq, 0) END
{_FOLLOWED} AND webhook.id = %(webhook)s AND cursor.id IS NULL
FOR KEY SHARE OF sensor SKIP LOCKED
ON CONFLICT (webhook_id, sensor_id) DO NOTHING
"""
_NEW: Final = f"""
SELECT sensor.id, cursor.seq, state.seq, {_IS_DUE}
{_FOLLOWED} AND webhook.id = %(webhook)s AND state.seq > cursor.seq ORDER BY state.seq - cursor.seq, sensor.id
"""


@dataclass(frozen=True, slots=True)
class Range:
    """The readings of a sensor after a seq, until another one."""

    sensor: int
    after: int
    until: int


def due_webhooks(*, now: datetime) -> list[int]:
    """Return the webhooks with readings that are to be put into a delivery, or with sensors to begin with."""
    return [webhook for (webhook,) in fetch(WITH_NEW, {"now": now})]


@transaction.atomic
def plan(*, webhook: int, now: datetime) -> bool:
    """Add a delivery of a webhook's new readings, if there are enough or they have waited; return whether one was."""
    found = Webhook.objects.select_for_update(of=("self",), skip_locked=True).filter(pk=webhook, is_on=True).first()
    if found is None:
        return False
    begin(webhook=found, now=now)
    if Delivery.objects.filter(webhook=found, event=Event.READINGS, sent_at=None, given_up_at=None).exists():
        return False
    rows = fetch(_NEW, {"webhook": found.pk, "now": now})
    is_due = any(row[3] for row in rows)
    if not rows or not (is_due or sum(until - after for _, after, until, _ in rows) >= found.readings_most):
        return False
    ranges = shared_out([Range(*row[:3]) for row in rows], most=found.readings_most)
    for each in ranges:
        Cursor.objects.filter(webhook=found, sensor=each.sensor).update(seq=each.until)
    Progress.objects.filter(webhook=found).update(batched_at=now)
    add_delivery(webhook=found, event=Event.READINGS, now=now, ranges=ranges)
    return True


def begin(*, webhook: Webhook, now: datetime) -> None:
    """Let a webhook follow the sensors that it does not follow yet: from now on, or from the first reading of a sensor
    that was added since. Call it in a transaction that locks the webhook.
    """
    Progress.objects.get_or_create(webhook=webhook, defaults={"begun_at": now})
    with connection.cursor() as cursor:
        cursor.execute(_BEGIN, {"webhook": webhook.pk})


def add_delivery(
    *, webhook: Webhook, event: str, now: datetime, ranges: Sequence[Range] = (), about: str = "", **told: Any
) -> Delivery:
    """Add what is to be sent, to be tried now. If very much waits, it is only kept for a replay."""
    waiting = Delivery.objects.filter(webhook=webhook, sent_at=None, given_up_at=None)
    listed = [[each.sensor, each.after, each.until] for each in ranges]
    return Delivery.objects.create(
        webhook=webhook, event=event, ranges=listed, told=told, about=about, made_at=now, next_attempt_at=now,
        expires_at=now + KEPT_TRYING, given_up_at=now if waiting.count() >= WAITING_MOST else None,
    )  # fmt: skip


def shared_out(new: Sequence[Range], *, most: int) -> list[Range]:
    """Return the beginnings of ranges, the smallest first, that have so many seqs at most in all.

    A sensor whose history is imported leaves their part to the others.
    """
    found = []
    for number, each in enumerate(new):
        part = -(-most // (len(new) - number))
        until = min(each.until, each.after + part)
        if until > each.after:
            found.append(Range(each.sensor, each.after, until))
        most -= until - each.after
    return found
