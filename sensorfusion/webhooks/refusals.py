"""Adds a delivery when readings are refused: for each kind of refusal at once, then once an hour while it goes on.

It reads the notices that owners see on the pages, which count the refusals of each reason. Processes write them late
when the database was away, so each look goes back further than the one before; a delivery names its notice and the
hour, which are told to a webhook once.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Final

from django.db.models import Q

from sensorfusion.domain.errors import NOTES
from sensorfusion.readings.storage.wire import instant
from sensorfusion.sensors.notices.models import Notice
from sensorfusion.webhooks.models import Delivery, Event, Progress, Webhook
from sensorfusion.webhooks.planning import add_delivery, begin
from sensorfusion.webhooks.queries import SENDER_OWNS

LOOKED_BACK: Final = timedelta(minutes=10)
AGAIN_AFTER_S: Final = 3_600


def tell(*, now: datetime, since: datetime) -> None:
    """Tell what was refused since the last look; call it in a transaction that locks the watch."""
    told = Webhook.objects.filter(SENDER_OWNS, is_on=True, events__contains=[Event.READING_REFUSED]).order_by("pk")
    for webhook in told:
        begin(webhook=webhook, now=now)
        begun_at = Progress.objects.get(webhook=webhook).begun_at
        for notice in _notices(webhook, max(begun_at, since - LOOKED_BACK)):
            _tell(webhook, notice, now)


def _tell(webhook: Webhook, notice: Notice, now: datetime) -> None:
    about = f"refused {notice.pk} {int(notice.last_at.timestamp()) // AGAIN_AFTER_S}"
    if Delivery.objects.filter(webhook=webhook, about=about).exists():
        return
    add_delivery(
        webhook=webhook, event=Event.READING_REFUSED, now=now, about=about,
        sensor=str(notice.sensor.uuid) if notice.sensor else None, code=notice.code, subject=notice.subject,
        detail=notice.detail, count=notice.count, first_at=instant(notice.first_at), last_at=instant(notice.last_at),
    )  # fmt: skip


def _notices(webhook: Webhook, since: datetime) -> Iterable[Notice]:
    """Return the refusals of the sensors that it follows; with all of them also those of no known sensor."""
    of_site = Q(site=webhook.site_id) | Q(sensor__site=webhook.site_id)
    followed = of_site if webhook.of_all else Q(sensor__site=webhook.site_id, sensor__in=webhook.sensors.all())
    found = Notice.objects.filter(followed, last_at__gte=since).exclude(code__in=NOTES)
    return found.select_related("sensor").order_by("last_at", "pk")
