"""Kills the sender of alert messages between a receiver's reading of a request and its answer.

The sender's clock runs 600 times as fast: messages gather for 45 seconds, and are tried again after minutes.
"""

import itertools
import queue
import subprocess
import sys
import threading
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings

from sensorfusion.accounts.models import Operator
from sensorfusion.alerts.models import (
    Alert,
    AlertChannel,
    AlertEvent,
    AlertMessage,
    AlertNotice,
    AlertRule,
    Untold,
)
from sensorfusion.clock import utc_now
from sensorfusion.sensors.keys.encryption import encrypt
from tests.conftest import Cast
from tests.crash.conftest import eventually
from tests.crash.platform import database_url, environment
from tests.patience import PATIENCE_S

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.crash]
ALERTS, KILLS = 12, 3
SEND = """
import sys, threading
from datetime import datetime
import django
django.setup()
from ipaddress import ip_network
from sensorfusion.alerts.messages.sender import LOCK, SendAlerts
from sensorfusion.clock import utc_now
from sensorfusion.ingest.polling.fetching import Fetcher
from sensorfusion.server.alerts.sender import posting
from sensorfusion.server.outbox import OutboxSender
began = datetime.fromisoformat(sys.argv[1])
fetcher = Fetcher(allowed=[ip_network("127.0.0.0/8")], within_s=0.5)
chore = SendAlerts(posting(fetcher), lambda: began + 600 * (utc_now() - began))
OutboxSender(chore, lock=LOCK, name="alert messages").start()
print("started", flush=True)
threading.Event().wait()
"""


class Receivers:
    """One web server, whose addresses behave differently: see `answer`."""

    def __init__(self) -> None:
        self.url = ""
        self.got: dict[str, dict[str, list[bytes]]] = defaultdict(lambda: defaultdict(list))  # by path, by key
        self.killing: queue.Queue[threading.Event] = queue.Queue()  # what a request waits for; see /kills
        self.kills = 0
        self._counts: dict[str, Iterator[int]] = defaultdict(itertools.count)
        self._lock = threading.Lock()

    def answer(self, path: str, key: str, body: bytes) -> int | None:
        """Return the status of an answer; None to end the connection without one."""
        with self._lock:
            self.got[path][key].append(body)
            number = next(self._counts[path])
            kills = path == "/kills" and self.kills < KILLS and len(self.got[path][key]) == 1
            self.kills += kills
        if kills:
            killed = threading.Event()
            self.killing.put(killed)
            killed.wait(PATIENCE_S)
            return None
        if path == "/hangs" and number < 2:
            threading.Event().wait(1.0)  # longer than the sender waits
        if path == "/ends" and number < 2:
            return None
        return 500 if path == "/fails" and number < 3 else 204


@pytest.fixture
def receivers() -> Iterator[Receivers]:
    found = Receivers()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            length = int(self.headers["Content-Length"])
            body = self.rfile.read(length)
            if len(body) < length:
                return  # the sender was killed while it wrote: no request that a receiver could read
            status = found.answer(self.path, self.headers["Idempotency-Key"], body)
            if status:
                with suppress(OSError):
                    self.send_response(status)
                    self.send_header("Content-Length", "0")
                    self.end_headers()

        def log_message(self, format: str, *given: Any) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        found.url = f"http://127.0.0.1:{server.server_address[1]}"
        thread = threading.Thread(target=server.serve_forever, args=[0.01])
        thread.start()
        yield found
        server.shutdown()
        thread.join()


@contextmanager
def sending(data: Path, began: str, program: str = SEND) -> Iterator["subprocess.Popen[bytes]"]:
    given = environment(
        DATABASE_URL=database_url(),
        SENSORFUSION_DATA=str(data),
        SECRET_KEY=settings.SECRET_KEY,
        DJANGO_SETTINGS_MODULE="sensorfusion.config.settings",
    )
    with subprocess.Popen([sys.executable, "-c", program, began], env=given, stdout=subprocess.PIPE) as process:
        try:
            assert process.stdout
            assert process.stdout.readline() == b"started\n"
            yield process
        finally:
            process.kill()


def fire(cast: Cast, number: int) -> None:
    now = utc_now()
    rule = AlertRule.objects.create(
        site=cast.site, sensor=cast.sensor, quantity="temperature", condition="above", high=float(number),
        made_at=now, changed_at=now,
    )  # fmt: skip
    alert = Alert.objects.create(
        rule=rule, site=cast.site, sensor=cast.sensor, quantity="temperature", severity="warning", value=99.0,
        rule_was={"condition": "above", "high": float(number)}, began_at=now, fired_at=now,
    )  # fmt: skip
    Untold.objects.create(event=AlertEvent.objects.create(alert=alert, at=now, action="fired"))


def add_channels(operators: list[Operator], url: str) -> None:
    for operator, path in zip(itertools.cycle(operators), ("kills", "fails", "hangs", "ends", "good"), strict=False):
        AlertChannel.objects.create(
            operator=operator, kind="webhook", address=f"{url}/{path}", secret=encrypt("s3cret"), made_at=utc_now()
        )


def test_killed_sender_sends_each_message_at_least_once_and_with_one_key(
    cast: Cast, tmp_path: Path, receivers: Receivers
) -> None:
    add_channels([cast.owner, cast.member, cast.editor], receivers.url)
    began = utc_now().isoformat()
    fired = 0
    for _ in range(KILLS):
        with sending(tmp_path, began) as process:
            for _ in range(ALERTS // (KILLS + 1)):
                fire(cast, fired)
                fired += 1
            killed = receivers.killing.get(timeout=PATIENCE_S)
            process.kill()
            process.wait(PATIENCE_S)
            killed.set()
    with sending(tmp_path, began):
        while fired < ALERTS:
            fire(cast, fired)
            fired += 1
        assert eventually(
            lambda: not Untold.objects.exists() and not AlertMessage.objects.filter(sent_at=None).exists()
        )

    assert AlertNotice.objects.count() == ALERTS * 5  # each alert by each channel
    for message in AlertMessage.objects.select_related("channel"):
        assert message.channel is not None
        path = message.channel.address.removeprefix(receivers.url)
        bodies = receivers.got[path][str(message.uuid)]
        assert bodies, f"{path} did not get {message.uuid}"
        assert len(set(bodies)) == 1
    twice = [key for key, bodies in receivers.got["/kills"].items() if len(bodies) > 1]
    assert len(twice) == KILLS
    assert sum(len(keys) for keys in receivers.got.values()) == AlertMessage.objects.count()
