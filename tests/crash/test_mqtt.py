"""Whichever process is killed, and whenever: every message is stored exactly once."""

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

from sensorfusion.ingest.mqtt.link import Link
from sensorfusion.ingest.mqtt.routes import Routes
from sensorfusion.postgres.embedded import EmbeddedPostgres
from sensorfusion.server.mqtt_worker import name as installation_name
from tests.crash.conftest import eventually
from tests.crash.platform import command, environment
from tests.mosquitto import Mosquitto, running
from tests.patience import PATIENCE_S

pytestmark = [pytest.mark.crash, pytest.mark.redis]
MESSAGES = 2_000
FIRST_AT = 1_763_791_200
_MAKE = """
import json
from sensorfusion.sensors.models import Sensor, Site
site = Site.objects.create(name="Orchard")
sensors = [Sensor.objects.create(site=site, name=f"Station {number}") for number in range(10)]
print(json.dumps([str(sensor.uuid) for sensor in sensors]))
"""


@dataclass
class Stand:
    """A database with one sensor, a broker, and the settings of a worker."""

    server: EmbeddedPostgres
    url: str
    broker: Mosquitto
    sensor: str
    given: dict[str, str]

    def count(self) -> int:
        """Count the readings stored with the value they were sent with."""
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
def made() -> Iterator[tuple[EmbeddedPostgres, dict[str, str], list[str]]]:
    """A durable database with all tables, its environment, and sensors, one for each test."""
    directory = Path(tempfile.mkdtemp(prefix="sf-crash-mqtt-"))
    server = EmbeddedPostgres(directory / "data")
    given = {"DATABASE_URL": server.start(), "SENSORFUSION_DATA": str(directory / "data")}
    done = [
        command(*words, given=given) for words in (("migrate", "--verbosity", "0"), ("shell", "-v", "0", "-c", _MAKE))
    ]
    assert [each.returncode for each in done] == [0, 0], "".join(each.stderr for each in done)
    yield server, given, json.loads(done[-1].stdout)
    server.stop()
    shutil.rmtree(directory, ignore_errors=True)


@pytest.fixture
def stand(made: tuple[EmbeddedPostgres, dict[str, str], list[str]], redis_url: str) -> Iterator[Stand]:
    server, named, sensors = made
    with running() as broker:
        given = {**named, "REDIS_URL": redis_url, "MQTT_URL": broker.url, "MQTT_SHARED": "0"}
        yield Stand(server, named["DATABASE_URL"], broker, sensors.pop(), given)


@contextmanager
def worker(stand: Stand, *options: str) -> Iterator["subprocess.Popen[bytes]"]:
    """Run `sensorfusion mqtt` until it has subscribed; it is killed after the test if it still runs."""
    log = stand.broker.directory / f"worker-{time.monotonic_ns()}"
    with log.open("w") as output:
        process = subprocess.Popen(
            [sys.executable, "-m", "sensorfusion", "mqtt", *options],
            stdout=output,
            stderr=output,
            env=environment(**stand.given),
        )
    try:
        deadline = time.monotonic() + PATIENCE_S
        while "Subscribed" not in log.read_text():
            assert process.poll() is None, log.read_text()
            assert time.monotonic() < deadline, log.read_text()
            time.sleep(0.05)
        yield process
    finally:
        process.kill()
        process.wait()


class Device:
    """Publishes with QoS 1, and repeats what the broker did not acknowledge."""

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


def test_workers_that_are_stopped_and_killed_lose_nothing(stand: Stand, device: Device) -> None:
    with worker(stand) as stopped:
        device.say(range(MESSAGES))
        assert eventually(lambda: stand.count() > 100)
        stopped.send_signal(signal.SIGTERM)
        assert stopped.wait(PATIENCE_S) == 0
    after_the_first = stand.count()
    assert after_the_first < MESSAGES

    with worker(stand) as killed:
        assert eventually(lambda: stand.count() > after_the_first + 100)
        killed.kill()
        killed.wait()

    with worker(stand):
        assert eventually(stand.has_all)


def test_a_killed_broker_goes_on_with_what_it_has_on_disk(stand: Stand, device: Device) -> None:
    half = MESSAGES // 2
    with worker(stand) as process:
        device.say(range(half // 2))
        assert eventually(lambda: stand.count() == half // 2)
        process.send_signal(signal.SIGSTOP)  # so that the broker holds a message that has not been stored
        said = device.say(range(half // 2, half))
        assert eventually(lambda: heard(said))
        stand.broker.save()
        stand.broker.kill()
        process.send_signal(signal.SIGCONT)
        stand.broker.start()
        device.say(range(half, MESSAGES))
        assert eventually(stand.has_all)


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


def test_a_worker_that_leaves_takes_what_waits_for_it(stand: Stand, device: Device) -> None:
    stand.given["MQTT_SHARED"] = "1"
    name = installation_name(Path(stand.given["SENSORFUSION_DATA"]))
    place = Link(
        stand.broker.broker(),
        client_id=f"sensorfusion-{name}-2",
        filters=Routes(is_shared=True).filters(),
        arrived=lambda message: None,
    )
    place.start()
    assert eventually(lambda: place.is_subscribed)
    place.stop()
    said = device.say(range(100))
    assert eventually(lambda: heard(said))

    left = command("mqtt", "--worker", "2", "--leave", given=stand.given)

    assert "Ended the session after the last 100 messages." in left.stdout
    assert stand.count() == 100
