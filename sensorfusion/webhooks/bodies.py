"""What a delivery says. Readings are read when it is sent, with the members that the API and the live stream have.

A reading that was corrected meanwhile has a higher seq, and comes in a later delivery instead.
"""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

import msgspec

from sensorfusion.readings.stored import reads
from sensorfusion.sensors.models import Sensor
from sensorfusion.webhooks.models import Delivery, Event

_json = msgspec.json.Encoder().encode


class SentReading(msgspec.Struct):
    """A reading as the live stream has it."""

    sensor: str
    seq: int
    observed_at: datetime
    received_at: datetime
    values: dict[str, Any]
    flags: dict[str, int] | msgspec.UnsetType
    excluded: list[str] | msgspec.UnsetType


def body_of(delivery: Delivery) -> bytes | None:
    """Write the body of a delivery; None if nothing is left of it."""
    webhook = delivery.webhook
    head = {
        "id": delivery.uuid, "type": delivery.event, "webhook": webhook.uuid, "site": webhook.site.uuid,
        "at": delivery.made_at,
    }  # fmt: skip
    if delivery.event != Event.READINGS:
        return _json({**head, **delivery.told})
    readings = list(_readings(delivery))
    return _json({**head, "readings": readings}) if readings else None


def _readings(delivery: Delivery) -> Iterator[SentReading]:
    ranges = {sensor: (after, until) for sensor, after, until in delivery.ranges}
    there = Sensor.objects.filter(pk__in=ranges, site=delivery.webhook.site)  # it may have moved to another site
    uuids = dict(there.values_list("pk", "uuid"))
    for sensor, (after, until) in ranges.items():
        if sensor not in uuids:
            continue
        for each in reads.changes(sensor=sensor, after_seq=after, limit=until - after):
            if each.seq <= until:
                yield SentReading(
                    str(uuids[sensor]), each.seq, each.observed_at, each.received_at, each.values,
                    each.flags or msgspec.UNSET, each.excluded,
                )  # fmt: skip
