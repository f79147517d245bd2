"""Counters, histograms and gauges."""

from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.registry import Collector

from sensorfusion.events.metrics import REGISTRY, Counter, Gauge, Histogram


def text(collector: Collector) -> str:
    REGISTRY.unregister(collector)
    alone = CollectorRegistry()
    alone.register(collector)
    return generate_latest(alone).decode()


def test_counter_counts_each_combination_of_its_labels() -> None:
    counter = Counter("requests", "Requests.", ["door", "status"])

    counter.add(1, "readings", "200")
    counter.add(2, "readings", "200")
    counter.add(1, "socket", "200")

    shown = text(counter)
    assert 'requests_total{door="readings",status="200"} 3.0' in shown
    assert 'requests_total{door="socket",status="200"} 1.0' in shown


def test_counter_without_labels_is_shown_before_anything_happened() -> None:
    assert "lost_total 0.0" in text(Counter("lost", "Lost readings."))


def test_histogram_counts_what_is_at_most_each_bound() -> None:
    histogram = Histogram("seconds", "Durations.", bounds=[0.1, 1])

    for duration in (0.1, 0.5, 7):
        histogram.observe(duration)

    shown = text(histogram)
    assert 'seconds_bucket{le="0.1"} 1.0' in shown
    assert 'seconds_bucket{le="1"} 2.0' in shown
    assert 'seconds_bucket{le="+Inf"} 3.0' in shown
    assert "seconds_sum 7.6" in shown


def test_gauge_is_read_when_somebody_looks() -> None:
    waiting: list[str] = []
    gauge = Gauge("waiting", "Waiting.", lambda: len(waiting))
    waiting.append("one")

    assert "waiting 1.0" in text(gauge)
