"""Fixtures: the MQTT worker of one process, a real broker, and publishers."""

import json
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

import pytest
from paho.mqtt.client import Client
from paho.mqtt.enums import CallbackAPIVersion, MQTTProtocolVersion

from sensorfusion.clock import utc_now
from sensorfusion.events.control import Listener
from sensorfusion.events.stream import Stream
from sensorfusion.ingest.composition import Ingest
from sensorfusion.ingest.mqtt.composition import Subscriber, Terms
from sensorfusion.ingest.mqtt.registered import Name
from sensorfusion.ingest.senders.quotas import SiteQuotas
from sensorfusion.readings.storage.connections import pool
from sensorfusion.sensors.models import Sensor
from tests.ingest.conftest import until
from tests.mosquitto import Mosquitto, running
from tests.patience import PATIENCE_S


@pytest.fixture(scope="session")
def broker_process() -> Iterator[Mosquitto]:
    with running() as server:
        yield server


@pytest.fixture
def broker(broker_process: Mosquitto, request: pytest.FixtureRequest) -> Mosquitto:
    """A broker without access rules, shared by tests; each uses its own names of sessions and sensors."""
    return broker_process


@dataclass
class Worker:
    """One worker, and its counters."""

    subscriber: Subscriber
    quotas: SiteQuotas

    @property
    def settled(self) -> int:
        assert self.subscriber._intake
        return self.subscriber._intake.settled

    def remembers(self, sensor: Sensor) -> bool:
        return Name(str(sensor.uuid)) in self.subscriber._registered._remembered


@asynccontextmanager
async def working(
    broker: Mosquitto, name: str, *, for_good: bool = True, user: str = "", password: str = "", **more: Any
) -> AsyncIterator[Worker]:
    """Run a worker during the block, connected and subscribed; its session ends with the block, or is kept."""
    connections, listener, stream = pool(), Listener(), Stream()
    ingest = Ingest(pool=connections, listener=listener, stream=stream, capacity=100_000, now=utc_now)
    terms = Terms(broker=broker.broker(user, password), client_id=name, **more)
    subscriber = Subscriber(terms, pool=connections, listener=listener, pipeline=ingest.pipeline, now=utc_now)
    await connections.open()
    await listener.start()
    await ingest.start()
    await subscriber.start()
    try:
        await until(lambda: listener.is_hearing and subscriber.is_subscribed)
        yield Worker(subscriber, ingest.quotas)
    finally:
        await subscriber.stop(for_good=for_good)
        await ingest.stop()
        await listener.stop()
        await connections.close()


class Publisher:
    """A device that publishes, and waits until the broker has the message."""

    def __init__(self, broker: Mosquitto, user: str = "", password: str = "") -> None:
        self._client = Client(CallbackAPIVersion.VERSION2, protocol=MQTTProtocolVersion.MQTTv5)
        self._client.max_inflight_messages_set(1000)
        if user:
            self._client.username_pw_set(user, password)
        self._client.connect("127.0.0.1", broker.port)
        self._client.loop_start()

    def say(self, topic: str, *payloads: Any, retain: bool = False, qos: int = 1) -> None:
        infos = [
            self._client.publish(topic, each if isinstance(each, bytes) else json.dumps(each), qos=qos, retain=retain)
            for each in payloads
        ]
        for info in infos:
            info.wait_for_publish(PATIENCE_S)

    def close(self) -> None:
        self._client.disconnect()
        self._client.loop_stop()


@pytest.fixture
def publisher(broker: Mosquitto) -> Iterator[Publisher]:
    device = Publisher(broker)
    yield device
    device.close()
