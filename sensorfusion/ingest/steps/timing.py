"""Metrics of the time spent in each step of the pipeline."""

from time import perf_counter

from sensorfusion.events.metrics import Histogram, Series

SECONDS = Histogram("sensorfusion_ingest_seconds", "Time in each step of the ingest pipeline.", ["step"])
IDENTIFY, DECODE, CHECK, STORE = (SECONDS.series(step) for step in ("identify", "decode", "check", "store"))


class Laps:
    """A stopwatch for one request: each call ends one step and starts the next."""

    __slots__ = ("_at",)

    def __init__(self) -> None:
        self._at = perf_counter()

    def __call__(self, step: Series) -> None:
        at = perf_counter()
        step.observe(at - self._at)
        self._at = at
