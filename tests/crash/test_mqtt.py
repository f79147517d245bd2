"""Whatever dies between a device and the disk, and whenever: every message is stored, and stored once."""

import json
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psycopg
import pytest
from paho.mqtt.client import Client, MQTTMessageInfo
from paho.mqtt.enums import CallbackAPIVersion

from sensorfusion.config.embedded import EmbeddedPostgres
from tests.crash.conftest import eventually
from tests.crash.platform import command, environment
from tests.mosquitto import Mosquitto, running

pytestmark = [pytest.mark.crash, pytest.mark.redis]
MESSAGES = 2_000
FIRST_AT = 1_763_791_200
READY_WITHIN_S = 30


@dataclass
class Stand:
    """A database with one sensor, a broker, and what a worker needs to know of them."""

    server: EmbeddedPostgres
    url: str
    broker: Mosquitto
    sensor: str
    given: dict[str, str]

    def count(self) -> int:
        """How many readings are stored with the value they were sent with."""
        with psycopg.connect(self.url) as link:
            row = link.execute(
                "SELECT count(*) FROM reading JOIN sensors_sensor s ON s.id = sensor_id WHERE s.uuid = %s AND"
                " (values->>'temperature')::int = (extract(epoch FROM observed_at)::int - %s) %% 50",
                [self.sensor, FIRST_AT],
            ).fetchone()
        assert row
        return int(row[0])

    def has_all(self) -> bool:
        return self.count() == MESSAGES


@pytest.fixture(scope="module")
def database() -> Iterator[tuple[EmbeddedPostgres, str, Path]]:
    directory = Path(tempfile.mkdtemp(prefix="sf-crash-mqtt-"))
    server = EmbeddedPostgres(directory / "data")
    url = server.start()
    given = {"DATABASE_URL": url, "SENSORFUSION_DATA": str(directory / "data")}
    assert command("migrate", "--verbosity", "0", given=given).returncode == 0
    made = subprocess.run(
        [sys.executable, "-m", "sensorfusion", "create_operator", "--email", "ada@example.org", "--password-stdin"],
        input="correct horse battery",
        text=True,
        env=environment(**given),
        capture_output=True,
    )
    assert made.returncode == 0, made.stderr
    yield server, url, directory / "data"
    server.stop()
    shutil.rmtree(directory, ignore_errors=True)


@pytest.fixture
def stand(
    database: tuple[EmbeddedPostgres, str, Path], redis_url: str, request: pytest.FixtureRequest
) -> Iterator[Stand]:
    server, url, data = database
    given = {"DATABASE_URL": url, "SENSORFUSION_DATA": str(data), "REDIS_URL": redis_url}
    made = command("add_sensor", "--operator", "ada@example.org", "--name", request.node.name, given=given)
    assert made.returncode == 0, made.stderr
    with running() as broker:
        given |= {"MQTT_URL": broker.url, "MQTT_SHARED": "0"}
        yield Stand(server, url, broker, json.loads(made.stdout)["id"], given)


@contextmanager
def worker(stand: Stand, *options: str) -> Iterator["subprocess.Popen[bytes]"]:
    """Run `sensorfusion mqtt`, subscribed; what is left of it at the end is killed."""
    log = stand.broker.directory / f"worker-{time.monotonic_ns()}"
    with log.open("w") as output:
        process = subprocess.Popen(
            [sys.executable, "-m", "sensorfusion", "mqtt", *options],
            stdout=output,
            stderr=output,
            env=environment(**stand.given),
        )
    try:
        deadline = time.monotonic() + READY_WITHIN_S
        while "Subscribed" not in log.read_text():
            assert process.poll() is None, log.read_text()
            assert time.monotonic() < deadline, log.read_text()
            time.sleep(0.05)
        yield process
    finally:
        process.kill()
        process.wait()


class Device:
    """Publishes with QoS 1, and says again what the broker did not acknowledge."""

    def __init__(self, stand: Stand) -> None:
        self._topic = f"sf/v1/{stand.sensor}/readings"
        self._client = Client(CallbackAPIVersion.VERSION2, client_id=stand.sensor, clean_session=False)
        self._client.reconnect_delay_set(1, 1)
        self._client.connect("127.0.0.1", stand.broker.port)
        self._client.loop_start()

    def say(self, numbers: range) -> Sequence[MQTTMessageInfo]:
        return [
            self._client.publish(self._topic, json.dumps({"observed_at": FIRST_AT + n, "temperature": n % 50}), qos=1)
            for n in numbers
        ]

    def close(self) -> None:
        self._client.disconnect()
        self._client.loop_stop()


@pytest.fixture
def device(stand: Stand) -> Iterator[Device]:
    publisher = Device(stand)
    yield publisher
    publisher.close()


def heard(said: Sequence[MQTTMessageInfo]) -> bool:
    return all(each.is_published() for each in said)


def test_a_killed_worker_loses_and_doubles_nothing(stand: Stand, device: Device) -> None:
    with worker(stand) as first:
        device.say(range(MESSAGES))
        assert eventually(lambda: stand.count() > 100)
        first.kill()
        first.wait()
    assert stand.count() < MESSAGES

    with worker(stand):
        assert eventually(stand.has_all)

    assert stand.count() == MESSAGES


def test_a_killed_broker_goes_on_with_what_it_has_on_disk(stand: Stand, device: Device) -> None:
    half = MESSAGES // 2
    with worker(stand) as process:
        device.say(range(half // 2))
        assert eventually(lambda: stand.count() == half // 2)
        process.send_signal(signal.SIGSTOP)  # so that the broker has something that nobody has stored
        said = device.say(range(half // 2, half))
        assert eventually(lambda: heard(said))
        stand.broker.save()
        stand.broker.kill()
        process.send_signal(signal.SIGCONT)
        stand.broker.start()
        device.say(range(half, MESSAGES))
        assert eventually(stand.has_all)

    assert stand.count() == MESSAGES


def test_a_database_that_stops_for_a_while_costs_nothing(stand: Stand, device: Device) -> None:
    with worker(stand) as process:
        device.say(range(MESSAGES // 2))
        assert eventually(lambda: stand.count() > 100)
        stand.server.stop()
        said = device.say(range(MESSAGES // 2, MESSAGES))
        assert eventually(lambda: heard(said))
        stand.server.start()
        assert eventually(stand.has_all)
        assert process.poll() is None

    assert stand.count() == MESSAGES


def test_a_worker_that_is_told_to_stop_finishes_and_another_goes_on(stand: Stand, device: Device) -> None:
    with worker(stand) as first:
        device.say(range(MESSAGES))
        assert eventually(lambda: stand.count() > 100)
        first.send_signal(signal.SIGTERM)
        assert first.wait(10) == 0

    with worker(stand):
        assert eventually(stand.has_all)

    assert stand.count() == MESSAGES


def test_a_worker_that_leaves_takes_what_waits_for_it(stand: Stand, device: Device) -> None:
    stand.given["MQTT_SHARED"] = "1"
    with worker(stand, "--worker", "2") as second:
        second.send_signal(signal.SIGTERM)
        second.wait(10)
    said = device.say(range(100))
    assert eventually(lambda: heard(said))

    left = command("mqtt", "--worker", "2", "--leave", given=stand.given)

    assert "Left the broker after the last 100 messages." in left.stdout
    assert stand.count() == 100
