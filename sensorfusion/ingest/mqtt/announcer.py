"""Announces every sensor to Home Assistant through the broker, and removes it when the sensor is deleted.

The database is the source: readings stored by other processes are picked up every few seconds, those of this process
immediately. After a reconnect everything is published again, because the broker may have lost it. Retained messages of
an earlier run are found by subscribing to our own topics.
"""

import asyncio
import logging
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import msgspec
import psycopg
from paho.mqtt.client import MQTTMessage
from psycopg_pool import AsyncConnectionPool, PoolTimeout

from sensorfusion.clock import Clock
from sensorfusion.domain import liveness
from sensorfusion.events.messages import StoredReading
from sensorfusion.events.stream import Stream
from sensorfusion.events.tasks import end
from sensorfusion.ingest.mqtt.broker import Broker
from sensorfusion.ingest.mqtt.discovery import OFFLINE, ONLINE, Shown, Topics, configs, state
from sensorfusion.ingest.mqtt.link import KEEP_ALIVE_S, client_for

LOOK_EVERY_S = 10.0
# Home Assistant records every change; for a sensor that sends ten times a second, one update a second is enough.
AT_MOST_EVERY_S = 1.0

_QUERY = """
SELECT s.id, s.uuid::text, s.name, t.name, s.model, s.status, s.interval_s,
    st.seq, st.observed_at, st."values"::text, st.deltas::text,
    (SELECT jsonb_object_agg(f.quantity, f.label) FROM sensors_sourcefield f
     WHERE f.sensor_id = s.id AND f.label <> '' AND f.quantity <> '')
FROM sensors_sensor s JOIN sensors_site t ON t.id = s.site_id JOIN sensor_state st ON st.sensor_id = s.id
WHERE %(only)s::int[] IS NULL OR s.id = ANY(%(only)s)
"""
_log = logging.getLogger(__name__)


class Announcer:
    """One task with a broker connection of its own; runs in one process of an installation."""

    def __init__(
        self,
        broker: Broker,
        *,
        name: str,
        pool: AsyncConnectionPool,
        stream: Stream,
        now: Clock,
        address: str = "",
        ca_file: Path | None = None,
        look_every_s: float = LOOK_EVERY_S,
        at_most_every_s: float = AT_MOST_EVERY_S,
    ) -> None:
        self._broker = broker
        self._topics = Topics(name)
        self._pool = pool
        self._address = address
        self._now = now
        self._look_every_s, self._at_most_every_s = look_every_s, at_most_every_s
        self._changed: set[int] = set()
        self._has_changed = asyncio.Event()
        self._said: dict[str, str] = {}  # retained payloads at the broker, by topic
        self._owned: dict[int, set[str]] = {}  # the topics of each sensor
        self._left_behind: set[str] = set()
        self._task: asyncio.Task[None] | None = None
        self._loop = asyncio.get_running_loop()
        self._client = client_for(broker, f"sensorfusion-{name}-discovery", ca_file)
        self._client.will_set(self._topics.status, OFFLINE, qos=1, retain=True)
        self._client.on_connect = self._on_connect
        self._client.on_message = self._on_message
        stream.listen(self._hear)

    def start(self) -> None:
        self._client.connect_async(self._broker.host, self._broker.port, KEEP_ALIVE_S)
        self._client.loop_start()
        self._task = asyncio.create_task(self._run(), name="mqtt discovery")

    async def stop(self) -> None:
        """Report the platform as offline and disconnect; the announcements stay at the broker."""
        if self._task:
            await end([self._task])
            self._task = None
        await asyncio.to_thread(self._go)

    def _go(self) -> None:
        if self._client.is_connected():
            self._client.publish(self._topics.status, OFFLINE, qos=1, retain=True).wait_for_publish(2)
        self._client.disconnect()
        self._client.loop_stop()

    def _hear(self, batch: Sequence[StoredReading]) -> None:
        if self._task:
            self._changed.update(reading.sensor for reading in batch)
            self._has_changed.set()

    def _on_connect(self, client: Any, _: Any, flags: Any, reason: Any, properties: Any) -> None:
        if reason.is_failure:
            _log.error("The broker %s refused the connection that announces sensors: %s", self._broker, reason)
            return
        client.subscribe(self._topics.every_config(), qos=1)
        client.publish(self._topics.status, ONLINE, qos=1, retain=True)
        self._loop.call_soon_threadsafe(self._begin_again)

    def _on_message(self, client: Any, _: Any, message: MQTTMessage) -> None:
        if message.retain and message.payload and self._topics.is_ours(message.topic):
            self._loop.call_soon_threadsafe(self._left_behind.add, message.topic)

    def _begin_again(self) -> None:
        self._said.clear()
        self._has_changed.set()

    async def _run(self) -> None:
        """Publish all sensors at an interval, and sensors that changed here in between."""
        whole_at = 0.0
        while True:
            is_whole = self._loop.time() >= whole_at or not self._said
            if is_whole:
                whole_at = self._loop.time() + self._look_every_s
            changed, self._changed = self._changed, set()
            try:
                if self._client.is_connected() and (is_whole or changed):
                    await self._show(None if is_whole else list(changed))
            except (psycopg.Error, PoolTimeout) as error:
                _log.warning("Sensors cannot be announced to Home Assistant at the moment: %s", error)
            await asyncio.sleep(self._at_most_every_s)
            try:
                await asyncio.wait_for(self._has_changed.wait(), max(0.0, whole_at - self._loop.time()))
            except TimeoutError:
                continue
            self._has_changed.clear()

    async def _show(self, only: list[int] | None) -> None:
        async with self._pool.connection() as connection:
            rows = await (await connection.execute(_QUERY, {"only": only})).fetchall()
        for row in rows:
            self._show_one(row[0], self._shown(row))
        if only is None:
            self._clear_deleted({row[0]: row[1] for row in rows})

    def _shown(self, row: Any) -> Shown:
        _, uuid, name, site, model, status, interval_s, seq, observed_at, values, deltas, labels = row
        learned = liveness.usual_interval_s(msgspec.json.decode(deltas, type=list[float]))
        state_now = liveness.state(
            last_at=observed_at, interval_s=interval_s or learned, now=self._now(), status=status
        )
        is_online = state_now in ("live", "late")
        return Shown(uuid, name, site, model, msgspec.json.decode(values), is_online, seq, labels or {})

    def _show_one(self, sensor: int, shown: Shown) -> None:
        if not shown.values:
            return
        said = {
            **dict(configs(shown, self._topics, address=self._address)),
            self._topics.availability(shown.uuid): ONLINE if shown.is_online else OFFLINE,
            self._topics.state(shown.uuid): state(shown),
        }
        for topic, payload in said.items():
            if self._said.get(topic) != payload:
                self._say(topic, payload)
        for topic in self._owned.get(sensor, set()) - said.keys():
            self._take_back(topic)
        self._owned[sensor] = set(said)
        self._left_behind -= said.keys()

    def _clear_deleted(self, there: Mapping[int, str]) -> None:
        for sensor in self._owned.keys() - there:
            for topic in self._owned.pop(sensor):
                self._take_back(topic)
        for topic in self._left_behind:
            self._take_back(topic)
            uuid = self._topics.uuid(topic)
            if uuid not in there.values():
                self._take_back(self._topics.state(uuid))
                self._take_back(self._topics.availability(uuid))
        self._left_behind.clear()

    def _take_back(self, topic: str) -> None:
        self._say(topic, "")
        self._said.pop(topic, None)

    def _say(self, topic: str, payload: str) -> None:
        self._client.publish(topic, payload.encode(), qos=1, retain=True)
        self._said[topic] = payload
