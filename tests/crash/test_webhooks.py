"""Kills the sender of webhooks between a receiver's reading of a request and its answer; and the whole platform.

The sender's clock runs 600 times as fast: what was not accepted is tried again after minutes.
"""

import json
from pathlib import Path

import pytest

from sensorfusion.clock import utc_now
from sensorfusion.webhooks.models import Delivery, Webhook
from sensorfusion.webhooks.services import make_webhook
from tests.conftest import Cast
from tests.crash.conftest import eventually
from tests.crash.test_alert_messages import KILLS, Receivers, sending
from tests.crash.test_alert_messages import receivers as receivers  # the fixture
from tests.patience import PATIENCE_S
from tests.webhooks.conftest import send

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.crash]
SEND = """
import sys, threading
from datetime import datetime
import django
django.setup()
from ipaddress import ip_network
from sensorfusion.clock import utc_now
from sensorfusion.ingest.polling.fetching import Fetcher
from sensorfusion.server.alerts.sender import posting
from sensorfusion.server.outbox import OutboxSender
from sensorfusion.webhooks.sending import LOCK, SendDeliveries
began = datetime.fromisoformat(sys.argv[1])
fetcher = Fetcher(allowed=[ip_network("127.0.0.0/8")], within_s=0.5)
chore = SendDeliveries(posting(fetcher), lambda: began + 600 * (utc_now() - began))
OutboxSender(chore, lock=LOCK, name="webhooks").start()
print("started", flush=True)
threading.Event().wait()
"""
PATHS = ("kills", "fails", "ends", "good")


def add_webhooks(cast: Cast, url: str) -> None:
    for path in PATHS:
        made = make_webhook(
            by=cast.owner, site=cast.site, now=utc_now(), name=path, url="https://example.org/", events=["readings"]
        )
        Webhook.objects.filter(pk=made.webhook.pk).update(url=f"{url}/{path}")


def test_killed_sender_loses_no_reading_and_repeats_with_one_key(
    cast: Cast, tmp_path: Path, receivers: Receivers
) -> None:
    add_webhooks(cast, receivers.url)
    began = utc_now()
    for _ in range(KILLS):
        send(cast.sensor, 5, at=utc_now())
        with sending(tmp_path, began.isoformat(), SEND) as process:
            killed = receivers.killing.get(timeout=PATIENCE_S)
            process.kill()
            process.wait(PATIENCE_S)
            killed.set()
    send(cast.sensor, 5, at=utc_now())
    many = 5 * (KILLS + 1)
    with sending(tmp_path, began.isoformat(), SEND):
        assert eventually(lambda: all(seqs(receivers, path)[-1:] == [many] for path in PATHS))
        assert eventually(lambda: not Delivery.objects.filter(sent_at=None).exists())

    for path in PATHS:
        assert seqs(receivers, path) == list(range(1, many + 1)), path
    twice = [bodies for bodies in receivers.got["/kills"].values() if len(bodies) > 1]
    assert len(twice) == KILLS
    assert all(len(set(bodies)) == 1 for bodies in twice)


def seqs(receivers: Receivers, path: str) -> list[int]:
    """Return the seqs that came, once for each key, in the order of their keys."""
    with receivers._lock:
        bodies = [each[0] for each in receivers.got[f"/{path}"].values()]
    return [reading["seq"] for body in bodies for reading in json.loads(body)["readings"]]
