"""Builds the ingest components of one server process: the writer, the pipeline and what they depend on."""

from psycopg_pool import AsyncConnectionPool

from sensorfusion.clock import Clock
from sensorfusion.events.control import Listener
from sensorfusion.events.messages import SettingUp
from sensorfusion.events.metrics import Gauge
from sensorfusion.events.stream import Stream
from sensorfusion.ingest.distribution import Distribution
from sensorfusion.ingest.doors.consoles.identity import Consoles
from sensorfusion.ingest.pipeline import Pipeline
from sensorfusion.ingest.senders.gateways import Gateways
from sensorfusion.ingest.senders.keys import Keys
from sensorfusion.ingest.senders.quotas import SiteQuotas, limits
from sensorfusion.ingest.senders.source_fields import SourceFields
from sensorfusion.ingest.senders.tokens import Tokens
from sensorfusion.ingest.senders.unclaimed_consoles import UnclaimedConsoles
from sensorfusion.ingest.senders.unknown_names import UnknownNames
from sensorfusion.ingest.steps.notices import Notices
from sensorfusion.ingest.steps.refusal_log import RefusalLog
from sensorfusion.ingest.storing.writer import Writer

_writers: list[Writer] = []  # the started writers of this process, normally one
Gauge(
    "sensorfusion_ingest_waiting_readings",
    "Readings that wait for their commit.",
    lambda: sum(writer.pending for writer in _writers),
)
Gauge(
    "sensorfusion_ingest_oldest_waiting_seconds",
    "How long the oldest reading that waits for its commit has waited.",
    lambda: max((writer.oldest_s for writer in _writers), default=0.0),
)


class Ingest:
    """The writer and the pipeline in front of it. Call `start` before the first request and `stop` after the last."""

    def __init__(
        self, *, pool: AsyncConnectionPool, listener: Listener, stream: Stream, capacity: int, now: Clock
    ) -> None:
        self._notices = Notices(pool, now=now)
        self._refusals = RefusalLog(pool, self._notices, now=now)
        listener.on(SettingUp, self._refusals.set_ups.begin)
        self._writer = Writer(stream, capacity=capacity)
        self._unknown_names = UnknownNames(pool, now=now)
        fields = SourceFields(pool, now=now)
        self.quotas = SiteQuotas(pool, limits=limits(), now=now)
        distribution = Distribution(
            Gateways(pool, listener), self._unknown_names, fields, self._writer, self._refusals, self.quotas
        )
        self.pool, self.keys = pool, Keys(pool, listener, now=now)
        self.consoles = Consoles(pool, listener, self.keys)
        self.unclaimed_consoles = UnclaimedConsoles(pool, now=now)
        self.pipeline = Pipeline(
            self.keys,
            Tokens(pool, listener, now=now),
            distribution,
            self._writer,
            self._refusals,
            fields,
            self.quotas,
            now=now,
        )

    @property
    def waiting(self) -> int:
        """The number of readings that wait for their commit."""
        return self._writer.pending

    @property
    def writer(self) -> Writer:
        return self._writer

    async def start(self) -> None:
        await self._writer.start()
        self.quotas.start()
        _writers.append(self._writer)

    async def stop(self) -> None:
        """Commit and answer all accepted requests, then finish the background writes."""
        await self._writer.stop()
        _writers.remove(self._writer)
        await self.quotas.stop()
        await self._refusals.stop()
        await self._notices.stop()
        await self.unclaimed_consoles.stop()
        await self._unknown_names.stop()
        self.pipeline.threads.stop()
