"""Counters, histograms and gauges of the platform: cheap enough for the hot path, exposed by `/metrics`.

Counting is one addition in a dictionary; the text for Prometheus is only built when it is scraped (`server/health.py`).
Every process counts for itself. Other Prometheus collectors can be registered in `REGISTRY` too.
"""

from bisect import bisect_left
from collections.abc import Callable, Iterator, Sequence

from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, HistogramMetricFamily
from prometheus_client.registry import Collector, CollectorRegistry

REGISTRY = CollectorRegistry()

# Seconds: from a reading served from warm caches to one that waits for a slow disk.
DURATIONS_S = (0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 10.0)


class Counter(Collector):
    """A number that only grows, per combination of label values."""

    def __init__(self, name: str, explanation: str, labels: Sequence[str] = ()) -> None:
        self._name, self._explanation, self._labels = name, explanation, labels
        self.values: dict[tuple[str, ...], float] = {} if labels else {(): 0.0}
        REGISTRY.register(self)

    def add(self, amount: float = 1, *labels: str) -> None:
        self.values[labels] = self.values.get(labels, 0.0) + amount

    def collect(self) -> Iterator[CounterMetricFamily]:
        family = CounterMetricFamily(self._name, self._explanation, labels=self._labels)
        for labels, value in self.values.items():
            family.add_metric(labels, value)
        yield family


class Series:
    """The observations of one histogram for one combination of label values."""

    __slots__ = ("_bounds", "counts", "total")

    def __init__(self, bounds: tuple[float, ...]) -> None:
        self._bounds = bounds
        self.counts = [0] * (len(bounds) + 1)
        self.total = 0.0

    def observe(self, value: float) -> None:
        self.counts[bisect_left(self._bounds, value)] += 1
        self.total += value


class Histogram(Collector):
    """A histogram with upper limits `bounds`, per combination of label values."""

    def __init__(
        self, name: str, explanation: str, labels: Sequence[str] = (), *, bounds: Sequence[float] = DURATIONS_S
    ) -> None:
        self._name, self._explanation, self._labels = name, explanation, labels
        self._bounds = tuple(bounds)
        self._series: dict[tuple[str, ...], Series] = {}
        REGISTRY.register(self)

    def series(self, *labels: str) -> "Series":
        """Return the series for these label values; keep it where many observations are made."""
        found = self._series.get(labels)
        if found is None:
            found = self._series[labels] = Series(self._bounds)
        return found

    def observe(self, value: float, *labels: str) -> None:
        self.series(*labels).observe(value)

    def collect(self) -> Iterator[HistogramMetricFamily]:
        family = HistogramMetricFamily(self._name, self._explanation, labels=self._labels)
        for labels, series in self._series.items():
            family.add_metric(labels, self._cumulative(series.counts), series.total)
        yield family

    def _cumulative(self, counts: Sequence[int]) -> list[tuple[str, float]]:
        total, rows = 0, []
        for bound, count in zip((*map(str, self._bounds), "+Inf"), counts, strict=True):
            total += count
            rows.append((bound, float(total)))
        return rows


class Gauge(Collector):
    """A number that goes up and down; it is read only when scraped, so it costs nothing in between."""

    def __init__(self, name: str, explanation: str, read: Callable[[], float]) -> None:
        self._name, self._explanation, self._read = name, explanation, read
        REGISTRY.register(self)

    def collect(self) -> Iterator[GaugeMetricFamily]:
        yield GaugeMetricFamily(self._name, self._explanation, value=self._read())
