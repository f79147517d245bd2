"""Kills the sender between a network's reading of a request and its answer: no reading is lost, none goes for ever.

The sender's clock runs 600 times as fast: what was not accepted is tried again after minutes.
"""

import hashlib
import json
from collections import Counter
from pathlib import Path

import pytest

from sensorfusion.clock import utc_now
from sensorfusion.send_on.models import Destination
from sensorfusion.send_on.services import add_destination
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
from dataclasses import replace
from ipaddress import ip_network
from sensorfusion.clock import utc_now
from sensorfusion.ingest.polling.fetching import Fetcher
from sensorfusion.send_on import attempts
from sensorfusion.send_on.sending import LOCK, SendOn
from sensorfusion.send_on.targets.catalogue import TARGETS
from sensorfusion.send_on.transport import carrying
from sensorfusion.server.outbox import OutboxSender
began = datetime.fromisoformat(sys.argv[1])
fetcher = Fetcher(allowed=[ip_network("127.0.0.0/8")], within_s=0.5)
# The receivers answer without a body.
attempts.TARGETS = {"sensorfusion": replace(TARGETS["sensorfusion"], refusal=lambda answer: "")}
chore = SendOn(carrying(fetcher), lambda: began + 600 * (utc_now() - began))
OutboxSender(chore, lock=LOCK, name="send on").start()
print("started", flush=True)
threading.Event().wait()
"""
PATH = "/api/v1/readings"  # below the address of the account
PATHS = ("kills", "fails", "ends", "good")


def add_destinations(cast: Cast, url: str) -> None:
    for path in PATHS:
        account = {"url": "https://example.org", "key": "sf_abcdefgh"}
        made = add_destination(
            by=cast.owner, sensor=cast.sensor, network="sensorfusion", account=account, now=utc_now()
        )
        Destination.objects.filter(pk=made.pk).update(account={"url": f"{url}/{path}"})


def test_killed_sender_loses_no_reading_and_repeats_the_same_instants(
    cast: Cast, tmp_path: Path, receivers: Receivers, monkeypatch: pytest.MonkeyPatch
) -> None:
    answer = receivers.answer

    def known_by_body(path: str, key: str, body: bytes) -> int | None:
        """Tell requests apart by their bodies: what is repeated after a kill may have more readings."""
        return answer(path.removesuffix(PATH), hashlib.sha256(body).hexdigest(), body)

    monkeypatch.setattr(receivers, "answer", known_by_body)
    add_destinations(cast, receivers.url)
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
        assert eventually(lambda: all(len(set(instants(receivers, path))) == many for path in PATHS))

    for path in PATHS:
        assert max(Counter(instants(receivers, path)).values()) <= 1 + KILLS, path


def instants(receivers: Receivers, path: str) -> list[str]:
    """Return the instants of all readings that came, as often as they came."""
    with receivers._lock:
        bodies = [body for each in receivers.got[f"/{path}"].values() for body in each]
    return [reading["observed_at"] for body in bodies for reading in json.loads(body)["readings"]]
