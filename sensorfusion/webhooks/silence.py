"""Judges which sensors have become offline, or send again, and adds a delivery for each webhook that is told.

A sensor is judged once for all webhooks, by what its page says; what was judged is stored with the deliveries, in one
transaction. While no process looked, sensors could not be heard: after a pause their silence counts from its end on.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from sensorfusion.events.prepared import fetch
from sensorfusion.live.reads import RHYTHM, Rhythm, rhythm
from sensorfusion.readings.storage.wire import instant
from sensorfusion.webhooks.models import Event, Liveness, Webhook
from sensorfusion.webhooks.planning import FOLLOWED, add_delivery

_FOLLOWERS: Final = f"""
SELECT sensor.id, webhook.id {FOLLOWED}
WHERE webhook.is_on AND webhook.events::text[] && %(events)s::text[] ORDER BY webhook.id
"""
_STATES: Final = f"""
SELECT sensor.id, sensor.uuid, sensor.name, judged.is_offline, {RHYTHM}
FROM sensors_sensor AS sensor JOIN sensor_state AS state ON state.sensor_id = sensor.id
LEFT JOIN webhook_liveness AS judged ON judged.sensor_id = sensor.id
WHERE sensor.id = ANY(%(sensors)s) ORDER BY sensor.id
"""


@dataclass(frozen=True, slots=True)
class Judged:
    """A sensor, whether it was offline (None: not known), and what its state follows from."""

    sensor: int
    uuid: UUID
    name: str
    was_offline: bool | None
    rhythm: Rhythm

    def is_offline(self, *, now: datetime, heard_from: datetime) -> bool | None:
        """Return whether it is offline now; None if nothing is expected of it."""
        state = self.rhythm.state(now)
        if state in ("paused", "pending"):
            return None
        if state != "offline" or self.was_offline is not False or self.rhythm.last_at is None:
            return state == "offline"
        heard = Rhythm(max(self.rhythm.last_at, heard_from), self.rhythm.interval_s, self.rhythm.status)
        return heard.state(now) == "offline"


def judge(*, now: datetime, heard_from: datetime) -> None:
    """Judge the sensors whose webhooks are told; call it in a transaction that locks the watch."""
    followers: dict[int, list[int]] = defaultdict(list)
    for sensor, webhook in fetch(_FOLLOWERS, {"events": [Event.SENSOR_OFFLINE.value, Event.SENSOR_ONLINE.value]}):
        followers[sensor].append(webhook)
    rows = fetch(_STATES, {"sensors": list(followers)})
    found = [Judged(sensor, uuid, name, was, rhythm(*inputs)) for sensor, uuid, name, was, *inputs in rows]
    states = [(each, each.is_offline(now=now, heard_from=heard_from)) for each in found]
    changed = [(each, state) for each, state in states if state is not None and state != each.was_offline]
    for each, is_offline in changed:  # before the deliveries: the deletion of a site locks sensors before webhooks
        Liveness.objects.update_or_create(sensor_id=each.sensor, defaults={"is_offline": is_offline, "changed_at": now})
    for each, is_offline in changed:
        if each.was_offline is not None:
            _tell(each, is_offline, followers[each.sensor], now)


def _tell(judged: Judged, is_offline: bool, webhooks: Iterable[int], now: datetime) -> None:
    event = Event.SENSOR_OFFLINE if is_offline else Event.SENSOR_ONLINE
    at = judged.rhythm.last_at
    told: dict[str, Any] = {
        "sensor": str(judged.uuid),
        "name": judged.name,
        "state": judged.rhythm.state(now),
        "observed_at": instant(at) if at else None,
    }
    for webhook in Webhook.objects.filter(pk__in=webhooks, events__contains=[event]).order_by("pk"):
        add_delivery(webhook=webhook, event=event, now=now, **told)
