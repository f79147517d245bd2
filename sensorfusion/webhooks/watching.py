"""Looks every 10 s for what is told besides readings, in one transaction that other looks wait for."""

from datetime import datetime, timedelta
from typing import Any, Final

from django.db import transaction

from sensorfusion.events.prepared import fetch_one
from sensorfusion.webhooks import members, refusals, silence
from sensorfusion.webhooks.models import Event, Watch

LOOK_EVERY_S: Final = 10.0
UNHEARD: Final = timedelta(seconds=30)

GIVEN: Final[dict[str, Any]] = {"told": [each.value for each in Event if each is not Event.READINGS]}
IS_DUE: Final = f"""
(EXISTS (SELECT FROM webhook WHERE is_on AND events::text[] && %(told)s::text[])
    AND NOT EXISTS (SELECT FROM webhook_watch WHERE looked_at > %(now)s - interval '{LOOK_EVERY_S} s'))
"""


@transaction.atomic
def watch(*, now: datetime) -> None:
    """Look, if it is time and a webhook is told."""
    if fetch_one(f"SELECT {IS_DUE}", {"now": now, **GIVEN}) != (True,):
        return
    row, is_first = Watch.objects.select_for_update().get_or_create(
        pk=1, defaults={"looked_at": now, "heard_from": now}
    )
    looked_at, row.looked_at = row.looked_at, now
    if now - looked_at > UNHEARD:
        row.heard_from = now
    row.save()
    silence.judge(now=now, heard_from=row.heard_from)
    since = now if is_first else looked_at
    members.tell(now=now, since=since)
    refusals.tell(now=now, since=since)
