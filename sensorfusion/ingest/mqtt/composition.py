"""Everything one process needs to fetch readings from a broker, put together once."""

import asyncio
from dataclasses import dataclass
from pathlib import Path

from psycopg_pool import AsyncConnectionPool

from sensorfusion.clock import Clock
from sensorfusion.events.control import Listener
from sensorfusion.events.metrics import Gauge
from sensorfusion.ingest.mqtt.broker import Broker
from sensorfusion.ingest.mqtt.intake import Intake
from sensorfusion.ingest.mqtt.link import Link
from sensorfusion.ingest.mqtt.registered import Registered
from sensorfusion.ingest.mqtt.routes import Routes
from sensorfusion.ingest.pipeline import Pipeline

# What the broker still has for us comes at once: after so long without a message there is none.
QUIET_S = 2.0

_links: list[Link] = []  # of this process: one, once it is started
Gauge(
    "sensorfusion_mqtt_connected",
    "Whether this process is connected to the broker.",
    lambda: sum(link.is_connected for link in _links),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """How to fetch: from where, under which name, and whose the devices are that do not say it."""

    broker: Broker
    client_id: str
    site: str = ""
    is_shared: bool = False  # whether other workers fetch too
    ca_file: Path | None = None
    max_body_bytes: int = 8 * 1024 * 1024


class Subscriber:
    """One worker. Start it after the pipeline, and stop it before."""

    def __init__(
        self, terms: Terms, *, pool: AsyncConnectionPool, listener: Listener, pipeline: Pipeline, now: Clock
    ) -> None:
        self.terms = terms
        self._now = now
        self._routes = Routes(terms.site, is_shared=terms.is_shared)
        self._registered = Registered(pool, listener)
        self._pipeline = pipeline
        self._intake: Intake | None = None
        self._link: Link | None = None

    @property
    def is_connected(self) -> bool:
        return self._link is not None and self._link.is_connected

    @property
    def is_subscribed(self) -> bool:
        """Whether the broker has us on its list: what is published from now on comes here."""
        return self._link is not None and self._link.is_subscribed

    async def start(self, *, is_leaving: bool = False) -> None:
        """Connect as soon as the broker is there; this does not wait for it."""
        self._intake = Intake(
            self._pipeline,
            self._registered,
            self._routes,
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
        """Commit and acknowledge what is being stored; the rest stays at the broker until we come again.

        For good: nothing of us stays at the broker.
        """
        if self._intake and self._link:
            await self._intake.stop()
            await asyncio.to_thread(self._link.forget if for_good else self._link.stop)
            _links.remove(self._link)
            self._intake = self._link = None

    async def emptied(self) -> int:
        """Wait until the broker has nothing more for us; return how many messages there were."""
        intake = self._intake
        assert intake
        before = -1
        while before != intake.received or not intake.is_idle or not self.is_connected:
            before = intake.received
            await asyncio.sleep(QUIET_S)
        return intake.settled
