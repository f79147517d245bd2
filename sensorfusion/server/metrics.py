"""What `/metrics` shows: the metrics of this process, or of all workers that share its port.

Each of several workers answers the others over a Unix socket, so any of them can show all, each by the label `worker`.
The counts are not added up: those of a worker begin at 0 when it is started again, and Prometheus recognises that by
series.
"""

import asyncio
import contextlib
import itertools
import os
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path

from prometheus_client import CollectorRegistry, GCCollector, PlatformCollector, ProcessCollector, generate_latest
from prometheus_client.metrics_core import Metric
from prometheus_client.parser import text_string_to_metric_families
from prometheus_client.registry import Collector

from sensorfusion.events.metrics import REGISTRY

# A worker that does not answer in this time is left out of the scrape.
ANSWER_WITHIN_S = 1.0

_shared: list[Path] = []


def share(directory: Path) -> None:
    """Let this process and the others that name this directory show each other's metrics."""
    _shared[:] = [directory]


def of_this_process() -> bytes:
    """Return the metrics of this process alone, in Prometheus' text format."""
    return generate_latest(_process()) + generate_latest(REGISTRY)


class Metrics:
    """The metrics of one process, and of the workers beside it."""

    def __init__(self) -> None:
        self._directory = _shared[0] if _shared and hasattr(asyncio, "start_unix_server") else None
        self._number = 0
        self._lock = -1
        self._server: asyncio.Server | None = None

    async def start(self) -> None:
        """Answer the other workers, if there may be any."""
        if self._directory:
            self._number, self._lock = _first_free(self._directory)
            path = self._socket(self._number)
            path.unlink(missing_ok=True)
            self._server = await asyncio.start_unix_server(_answer, path)

    async def stop(self) -> None:
        if self._server and self._directory:
            self._server.close()
            self._socket(self._number).unlink(missing_ok=True)
            os.close(self._lock)
            self._server = None

    async def text(self) -> bytes:
        """Return the metrics in Prometheus' text format."""
        if not self._server or not self._directory:
            return of_this_process()
        others = [path for path in self._directory.glob("*.sock") if path != self._socket(self._number)]
        answers = await asyncio.gather(*map(_asked, others))
        texts = {path.stem: answer for path, answer in zip(others, answers, strict=True) if answer}
        return _merged({str(self._number): of_this_process(), **texts})

    def _socket(self, number: int) -> Path:
        assert self._directory
        return self._directory / f"{number}.sock"


async def _answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    writer.write(of_this_process())
    with contextlib.suppress(OSError):
        await writer.drain()
    writer.close()


async def _asked(path: Path) -> bytes:
    """Return what a worker says of itself; nothing if it has just ended."""
    with contextlib.suppress(OSError, TimeoutError):
        async with asyncio.timeout(ANSWER_WITHIN_S):
            reader, writer = await asyncio.open_unix_connection(path)
            with contextlib.closing(writer):
                return await reader.read(-1)
    return b""


def _first_free(directory: Path) -> tuple[int, int]:
    """Return the lowest number that no running worker has, and the lock that keeps it."""
    import fcntl  # not on Windows, where there are no Unix sockets either

    for number in itertools.count(1):
        lock = os.open(directory / f"{number}.lock", os.O_CREAT | os.O_RDWR, 0o600)
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(lock)
            continue
        return number, lock
    raise AssertionError("numbers do not end")


class _All(Collector):
    def __init__(self, families: Iterable[Metric]) -> None:
        self._families = families

    def collect(self) -> Iterator[Metric]:
        yield from self._families


def _merged(texts: dict[str, bytes]) -> bytes:
    """Merge the families of several workers, each sample with the number of its worker."""
    families: dict[str, Metric] = {}
    for worker, text in sorted(texts.items()):
        for family in text_string_to_metric_families(text.decode()):
            merged = families.setdefault(family.name, Metric(family.name, family.documentation, family.type))
            for sample in family.samples:
                merged.add_sample(sample.name, {"worker": worker, **sample.labels}, sample.value)
    registry = CollectorRegistry(auto_describe=False)
    registry.register(_All(families.values()))
    return generate_latest(registry)


@cache
def _process() -> CollectorRegistry:
    """Return the collectors of memory, CPU, open files and garbage collection from Prometheus' library."""
    registry = CollectorRegistry()
    for collector in (ProcessCollector, PlatformCollector, GCCollector):
        collector(registry=registry)
    return registry
