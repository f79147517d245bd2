"""The shipped broker configuration starts a real broker, which reloads new accounts by itself."""

import os
import shutil
import signal
import subprocess
from collections.abc import Iterator
from pathlib import Path
from queue import Queue

import pytest
from paho.mqtt.client import Client
from paho.mqtt.enums import CallbackAPIVersion

from sensorfusion.ingest.mqtt.link import WINDOW
from sensorfusion.ingest.mqtt.mosquitto_acl import Account, write
from sensorfusion.sensors.keys.secrets import broker_hash
from tests.mosquitto import PROGRAM, Mosquitto, running
from tests.patience import PATIENCE_S

pytestmark = pytest.mark.sockets
DEPLOY = Path(__file__).parents[3] / "deploy"


@pytest.fixture
def place() -> Iterator[Mosquitto]:
    """Return a port and a directory whose broker was stopped."""
    with running() as broker:
        broker.stop()
        yield broker


def answer_to(user: str, password: str, port: int) -> int:
    """Return the broker's answer, retrying until it is up."""
    answers: Queue[int] = Queue()
    client = Client(CallbackAPIVersion.VERSION2)
    client.username_pw_set(user, password)
    client.on_connect = lambda client, _, flags, reason, properties: answers.put(reason.value)
    client.connect_async("127.0.0.1", port)
    client.loop_start()
    try:
        return answers.get(timeout=PATIENCE_S)
    finally:
        client.disconnect()
        client.loop_stop()


def test_the_broker_of_the_compose_file_starts_with_its_first_account_and_hears_of_others(place: Mosquitto) -> None:
    configuration = place.directory / "deployed.conf"
    configuration.write_text(
        (DEPLOY / "mosquitto.conf")
        .read_text()
        .replace("/data/mosquitto", str(place.directory))
        .replace("listener 1883", f"user root\nlistener {place.port} 127.0.0.1")
    )
    accounts = [Account("one", broker_hash("first"))]
    (place.directory / "passwords").unlink()
    assert PROGRAM
    path = {"PATH": f"{os.environ['PATH']}:{Path(PROGRAM).parent}"}
    started = subprocess.Popen(
        [shutil.which("sh") or "sh", DEPLOY / "mosquitto-start.sh", configuration, place.directory / "passwords"],
        env=os.environ | path,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        write(place.directory, accounts)
        assert answer_to("one", "first", place.port) == 0

        write(place.directory, [*accounts, Account("two", broker_hash("second"))])
        answers = [answer_to("two", "second", place.port)]
        while answers[-1] != 0 and len(answers) < 100:
            answers.append(answer_to("two", "second", place.port))
        assert answers[-1] == 0
    finally:
        started.send_signal(signal.SIGTERM)
        assert started.wait(PATIENCE_S) in (0, 143)


def test_the_broker_sends_as_much_as_the_platform_takes() -> None:
    assert f"max_inflight_messages {WINDOW}\n" in (DEPLOY / "mosquitto.conf").read_text()
