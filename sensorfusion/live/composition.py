"""Builds the live stream of one server process."""

from collections.abc import Callable, Iterator

from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily
from prometheus_client.registry import Collector
from psycopg_pool import AsyncConnectionPool

from sensorfusion.clock import Clock
from sensorfusion.events import metrics
from sensorfusion.events.control import Listener
from sensorfusion.events.messages import AccessChanged, Alerted, Noticed, ReadingsRefused, Resumed, SensorChanged
from sensorfusion.events.stream import Stream
from sensorfusion.events.tasks import Background
from sensorfusion.live.alert_feed import AlertFeed, History
from sensorfusion.live.consumers import Surroundings
from sensorfusion.live.counts import Counts
from sensorfusion.live.event_stream import EventStream
from sensorfusion.live.hub import Hub
from sensorfusion.live.liveness import LivenessMonitor
from sensorfusion.live.reads import Database, Readings
from sensorfusion.live.relay import Layer, Relay
from sensorfusion.live.revocation import Access
from sensorfusion.live.rights import Rights
from sensorfusion.live.routing import LiveSocket


class _Metrics(Collector):
    """Exposes the counters of the process's live stream to Prometheus."""

    counts = Counts()

    def collect(self) -> Iterator[GaugeMetricFamily | CounterMetricFamily]:
        yield GaugeMetricFamily("sensorfusion_live_sockets", "Open sockets.", value=self.counts.sockets)
        for name, explanation in (
            ("delivered", "Frames passed to sockets."),
            ("frames", "Frames built."),
            ("conflated", "Readings dropped from a slow socket's stream."),
            ("gaps", "Messages that name the readings dropped for a socket."),
            ("too_slow", "Sockets closed because nothing could be sent for too long."),
            ("holes", "Times that lost announcements were fetched from the database."),
            ("relay_errors", "Failures to send to, or receive from, other processes."),
        ):
            yield CounterMetricFamily(f"sensorfusion_live_{name}", explanation, value=getattr(self.counts, name))


_METRICS = _Metrics()
metrics.REGISTRY.register(_METRICS)


class Live:
    """The hub and the tasks that keep it consistent with the database.

    Call `start` before the first socket connects and `stop` before the pool closes. `layer` is the channel layer to
    other processes, None where there are none (see `relay.shared_layer`). `alerts` makes the history of alerts, whose
    tables are known above this package.
    """

    def __init__(
        self,
        *,
        pool: AsyncConnectionPool,
        listener: Listener,
        stream: Stream,
        alerts: Callable[[Database], History],
        now: Clock,
        layer: Layer | None = None,
    ) -> None:
        database = Database(pool)
        readings, rights = Readings(database), Rights(database, now=now)
        self.hub = Hub(readings)
        _METRICS.counts = self.hub.counts
        self._liveness_monitor = LivenessMonitor(self.hub, readings, now=now)
        self._access = Access(rights, hub=self.hub, liveness_monitor=self._liveness_monitor)
        self._alerts = AlertFeed(alerts(database))
        self._relay = Relay(layer, self.hub) if layer is not None else None
        self.around = Surroundings(
            hub=self.hub,
            readings=readings,
            rights=rights,
            access=self._access,
            liveness_monitor=self._liveness_monitor,
            alerts=self._alerts,
            now=now,
        )
        self.socket = LiveSocket(self.around)
        self.event_stream = EventStream(self.around)
        self._background = Background()
        self._listen(listener, stream)

    def _listen(self, listener: Listener, stream: Stream) -> None:
        stream.listen(self.hub.publish)
        if self._relay is not None:
            stream.listen(self._relay.carry)
        listener.on(AccessChanged, self._access.on_access_changed)
        listener.on(SensorChanged, self._access.on_sensor_changed)
        listener.on(Resumed, self._access.on_resumed)
        listener.on(ReadingsRefused, self.hub.tell_refused)
        listener.on(Noticed, self.hub.tell_noticed)
        listener.on(Alerted, self._alerts.on_alerted)
        listener.on(Resumed, self._alerts.on_resumed)

    async def start(self) -> None:
        self._background.start(self._liveness_monitor.run(), "live liveness")
        self._background.start(self._access.run(), "live access")
        self._background.start(self._alerts.run(), "live alerts")
        if self._relay is not None:
            self._background.start(self._relay.send(), "live relay out")
            self._background.start(self._relay.receive(), "live relay in")
            self._background.start(self._relay.compare(), "live relay compare")

    async def stop(self) -> None:
        """Send what is queued, close every socket with a code that makes clients reconnect, and end all tasks."""
        await self.hub.close()
        await self._background.end()
