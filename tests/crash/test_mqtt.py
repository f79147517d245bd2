"""Whichever process is killed, and whenever: every message is stored exactly once."""

import json
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

import psycopg
import pytest
from paho.mqtt.client import Client, MQTTMessageInfo
from paho.mqtt.enums import CallbackAPIVersion

from sensorfusion.clock import utc_now
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
EVERY_S = 5
_MAKE = """
import json
from sensorfusion.sensors.models import Sensor, Site
site = Site.objects.create(name="Orchard", time_zone="Europe/Warsaw")
sensors = [Sensor.objects.create(site=site, name=f"Station {number}") for number in range(20)]
print(json.dumps([str(site.uuid), *(str(sensor.uuid) for sensor in sensors)]))
"""


class Kind(NamedTuple):
    """How a device writes: its name, its topic, and a message of an instant and a temperature."""

    device: str
    topic: str
    said: Callable[[datetime, int], Any]
    is_learned: bool = False  # whether the device's clock is to be learned, since it is not in the site's zone


KINDS = {
    "own": Kind("", "sf/v1/{sensor}/readings", lambda at, value: {"observed_at": at.timestamp(), "temperature": value}),
    "tasmota in the site's zone": Kind(
        "tasmota/{sensor}",
        "tele/{sensor}/SENSOR",
        lambda at, value: {
            "Time": f"{at.astimezone(ZoneInfo('Europe/Warsaw')):%Y-%m-%dT%H:%M:%S}",
            "DS18B20": {"Id": "01144A", "Temperature": value},
            "TempUnit": "C",
        },
    ),
    "rtl_433 in UTC": Kind(
        "rtl_433/{sensor}/1",
        "rtl_433/host/events",
        lambda at, value: {"time": f"{at:%Y-%m-%d %H:%M:%S}", "id": 1, "temperature_C": value},
        is_learned=True,
    ),
}


@dataclass
class Stand:
    """A database with one sensor, a broker, and the settings of a worker."""

    server: EmbeddedPostgres
    url: str
    broker: Mosquitto
    sensor: str
    given: dict[str, str]
    kind: Kind
    first_at: datetime = field(
        default_factory=lambda: utc_now().replace(microsecond=0) - timedelta(seconds=EVERY_S * MESSAGES + 600)
    )

    def count(self) -> int:
        """Count the readings stored at their own time with the value they were sent with; there are no others."""
        with psycopg.connect(self.url) as link:
            row = link.execute(
                "SELECT count(*) FILTER (WHERE (values->>'temperature')::numeric"
                " = ((extract(epoch FROM observed_at) - %s) / %s) %% 50), count(*)"
                " FROM reading JOIN sensors_sensor s ON s.id = sensor_id WHERE s.uuid = %s"
                " AND (values->>'temperature')::numeric < 50",
                [int(self.first_at.timestamp()), EVERY_S, self.sensor],
            ).fetchone()
        assert row
        assert row[0] == row[1]
        return int(row[0])

    def has_all(self) -> bool:
        return self.count() == MESSAGES

    def offset_s(self) -> int | None:
        with psycopg.connect(self.url) as link:
            row = link.execute("SELECT utc_offset_s FROM sensors_sensor WHERE uuid = %s", [self.sensor]).fetchone()
        assert row
        return row[0]  # type: ignore[no-any-return]  # of the driver


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
def stand(
    made: tuple[EmbeddedPostgres, dict[str, str], list[str]], redis_url: str, request: pytest.FixtureRequest
) -> Iterator[Stand]:
    server, named, (site, *sensors) = made
    kind: Kind = getattr(request, "param", KINDS["own"])
    made[2].remove(sensors[-1])
    with psycopg.connect(named["DATABASE_URL"]) as link:
        device = kind.device.format(sensor=sensors[-1])
        link.execute("UPDATE sensors_sensor SET external_id = %s WHERE uuid = %s", [device, sensors[-1]])
    with running() as broker:
        given = {**named, "REDIS_URL": redis_url, "MQTT_URL": broker.url, "MQTT_SHARED": "0", "MQTT_SITE": site}
        made_stand = Stand(server, named["DATABASE_URL"], broker, sensors[-1], given, kind)
        if kind.is_learned:
            learn(made_stand)
        yield made_stand


def learn(stand: Stand) -> None:
    """Let a worker hear one message in time."""
    with worker(stand):
        device = Device(stand)
        device.say_now()
        assert eventually(lambda: stand.offset_s() == 0)
        device.close()


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
        self._stand = stand
        self._topic = stand.kind.topic.format(sensor=stand.sensor)
        self._client = Client(CallbackAPIVersion.VERSION2, client_id=stand.sensor, clean_session=False)
        self._client.reconnect_delay_set(1, 1)
        self._client.connect("127.0.0.1", stand.broker.port)
        self._client.loop_start()

    def say(self, numbers: range) -> Sequence[MQTTMessageInfo]:
        first_at = self._stand.first_at
        return [self._publish(first_at + timedelta(seconds=EVERY_S * number), number % 50) for number in numbers]

    def say_now(self) -> None:
        self._publish(utc_now(), 50)

    def _publish(self, at: datetime, value: int) -> MQTTMessageInfo:
        said = self._stand.kind.said(at, value)
        if "rtl_433" in self._topic:
            said |= {"model": self._stand.sensor}
        return self._client.publish(self._topic, json.dumps(said), qos=1)

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


@pytest.mark.parametrize("stand", KINDS.values(), ids=KINDS, indirect=True)
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


@pytest.mark.parametrize("stand", KINDS.values(), ids=KINDS, indirect=True)
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


@pytest.mark.parametrize("stand", KINDS.values(), ids=KINDS, indirect=True)
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
