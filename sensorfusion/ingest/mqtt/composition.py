"""Builds the MQTT components of one process."""

import asyncio
from dataclasses import dataclass
from pathlib import Path

from psycopg_pool import AsyncConnectionPool

from sensorfusion.clock import Clock
from sensorfusion.events.control import Listener
from sensorfusion.events.metrics import Gauge
from sensorfusion.ingest.mqtt.broker import Broker
from sensorfusion.ingest.mqtt.device_clocks import DeviceClocks
from sensorfusion.ingest.mqtt.intake import Intake
from sensorfusion.ingest.mqtt.link import Link
from sensorfusion.ingest.mqtt.registered import Registered
from sensorfusion.ingest.mqtt.routes import Routes
from sensorfusion.ingest.pipeline import Pipeline
from sensorfusion.ingest.senders.utc_offsets import UtcOffsets

# The broker sends waiting messages immediately; after this long without one, none are waiting.
QUIET_S = 2.0

_links: list[Link] = []  # the started links of this process, normally one
Gauge(
    "sensorfusion_mqtt_connected",
    "Whether this process is connected to the broker.",
    lambda: sum(link.is_connected for link in _links),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """Settings of a subscriber: the broker, the client id, and the site of devices whose topic names none."""

    broker: Broker
    client_id: str
    site: str = ""
    is_shared: bool = False  # whether other workers subscribe too
    ca_file: Path | None = None
    max_body_bytes: int = 8 * 1024 * 1024


class Subscriber:
    """One MQTT worker. Start it after the pipeline, and stop it before."""

    def __init__(
        self, terms: Terms, *, pool: AsyncConnectionPool, listener: Listener, pipeline: Pipeline, now: Clock
    ) -> None:
        self.terms = terms
        self._now = now
        self._routes = Routes(terms.site, is_shared=terms.is_shared)
        self._registered = Registered(pool, listener)
        self._clocks = DeviceClocks(UtcOffsets(pool))
        self._pipeline = pipeline
        self._intake: Intake | None = None
        self._link: Link | None = None

    @property
    def is_connected(self) -> bool:
        return self._link is not None and self._link.is_connected

    @property
    def is_subscribed(self) -> bool:
        """Whether the broker has confirmed the subscriptions: messages published from now on arrive here."""
        return self._link is not None and self._link.is_subscribed

    async def start(self, *, is_leaving: bool = False) -> None:
        """Connect in the background, as soon as the broker is reachable."""
        self._intake = Intake(
            self._pipeline,
            self._registered,
            self._routes,
            clocks=self._clocks,
            now=self._now,
            max_body_bytes=self.terms.max_body_bytes,
        )
        self._link = Link(
            self.terms.broker,
            client_id=self.terms.client_id,
            filters=[] if is_leaving else self._routes.filters(),
            unwanted=[*self._routes.former(), *(self._routes.filters() if is_leaving else [])],
            arrived=self._intake.arrived,
            ca_file=self.terms.ca_file,
        )
        self._intake.start(self._link)
        self._link.start()
        _links.append(self._link)

    async def stop(self, *, for_good: bool = False) -> None:
        """Commit and acknowledge the messages being stored; the rest stays at the broker until the next start.

        :param for_good: also end the session at the broker.
        """
        if self._intake and self._link:
            await self._intake.stop()
            await asyncio.to_thread(self._link.forget if for_good else self._link.stop)
            _links.remove(self._link)
            self._intake = self._link = None

    async def emptied(self) -> int:
        """Wait until the broker has no more messages for us; return the number of messages that were settled."""
        intake = self._intake
        assert intake
        before = -1
        while before != intake.received or not intake.is_idle or not self.is_connected:
            before = intake.received
            await asyncio.sleep(QUIET_S)
        return intake.settled
