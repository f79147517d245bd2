"""Sensors that become offline and send again are told once, and not for silence that the server did not hear."""

import json
from datetime import timedelta

import pytest

from sensorfusion.readings.models import SensorState
from sensorfusion.sensors.models import Status
from sensorfusion.webhooks import planning, services
from sensorfusion.webhooks.models import Delivery, Liveness, Watch
from tests.clients import NOW
from tests.webhooks.conftest import Receiver, send

pytestmark = pytest.mark.django_db(transaction=True)

BOTH = ["sensor.offline", "sensor.online"]


def told(receiver: Receiver) -> list[str]:
    return [json.loads(each.body)["type"] for each in receiver.accepted]


def watch(receiver: Receiver, *, seconds: int) -> None:
    """Let time go by while the server runs."""
    for _ in range(seconds // 20):
        receiver.later(seconds=20)


def hear(receiver: Receiver) -> None:
    """Let the sensor send once."""
    SensorState.objects.filter(sensor=receiver.cast.sensor).update(observed_at=receiver.now)


@pytest.fixture
def heard(receiver: Receiver) -> Receiver:
    """A sensor that sent every second until now, and is followed."""
    send(receiver.cast.sensor, 8, at=NOW - timedelta(seconds=8))
    return receiver


def test_sensor_that_becomes_offline_and_sends_again_is_told_once_each(heard: Receiver) -> None:
    heard.webhook(events=BOTH)
    watch(heard, seconds=580)
    assert told(heard) == []
    watch(heard, seconds=120)
    assert told(heard) == ["sensor.offline"]
    watch(heard, seconds=3600)
    hear(heard)
    watch(heard, seconds=60)

    assert told(heard) == ["sensor.offline", "sensor.online"]
    offline, online = (json.loads(each.body) for each in heard.accepted)
    assert (offline["sensor"], offline["name"], offline["state"]) == (
        str(heard.cast.sensor.uuid),
        "Orchard station",
        "offline",
    )
    assert offline["observed_at"] == "2026-11-22T05:59:59Z"
    assert online["state"] in ("live", "late")


def test_webhook_gets_only_the_events_that_it_wants(heard: Receiver) -> None:
    heard.webhook(events=["sensor.online"])
    watch(heard, seconds=700)
    hear(heard)
    watch(heard, seconds=60)

    assert told(heard) == ["sensor.online"]


def test_sensor_that_was_offline_before_the_webhook_is_not_told(heard: Receiver) -> None:
    heard.now += timedelta(hours=5)
    heard.webhook(events=BOTH)
    watch(heard, seconds=60)

    assert told(heard) == []
    assert Liveness.objects.get().is_offline


def test_silence_while_the_server_was_away_does_not_count(heard: Receiver) -> None:
    heard.webhook(events=BOTH)
    watch(heard, seconds=60)
    heard.later(hours=2)  # nobody looked
    watch(heard, seconds=560)
    assert told(heard) == []

    watch(heard, seconds=80)
    assert told(heard) == ["sensor.offline"]


def test_paused_sensor_is_neither(heard: Receiver) -> None:
    heard.webhook(events=BOTH)
    watch(heard, seconds=60)
    heard.cast.sensor.status = Status.PAUSED
    heard.cast.sensor.save()
    watch(heard, seconds=1200)

    assert told(heard) == []


def test_process_that_takes_over_tells_nothing_twice(heard: Receiver) -> None:
    heard.webhook(events=BOTH)
    watch(heard, seconds=700)
    heard.chore = heard.another_process()
    watch(heard, seconds=700)

    assert told(heard) == ["sensor.offline"]


def test_restored_installation_tells_nothing_old(heard: Receiver) -> None:
    heard.webhook(events=BOTH)
    watch(heard, seconds=60)
    for each in (Watch, Liveness):  # what a backup leaves out
        each.objects.all().delete()
    heard.later(days=1)
    watch(heard, seconds=60)

    assert told(heard) == []


def test_webhook_without_these_events_costs_no_look(heard: Receiver) -> None:
    heard.webhook()
    watch(heard, seconds=60)

    assert not Watch.objects.exists()


def test_what_is_too_much_waits_no_more_and_can_be_sent_again(heard: Receiver, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(planning, "WAITING_MOST", 1)
    webhook = heard.webhook(events=BOTH)
    heard.is_down = True
    watch(heard, seconds=700)
    hear(heard)
    watch(heard, seconds=60)
    assert [each.state for each in Delivery.objects.order_by("id")] == ["waiting", "given_up"]

    heard.is_down = False
    services.replay(by=heard.cast.owner, deliveries=services.since(NOW), webhook=webhook, now=heard.now)
    heard.later(hours=1)
    assert told(heard) == ["sensor.offline", "sensor.online"]
