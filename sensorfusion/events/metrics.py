"""What the platform counts and times about itself: cheap enough for the hot path, shown by `/metrics`.

Counting is one addition in a dictionary, on the event loop or under the interpreter's lock; the text that Prometheus
reads is only made when it asks (`config/health.py`). Every process counts for itself.
"""

from bisect import bisect_left
from collections.abc import Callable, Iterator, Sequence

Labels = tuple[str, ...]

# Seconds: from a reading that finds everything warm to one that waits for a slow disk.
DURATIONS_S = (0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 10.0)


class Counter:
    """A number that only grows, for every combination of its labels."""

    def __init__(self, name: str, explanation: str, labels: Labels = ()) -> None:
        self.name, self.explanation, self.labels = name, explanation, labels
        self.values: dict[Labels, float] = {} if labels else {(): 0.0}
        _all.append(self)

    def add(self, amount: float = 1, *labels: str) -> None:
        self.values[labels] = self.values.get(labels, 0.0) + amount


class Histogram:
    """How many observations were at most each of `bounds`, for every combination of its labels."""

    def __init__(
        self, name: str, explanation: str, labels: Labels = (), *, bounds: Sequence[float] = DURATIONS_S
    ) -> None:
        self.name, self.explanation, self.labels = name, explanation, labels
        self.bounds = tuple(bounds)
        self._counts: dict[Labels, list[int]] = {}
        self._sums: dict[Labels, float] = {}
        _all.append(self)

    def observe(self, value: float, *labels: str) -> None:
        counts = self._counts.get(labels)
        if counts is None:
            counts = self._counts[labels] = [0] * (len(self.bounds) + 1)
            self._sums[labels] = 0.0
        counts[bisect_left(self.bounds, value)] += 1
        self._sums[labels] += value

    def cumulative(self) -> Iterator[tuple[Labels, list[tuple[str, float]], float]]:
        """For every combination of labels: how many were at most each bound, the last one being +Inf; and their sum."""
        for labels, counts in self._counts.items():
            total, rows = 0, []
            for bound, count in zip((*map(str, self.bounds), "+Inf"), counts, strict=True):
                total += count
                rows.append((bound, float(total)))
            yield labels, rows, self._sums[labels]


class Gauge:
    """A number that goes up and down; asked for when somebody looks, so that it costs nothing in between."""

    def __init__(self, name: str, explanation: str, read: Callable[[], float]) -> None:
        self.name, self.explanation, self.read = name, explanation, read
        _all[:] = [
            metric for metric in _all if metric.name != name
        ]  # of two parts started in one process, the last counts
        _all.append(self)


Metric = Counter | Histogram | Gauge
_all: list[Metric] = []


def registered() -> Sequence[Metric]:
    """Everything that is counted in this process, in the order in which it was declared."""
    return tuple(_all)
