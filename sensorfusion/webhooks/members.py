"""Adds a delivery for each change of a site's members, as the audit log has it.

Entries are committed in another order than they are numbered. So each look goes back further than the one before, and
a delivery names its entry, which is told to a webhook once.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Final

from sensorfusion.accounts.audit.models import Action, AuditEntry
from sensorfusion.readings.storage.wire import instant
from sensorfusion.webhooks.models import Delivery, Event, Progress, Webhook
from sensorfusion.webhooks.planning import add_delivery, begin
from sensorfusion.webhooks.queries import SENDER_OWNS

LOOKED_BACK: Final = timedelta(minutes=10)  # longer than a transaction takes
EVENTS: Final = {
    Action.INVITATION_ACCEPTED: Event.MEMBER_JOINED,
    Action.MEMBER_ADDED: Event.MEMBER_JOINED,
    Action.ROLE_CHANGED: Event.MEMBER_CHANGED,
    Action.MEMBER_LEFT: Event.MEMBER_LEFT,
    Action.MEMBER_REMOVED: Event.MEMBER_LEFT,
}


def tell(*, now: datetime, since: datetime) -> None:
    """Tell what changed since the last look; call it in a transaction that locks the watch."""
    for webhook in _told():
        begin(webhook=webhook, now=now)
        begun_at = Progress.objects.get(webhook=webhook).begun_at
        for entry in _entries(webhook, max(begun_at, since - LOOKED_BACK)):
            event = EVENTS[Action(entry.action)]
            about = f"audit {entry.pk}"
            if event in webhook.events and not Delivery.objects.filter(webhook=webhook, about=about).exists():
                add_delivery(
                    webhook=webhook, event=event, now=now, about=about, action=entry.action, subject=entry.subject,
                    by=entry.by, happened_at=instant(entry.at),
                )  # fmt: skip


def _told() -> Iterable[Webhook]:
    events = sorted({each.value for each in EVENTS.values()})
    return Webhook.objects.filter(SENDER_OWNS, is_on=True, events__overlap=events).order_by("pk")


def _entries(webhook: Webhook, since: datetime) -> Iterable[AuditEntry]:
    found = AuditEntry.objects.filter(site=webhook.site_id, at__gte=since, action__in=list(EVENTS))
    return found.order_by("pk")
