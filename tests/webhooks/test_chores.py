"""The log of deliveries is bounded by age and number, and what waits stays."""

from datetime import timedelta

import psycopg
import pytest

from sensorfusion.events.postgres import conninfo
from sensorfusion.webhooks import chores
from sensorfusion.webhooks.chores import GIVEN_UP_KEPT, SENT_KEPT, ForgetDeliveries
from sensorfusion.webhooks.models import Attempt, Delivery
from sensorfusion.webhooks.planning import add_delivery
from tests.clients import NOW
from tests.webhooks.conftest import Receiver

pytestmark = pytest.mark.django_db(transaction=True)


def forget(*, after: timedelta) -> list[str]:
    with psycopg.connect(conninfo(), autocommit=True) as connection:
        ForgetDeliveries(lambda: NOW + after).run(connection)
    return [each.state for each in Delivery.objects.order_by("id")]


def three(receiver: Receiver) -> None:
    webhook = receiver.webhook()
    for ended in ({"sent_at": NOW}, {"given_up_at": NOW}, {}):
        delivery = add_delivery(webhook=webhook, event="readings", now=NOW)
        Attempt.objects.create(delivery=delivery, at=NOW)
        Delivery.objects.filter(pk=delivery.pk).update(**ended)


def test_old_deliveries_are_deleted_and_waiting_ones_kept(receiver: Receiver) -> None:
    three(receiver)

    assert forget(after=SENT_KEPT - timedelta(days=1)) == ["sent", "given_up", "waiting"]
    assert forget(after=SENT_KEPT + timedelta(days=1)) == ["given_up", "waiting"]
    assert forget(after=GIVEN_UP_KEPT + timedelta(days=1)) == ["waiting"]
    assert Attempt.objects.count() == 1


def test_more_than_so_many_of_a_webhook_are_deleted(receiver: Receiver, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(chores, "MOST", 2)
    three(receiver)

    assert forget(after=timedelta()) == ["given_up", "waiting"]
