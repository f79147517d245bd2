"""How long each step of the pipeline takes, for /metrics: a count and a sum per step, which cost next to nothing."""

from collections.abc import Iterator
from time import perf_counter

from prometheus_client.core import SummaryMetricFamily
from prometheus_client.registry import Collector


class Timing(Collector):
    """Sums of seconds per step. Used on the event loop only."""

    def __init__(self, name: str, explanation: str) -> None:
        self._name = name
        self._explanation = explanation
        self.counts: dict[str, int] = {}
        self.seconds: dict[str, float] = {}

    def start(self) -> "Laps":
        return Laps(self)

    def collect(self) -> Iterator[SummaryMetricFamily]:
        family = SummaryMetricFamily(self._name, self._explanation, labels=["step"])
        for step, count in self.counts.items():
            family.add_metric([step], count_value=count, sum_value=self.seconds[step])
        yield family


class Laps:
    """A stopwatch for one request: each call ends a step and begins the next."""

    __slots__ = ("_at", "_timing")

    def __init__(self, timing: Timing) -> None:
        self._timing = timing
        self._at = perf_counter()

    def __call__(self, step: str) -> None:
        at = perf_counter()
        timing = self._timing
        timing.counts[step] = timing.counts.get(step, 0) + 1
        timing.seconds[step] = timing.seconds.get(step, 0.0) + at - self._at
        self._at = at
