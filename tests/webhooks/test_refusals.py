"""Refused readings are told: each reason once, then once an hour, with the count that the page shows."""

import json
from datetime import datetime, timedelta
from typing import Any

import pytest

from sensorfusion.domain.errors import NOTES
from sensorfusion.sensors.models import Notice, Sensor, Site
from sensorfusion.webhooks.models import Progress, Watch
from tests.clients import NOW
from tests.webhooks.conftest import Receiver

pytestmark = pytest.mark.django_db

TOLD = ["reading.refused"]


def refuse(
    of: Sensor | Site, *, at: datetime, code: str = "out_of_range", subject: str = "temperature", count: int = 1
) -> None:
    """Record a refusal as the server does: the same kind again only counts."""
    owner = {"sensor": of} if isinstance(of, Sensor) else {"site": of}
    known, is_new = Notice.objects.get_or_create(
        **owner, code=code, subject=subject,
        defaults={"detail": "700 is not possible.", "count": count, "first_at": at, "last_at": at},
    )  # fmt: skip
    if not is_new:
        known.count, known.last_at = known.count + count, at
        known.save(update_fields=["count", "last_at"])


def bodies(receiver: Receiver) -> list[dict[str, Any]]:
    return [json.loads(each.body) for each in receiver.accepted]


def test_a_refusal_is_told_with_what_the_page_says(receiver: Receiver) -> None:
    receiver.webhook(events=TOLD)
    receiver.later(seconds=10)
    refuse(receiver.cast.sensor, at=receiver.now, count=3)
    receiver.later(seconds=10)

    (body,) = bodies(receiver)
    told = {name: value for name, value in body.items() if name not in ("id", "webhook", "site", "at")}
    assert told == {
        "type": "reading.refused",
        "sensor": str(receiver.cast.sensor.uuid),
        "code": "out_of_range",
        "subject": "temperature",
        "detail": "700 is not possible.",
        "count": 3,
        "first_at": "2026-11-22T06:00:10Z",
        "last_at": "2026-11-22T06:00:10Z",
    }


def test_a_reason_that_goes_on_is_told_once_an_hour(receiver: Receiver) -> None:
    receiver.webhook(events=TOLD)
    receiver.later(seconds=10)
    for _ in range(180):
        refuse(receiver.cast.sensor, at=receiver.now)
        receiver.later(minutes=1)

    counts = [body["count"] for body in bodies(receiver)]
    assert len(counts) == 3
    assert counts == sorted(counts)


def test_each_reason_and_field_is_told(receiver: Receiver) -> None:
    receiver.webhook(events=TOLD)
    receiver.later(seconds=10)
    refuse(receiver.cast.sensor, at=receiver.now)
    refuse(receiver.cast.sensor, at=receiver.now, subject="humidity")
    refuse(receiver.cast.sensor, at=receiver.now, code="bad_time")
    receiver.later(seconds=10)
    receiver.later(seconds=10)

    found = {(body["code"], body["subject"]) for body in bodies(receiver)}
    assert found == {("out_of_range", "temperature"), ("out_of_range", "humidity"), ("bad_time", "temperature")}
    assert len(bodies(receiver)) == 3


@pytest.mark.parametrize("code", sorted(NOTES))
def test_what_was_accepted_is_no_refusal(receiver: Receiver, code: str) -> None:
    receiver.webhook(events=TOLD)
    receiver.later(seconds=10)
    refuse(receiver.cast.sensor, at=receiver.now, code=code)
    receiver.later(seconds=10)

    assert bodies(receiver) == []


def test_what_was_refused_before_the_webhook_is_not_told(receiver: Receiver) -> None:
    refuse(receiver.cast.sensor, at=NOW - timedelta(minutes=1))
    receiver.webhook(events=TOLD)
    receiver.later(seconds=10)
    receiver.later(seconds=10)

    assert bodies(receiver) == []


def test_only_followed_sensors_of_its_own_site_are_told(receiver: Receiver) -> None:
    cast = receiver.cast
    other = Sensor.objects.create(site=cast.site, name="Shed")
    receiver.webhook(events=TOLD, of_all=False, sensors=[cast.sensor])
    receiver.later(seconds=10)
    for each in (cast.sensor, other, cast.other_sensor, cast.site, cast.other_site):
        refuse(each, at=receiver.now)
    receiver.later(seconds=10)

    assert [body["sensor"] for body in bodies(receiver)] == [str(cast.sensor.uuid)]


def test_a_webhook_of_all_is_told_of_senders_that_belong_to_no_sensor(receiver: Receiver) -> None:
    receiver.webhook(events=TOLD)
    receiver.later(seconds=10)
    refuse(receiver.cast.site, at=receiver.now, code="unknown_sensor", subject="eui-70b3")
    receiver.later(seconds=10)

    assert [(body["sensor"], body["subject"]) for body in bodies(receiver)] == [(None, "eui-70b3")]


def test_what_was_written_late_is_told(receiver: Receiver) -> None:
    receiver.webhook(events=TOLD)
    receiver.later(seconds=10)
    refused_at = receiver.now
    receiver.later(minutes=5)  # the database was away for the process that refused it
    refuse(receiver.cast.sensor, at=refused_at)
    receiver.later(seconds=10)

    assert len(bodies(receiver)) == 1


def test_a_restored_backup_tells_nothing_of_before(receiver: Receiver) -> None:
    receiver.webhook(events=TOLD)
    receiver.later(seconds=10)
    refuse(receiver.cast.sensor, at=receiver.now)
    Watch.objects.all().delete()  # the archive has neither
    Progress.objects.all().delete()
    receiver.now += timedelta(minutes=2)
    receiver.later(seconds=10)
    receiver.later(seconds=10)

    assert bodies(receiver) == []
