"""Receivers that fail, hang and answer late: all readings arrive, what comes twice has one key, and no other waits."""

import hashlib
import hmac
import json
from concurrent.futures import Future
from datetime import timedelta

import pytest

from sensorfusion.ingest.polling.fetching import Fetcher
from sensorfusion.outgoing.allowed_networks import allowed_networks
from sensorfusion.outgoing.attempts import WAITS, NotAccepted
from sensorfusion.outgoing.request import Request
from sensorfusion.server.alerts.sender import posting
from sensorfusion.server.outbox import OutboxSender
from sensorfusion.webhooks import services
from sensorfusion.webhooks.models import Attempt, Delivery, Webhook
from sensorfusion.webhooks.sending import LOCK, OF_ONE
from tests.alerts.messages.test_sender import HERE, receiving
from tests.clients import NOW
from tests.patience import PATIENCE_S
from tests.webhooks.conftest import Receiver, send

pytestmark = pytest.mark.django_db(transaction=True)


def said() -> list[str]:
    return list(Attempt.objects.order_by("id").values_list("said", flat=True))


def keys(receiver: Receiver) -> list[str]:
    return [each.headers["Idempotency-Key"] for each in receiver.requests]


def digests(request: Request) -> tuple[int, list[str]]:
    at, *signed = request.headers["SensorFusion-Signature"].split(",")
    return int(at.removeprefix("t=")), [each.removeprefix("v1=") for each in signed]


def test_receiver_that_fails_for_an_hour_gets_every_reading_once_and_in_order(receiver: Receiver) -> None:
    sensor = receiver.cast.sensor
    receiver.webhook(readings_most=50)
    receiver.is_down = True
    for minute in range(60 * 4):
        receiver.is_down = minute < 60
        send(sensor, 1, at=receiver.now)
        receiver.later(minutes=1)

    receiver.later(seconds=10)
    assert [seq for _, seq in receiver.seqs()] == list(range(1, 241))
    assert len(receiver.requests) - len(receiver.accepted) == 4  # at once, after 1, 6 and 21 minutes
    assert not Delivery.objects.exclude(sent_at__isnull=False).exists()


def test_receiver_that_fails_for_a_day_is_given_up_and_gets_it_by_a_replay(receiver: Receiver) -> None:
    webhook = receiver.webhook()
    send(receiver.cast.sensor, 3, at=NOW)
    receiver.is_down = True
    receiver.later(seconds=10)
    for _ in range(24 * 60 + 30):
        receiver.later(minutes=1)
    given_up = Delivery.objects.get()
    assert (given_up.state, given_up.attempts, said()) == ("given_up", len(WAITS), ["it answers 500"] * len(WAITS))

    receiver.is_down = False
    chosen = services.since(NOW)
    assert services.replay(by=receiver.cast.owner, deliveries=chosen, webhook=webhook, now=receiver.now) == 1
    receiver.run()

    assert [seq for _, seq in receiver.seqs()] == [1, 2, 3]
    assert set(keys(receiver)) == {str(given_up.uuid)}


def test_process_that_is_killed_after_the_receiver_got_it_sends_it_again_with_the_same_key(receiver: Receiver) -> None:
    receiver.webhook()
    send(receiver.cast.sensor, 3, at=NOW)
    receiver.refusals = [SystemExit(9)]  # as if the process was killed before it recorded the answer
    with pytest.raises(SystemExit):
        receiver.later(seconds=10)
    delivery = Delivery.objects.get()
    assert (delivery.attempts, delivery.state, said()) == (1, "waiting", [""])

    receiver.chore = receiver.another_process()
    receiver.later(minutes=1)

    assert keys(receiver) == [str(delivery.uuid)] * 2
    assert receiver.requests[0].body == receiver.requests[1].body
    assert said() == ["", "accepted"]


def test_another_process_goes_on_when_the_one_that_sent_has_ended(receiver: Receiver) -> None:
    receiver.webhook()
    first, second = (OutboxSender(receiver.another_process(), lock=LOCK, name="webhooks") for _ in range(2))
    for number, sender in enumerate((first, second, second, first), 1):
        send(receiver.cast.sensor, 1, at=receiver.now)
        receiver.now += timedelta(seconds=10)
        while sender.step():
            pass
        assert [seq for _, seq in receiver.seqs()] == list(range(1, number + 1))


def test_delivery_is_signed_with_its_time(receiver: Receiver, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(services, "_new_secret", lambda: "s3cret")
    webhook = receiver.webhook()
    send(receiver.cast.sensor, 1, at=NOW)
    receiver.later(seconds=10)

    [request] = receiver.requests
    at, signed = digests(request)
    assert at == int(receiver.now.timestamp())
    assert signed == [hmac.new(b"s3cret", f"{at}.".encode() + request.body, hashlib.sha256).hexdigest()]
    body = json.loads(request.body)
    assert (body["type"], body["webhook"], body["site"]) == ("readings", str(webhook.uuid), str(webhook.site.uuid))
    assert body["id"] == request.headers["Idempotency-Key"]
    assert body["readings"] == [
        {
            "sensor": str(receiver.cast.sensor.uuid),
            "seq": 1,
            "observed_at": "2026-11-22T06:00:00Z",
            "received_at": "2026-11-22T06:00:01Z",
            "values": {"temperature": 20.0},
        }
    ]


def test_old_secret_signs_too_for_a_day(receiver: Receiver, monkeypatch: pytest.MonkeyPatch) -> None:
    names = iter(("old", "new"))
    monkeypatch.setattr(services, "_new_secret", lambda: next(names))
    webhook = receiver.webhook()
    services.rotate_secret(by=receiver.cast.owner, webhook=webhook, now=receiver.now)
    for hours in (23, 2):
        send(receiver.cast.sensor, 1, at=receiver.now)
        receiver.later(hours=hours)

    signed = []
    for request in receiver.requests:
        at, found = digests(request)
        text = f"{at}.".encode() + request.body
        digest = {hmac.new(name, text, hashlib.sha256).hexdigest(): name.decode() for name in (b"old", b"new")}
        signed.append([digest[each] for each in found])
    assert signed == [["new", "old"], ["new"]]


def test_paused_webhook_keeps_its_place(receiver: Receiver) -> None:
    webhook = receiver.webhook()
    receiver.is_down = True
    send(receiver.cast.sensor, 2, at=NOW)
    receiver.later(seconds=10)
    services.change_webhook(by=receiver.cast.owner, webhook=webhook, now=receiver.now, is_on=False)
    receiver.is_down = False
    send(receiver.cast.sensor, 2, at=receiver.now)
    receiver.later(days=3)
    assert receiver.accepted == []

    services.change_webhook(by=receiver.cast.owner, webhook=webhook, now=receiver.now, is_on=True)
    receiver.run()

    assert [seq for _, seq in receiver.seqs()] == [1, 2, 3, 4]


def test_test_is_tried_once_and_waits_for_no_reading(receiver: Receiver) -> None:
    webhook = receiver.webhook()
    receiver.is_down = True
    send(receiver.cast.sensor, 1, at=NOW)
    receiver.later(seconds=10)
    services.test_webhook(by=receiver.cast.owner, webhook=webhook, now=receiver.now)
    receiver.run()

    assert json.loads(receiver.requests[-1].body)["type"] == "test"
    assert list(Delivery.objects.order_by("id").values_list("event", "attempts")) == [("readings", 1), ("test", 1)]
    assert [each.state for each in Delivery.objects.order_by("id")] == ["waiting", "given_up"]


def test_receiver_that_hangs_has_few_slots_and_delays_no_other_site(receiver: Receiver) -> None:
    for number in range(OF_ONE + 2):
        receiver.webhook(name=f"Slow {number}", url="https://slow.example.org/")
    receiver.webhook(by=receiver.cast.outsider, site=receiver.cast.other_site)
    send(receiver.cast.sensor, 1, at=NOW)
    receiver.hangs = True
    receiver.later(seconds=10)
    assert len(receiver.unanswered) == OF_ONE

    receiver.hangs = False
    send(receiver.cast.other_sensor, 1, at=receiver.now)
    receiver.later(seconds=10)

    assert receiver.seqs() == [(str(receiver.cast.other_sensor.uuid), 1)]
    for each in receiver.unanswered:
        each.set_result("accepted")
    receiver.run()
    assert not Delivery.objects.filter(sent_at=None).exists()


def test_receiver_that_asks_for_time_gets_it(receiver: Receiver) -> None:
    receiver.webhook()
    send(receiver.cast.sensor, 1, at=NOW)
    receiver.refusals = [NotAccepted("it answers 429", retry_after_s=1800)]
    receiver.later(seconds=10)
    receiver.later(minutes=29)
    assert len(receiver.requests) == 1

    receiver.later(minutes=1)
    assert len(receiver.accepted) == 1


def test_delivery_of_which_no_reading_is_left_ends(receiver: Receiver) -> None:
    receiver.webhook()
    receiver.is_down = True
    send(receiver.cast.sensor, 1, at=NOW)
    receiver.later(seconds=10)
    receiver.cast.sensor.delete()
    receiver.later(minutes=1)

    assert (Delivery.objects.get().state, said()[-1]) == ("sent", "nothing is left of it")


def test_secret_that_cannot_be_read_is_said(receiver: Receiver) -> None:
    webhook = receiver.webhook()
    Webhook.objects.filter(pk=webhook.pk).update(secret="of another server")
    services.test_webhook(by=receiver.cast.owner, webhook=webhook, now=receiver.now)
    receiver.run()

    assert said() == ["its secret cannot be read any more: make another one"]


@pytest.mark.sockets
@pytest.mark.parametrize(
    ("allowed", "reason"),
    [(HERE, "redirects to another address"), ([], "POLL_ALLOW_NETWORKS")],
    ids=["redirect", "private network"],
)
def test_redirects_and_private_networks_are_refused(receiver: Receiver, allowed: list[str], reason: str) -> None:
    webhook = receiver.webhook()
    with receiving() as server:
        server.statuses = [307]
        Webhook.objects.filter(pk=webhook.pk).update(url=server.url)
        receiver.waits_s = PATIENCE_S
        receiver.chore._post = posting(Fetcher(allowed=allowed_networks(allowed)))
        services.test_webhook(by=receiver.cast.owner, webhook=webhook, now=receiver.now)
        receiver.run()

    assert reason in said()[0]
    assert len(server.got) == (1 if allowed else 0)


def test_answer_that_comes_after_it_was_given_up_counts(receiver: Receiver) -> None:
    receiver.webhook()
    send(receiver.cast.sensor, 1, at=NOW)
    receiver.hangs = True
    receiver.later(seconds=10)
    answer: Future[str] = receiver.unanswered[0]
    receiver.later(days=2)
    answer.set_result("accepted")
    receiver.run()

    assert Delivery.objects.order_by("id")[0].state == "sent"
