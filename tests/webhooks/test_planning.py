"""Which readings are put into deliveries: each once, in order, from the beginning of the webhook on."""

import json
from datetime import timedelta

import pytest
from django.db import transaction

from sensorfusion.accounts.models import Membership, Role
from sensorfusion.readings.exclusions.services import exclude
from sensorfusion.sensors.models import Sensor, Status
from sensorfusion.webhooks import planning, services
from sensorfusion.webhooks.models import Cursor, Delivery, Progress
from sensorfusion.webhooks.planning import Range, shared_out
from tests.clients import NOW
from tests.webhooks.conftest import Receiver, send

pytestmark = pytest.mark.django_db(transaction=True)


def test_webhook_begins_with_what_comes_after_it_was_made(receiver: Receiver) -> None:
    sensor = receiver.cast.sensor
    send(sensor, 3, at=NOW)
    receiver.webhook()
    receiver.later(minutes=1)
    assert receiver.requests == []

    send(sensor, 2, at=receiver.now)
    receiver.later(seconds=10)

    assert receiver.seqs() == [(str(sensor.uuid), 4), (str(sensor.uuid), 5)]


def test_readings_wait_for_each_other_until_there_are_enough(receiver: Receiver) -> None:
    sensor = receiver.cast.sensor
    receiver.webhook(readings_most=5, readings_every_s=60)
    send(sensor, 2, at=NOW)
    receiver.later(seconds=59)
    assert receiver.requests == []
    receiver.later(seconds=1)
    assert len(receiver.seqs()) == 2

    send(sensor, 12, at=receiver.now)
    receiver.run()

    assert [len(receiver.seqs([each])) for each in receiver.accepted] == [2, 5, 5]
    receiver.later(seconds=60)
    assert [seq for _, seq in receiver.seqs()] == list(range(1, 15))


def test_sensor_that_was_added_later_is_sent_from_its_first_reading_on(receiver: Receiver) -> None:
    receiver.webhook()
    attic = Sensor.objects.create(
        site=receiver.cast.site, name="Attic", status=Status.ACTIVE, created_at=NOW + timedelta(seconds=1)
    )
    send(attic, 2, at=NOW)
    receiver.later(seconds=10)

    assert receiver.seqs() == [(str(attic.uuid), 1), (str(attic.uuid), 2)]


def test_only_the_chosen_sensors_are_sent(receiver: Receiver) -> None:
    attic = Sensor.objects.create(site=receiver.cast.site, name="Attic", status=Status.ACTIVE)
    webhook = receiver.webhook(sensors=[attic])
    send(receiver.cast.sensor, 1, at=NOW)
    send(attic, 1, at=NOW)
    receiver.later(seconds=10)
    assert receiver.seqs() == [(str(attic.uuid), 1)]

    services.change_webhook(by=receiver.cast.owner, webhook=webhook, now=receiver.now, sensors=[receiver.cast.sensor])
    send(receiver.cast.sensor, 1, at=receiver.now)
    send(attic, 1, at=receiver.now)
    receiver.later(seconds=10)

    assert receiver.seqs()[1:] == [(str(receiver.cast.sensor.uuid), 2)]


def test_sensor_that_is_chosen_later_begins_then_although_it_is_younger_than_the_webhook(receiver: Receiver) -> None:
    webhook = receiver.webhook(sensors=[receiver.cast.sensor])
    attic = Sensor.objects.create(
        site=receiver.cast.site, name="Attic", status=Status.ACTIVE, created_at=NOW + timedelta(seconds=1)
    )
    send(attic, 3, at=NOW)
    receiver.later(seconds=10)
    services.change_webhook(by=receiver.cast.owner, webhook=webhook, now=receiver.now, sensors=[attic])
    send(attic, 1, at=receiver.now)
    receiver.later(seconds=10)

    assert receiver.seqs() == [(str(attic.uuid), 4)]


def test_sensor_that_moved_to_another_site_is_sent_no_more(receiver: Receiver) -> None:
    sensor = receiver.cast.sensor
    receiver.webhook()
    send(sensor, 1, at=NOW)
    receiver.is_down = True
    receiver.later(seconds=10)
    sensor.site = receiver.cast.other_site
    sensor.save()
    send(sensor, 1, at=receiver.now)
    receiver.is_down = False
    receiver.later(minutes=5)

    assert receiver.accepted == []
    assert Delivery.objects.get().state == "sent"


def test_nothing_is_sent_by_the_right_of_a_person_who_owns_the_site_no_more(receiver: Receiver) -> None:
    cast = receiver.cast
    webhook = receiver.webhook()
    Membership.objects.filter(operator=cast.editor, site=cast.site).update(role=Role.OWNER)
    Membership.objects.filter(operator=cast.owner, site=cast.site).update(role=Role.EDITOR)
    send(cast.sensor, 1, at=NOW)
    receiver.later(minutes=5)
    assert receiver.requests == []

    services.change_webhook(by=cast.editor, webhook=webhook, now=receiver.now)
    receiver.later(seconds=10)

    assert len(receiver.seqs()) == 1


def test_process_that_is_killed_while_it_plans_leaves_nothing_half_done(receiver: Receiver) -> None:
    webhook = receiver.webhook()
    send(receiver.cast.sensor, 3, at=NOW)
    receiver.now += timedelta(seconds=10)
    with transaction.atomic():
        assert planning.plan(webhook=webhook.pk, now=receiver.now)
        transaction.set_rollback(True)  # as if the process was killed
    assert (Delivery.objects.count(), Cursor.objects.get().seq) == (0, 0)

    receiver.run()

    assert [seq for _, seq in receiver.seqs()] == [1, 2, 3]


def test_dead_receiver_leaves_one_row_however_much_comes(receiver: Receiver) -> None:
    receiver.webhook(readings_most=10)
    receiver.is_down = True
    for _ in range(30):
        send(receiver.cast.sensor, 5, at=receiver.now)
        receiver.later(minutes=1)

    assert Delivery.objects.count() == 1
    receiver.is_down = False
    receiver.later(hours=3)
    receiver.later(minutes=1)
    assert [seq for _, seq in receiver.seqs()] == list(range(1, 151))


def test_reading_that_was_excluded_before_it_is_sent_says_so(receiver: Receiver) -> None:
    sensor = receiver.cast.sensor
    receiver.webhook()
    send(sensor, 2, at=NOW)
    exclude(
        by=receiver.cast.owner, sensor=sensor, start=NOW, end=NOW + timedelta(seconds=1), reason="cleaning", now=NOW
    )
    receiver.later(seconds=10)

    [request] = receiver.accepted
    readings = json.loads(request.body)["readings"]
    assert [each.get("excluded") for each in readings] == [["temperature"], None]


def test_restored_installation_sends_nothing_that_came_before(receiver: Receiver) -> None:
    receiver.webhook()
    send(receiver.cast.sensor, 3, at=NOW)
    for each in (Progress, Cursor, Delivery):  # what a backup leaves out
        each.objects.all().delete()
    receiver.later(days=1)
    assert receiver.requests == []

    send(receiver.cast.sensor, 1, at=receiver.now)
    receiver.later(seconds=10)

    assert [seq for _, seq in receiver.seqs()] == [4]


def test_history_that_is_imported_leaves_a_part_to_other_sensors() -> None:
    found = shared_out([Range(1, 0, 2), Range(2, 10, 15), Range(3, 0, 1_000_000)], most=30)

    assert found == [Range(1, 0, 2), Range(2, 10, 15), Range(3, 0, 23)]
    assert shared_out([Range(1, 0, 9), Range(2, 0, 9), Range(3, 0, 9)], most=2) == [Range(1, 0, 1), Range(2, 0, 1)]
