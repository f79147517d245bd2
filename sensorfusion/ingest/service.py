"""Everything ingest needs in one server process, put together once."""

from prometheus_client import REGISTRY, Gauge
from psycopg_pool import AsyncConnectionPool

from sensorfusion.events.control import Listener
from sensorfusion.events.stream import Stream
from sensorfusion.ingest.keys import Keys
from sensorfusion.ingest.pipeline import Pipeline
from sensorfusion.ingest.refusals import Refusals
from sensorfusion.ingest.timing import Timing
from sensorfusion.ingest.writer import Writer

TIMING = Timing("sensorfusion_ingest_seconds", "Time in each step of the ingest pipeline.")
WAITING = Gauge("sensorfusion_ingest_waiting_readings", "Readings that wait for their commit.")
REGISTRY.register(TIMING)


class Ingest:
    """The writer and the pipeline in front of it; `start` before the first request, `stop` after the last."""

    def __init__(self, *, pool: AsyncConnectionPool, listener: Listener, stream: Stream, capacity: int) -> None:
        self._refusals = Refusals(pool)
        self._writer = Writer(stream, capacity=capacity)
        self.pipeline = Pipeline(Keys(pool, listener), self._writer, self._refusals, TIMING)
        WAITING.set_function(lambda: self._writer.pending)

    async def start(self) -> None:
        await self._writer.start()

    async def stop(self) -> None:
        """Commit and answer everything that was taken."""
        await self._writer.stop()
        await self._refusals.stop()
