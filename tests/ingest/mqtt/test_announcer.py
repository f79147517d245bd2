"""Announcements for Home Assistant at the broker, from a first reading until the sensor is deleted."""

import json
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

import pytest
from paho.mqtt.client import Client, MQTTMessage
from paho.mqtt.enums import CallbackAPIVersion

from sensorfusion.clock import utc_now
from sensorfusion.events.messages import StoredReading
from sensorfusion.events.stream import Stream
from sensorfusion.ingest.mqtt.announcer import Announcer
from sensorfusion.ingest.mqtt.discovery import Topics
from sensorfusion.readings.storage.connections import pool
from tests.conftest import Cast
from tests.ingest.conftest import change, until
from tests.mosquitto import Mosquitto
from tests.storing import store

pytestmark = [pytest.mark.sockets, pytest.mark.django_db(transaction=True)]


class Listening:
    """A stand-in for Home Assistant: records the newest payload of every topic."""

    def __init__(self, broker: Mosquitto) -> None:
        self.said: dict[str, str] = {}
        self._client = Client(CallbackAPIVersion.VERSION2)
        self._client.on_connect = lambda client, *_: client.subscribe([("homeassistant/#", 1), ("sf/#", 1)])
        self._client.on_message = self._hear
        self._client.connect("127.0.0.1", broker.port)
        self._client.loop_start()

    def _hear(self, client: Any, _: Any, message: MQTTMessage) -> None:
        self.said[message.topic] = bytes(message.payload).decode()

    def close(self) -> None:
        self._client.disconnect()
        self._client.loop_stop()


@pytest.fixture
def listening(broker: Mosquitto) -> Iterator[Listening]:
    assistant = Listening(broker)
    yield assistant
    assistant.close()


@pytest.fixture
def sending(cast: Cast) -> Cast:
    """Provide the cast after its sensor has just sent a reading."""
    store(cast.sensor, [(datetime.now(UTC), {"temperature": 21.4})])
    return cast


@asynccontextmanager
async def announcing(broker: Mosquitto, name: str) -> AsyncIterator[Stream]:
    connections, stream = pool(), Stream()
    await connections.open()
    announcer = Announcer(
        broker.broker(), name=name, pool=connections, stream=stream, now=utc_now, look_every_s=0.2, at_most_every_s=0.01
    )
    announcer.start()
    try:
        yield stream
    finally:
        await announcer.stop()
        await connections.close()


async def test_a_sensor_is_shown_with_its_newest_values(sending: Cast, broker: Mosquitto, listening: Listening) -> None:
    name, uuid = uuid4().hex[:8], str(sending.sensor.uuid)
    topics = Topics(name)

    async with announcing(broker, name) as stream:
        await until(lambda: topics.state(uuid) in listening.said)
        assert json.loads(listening.said[topics.state(uuid)]) == {"temperature": 21.4}
        assert json.loads(listening.said[topics.config(uuid, "temperature")])["device_class"] == "temperature"
        assert listening.said[topics.availability(uuid)] == "online"
        assert listening.said[topics.status] == "online"

        change("""UPDATE sensor_state SET "values" = '{"temperature": 22, "humidity": 60}', seq = seq + 1""")
        at = datetime.now(UTC)
        stream.publish([StoredReading(sending.sensor.pk, 2, b"", at, at)])
        await until(lambda: topics.config(uuid, "humidity") in listening.said)
        await until(lambda: json.loads(listening.said[topics.state(uuid)])["temperature"] == 22)

    await until(lambda: listening.said[topics.status] == "offline")


async def test_a_sensor_is_shown_with_the_names_of_its_device(
    sending: Cast, broker: Mosquitto, listening: Listening
) -> None:
    change(
        "INSERT INTO sensors_sourcefield (sensor_id, source, quantity, label, first_at)"
        f" VALUES ({sending.sensor.pk}, 'Vorlauf', 'temperature', 'Vorlauf', now())"
    )
    async with announcing(broker, "labels"):
        topic = Topics("labels").config(str(sending.sensor.uuid), "temperature")
        await until(lambda: topic in listening.said)

    assert json.loads(listening.said[topic])["name"] == "Vorlauf"


async def test_a_silent_sensor_is_unavailable(sending: Cast, broker: Mosquitto, listening: Listening) -> None:
    change("UPDATE sensor_state SET observed_at = now() - interval '1 day'")
    name = uuid4().hex[:8]

    async with announcing(broker, name):
        await until(lambda: listening.said.get(Topics(name).availability(str(sending.sensor.uuid))) == "offline")


async def test_a_deleted_sensor_is_taken_back(sending: Cast, broker: Mosquitto, listening: Listening) -> None:
    name, uuid = uuid4().hex[:8], str(sending.sensor.uuid)
    config = Topics(name).config(uuid, "temperature")

    async with announcing(broker, name):
        await until(lambda: listening.said.get(config, "") != "")
        change("DELETE FROM sensor_state")
        await until(lambda: listening.said[config] == "" and listening.said[Topics(name).state(uuid)] == "")


async def test_what_an_earlier_run_left_is_taken_back(sending: Cast, broker: Mosquitto, listening: Listening) -> None:
    name = uuid4().hex[:8]
    config, state = (
        Topics(name).config(str(sending.sensor.uuid), "temperature"),
        Topics(name).state(str(sending.sensor.uuid)),
    )
    async with announcing(broker, name):
        await until(lambda: listening.said.get(config, "") != "")
    change("DELETE FROM sensor_state")

    async with announcing(broker, name):
        await until(lambda: listening.said[config] == "" and listening.said[state] == "")
