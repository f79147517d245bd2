"""What a program must offer to be measured beside the others."""

import contextlib
import socket
import subprocess
import time
import urllib.error
import urllib.request
from abc import ABC, abstractmethod
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import ClassVar

from benchmarks.stand import Failed, Server, Stand
from sensorfusion.config.parent_death import interrupt_with_parent

ANSWERS_WITHIN_S, STOPS_WITHIN_S = 60.0, 30.0


@dataclass(frozen=True, slots=True)
class Question:
    """A chart of the newest `span` in buckets of `step`; without a span, the newest values."""

    quantities: Sequence[str]
    end: datetime
    span: timedelta = timedelta()
    step: timedelta = timedelta(days=1)

    @property
    def buckets(self) -> int:
        """How many points there are at least in each line of the answer."""
        return max(1, self.span // self.step - 1)


class Program(ABC):
    """A program in its own process, with its own empty data.

    `promise` is what its answer to a write says. Addresses begin with a slash.
    """

    name: ClassVar[str]
    promise: ClassVar[str]
    # The requests of `benchmarks.load` that this program takes; empty if it does not.
    door: ClassVar[str] = ""
    batch_door: ClassVar[str] = ""
    path: ClassVar[str] = ""
    # In whose processes its work is done: Debian's programs need no PostgreSQL.
    processes: ClassVar[Sequence[str]] = ("program",)

    def __init__(self, stand: Stand) -> None:
        self.stand = stand

    @classmethod
    def missing(cls) -> str:
        """Return why it cannot be measured on this machine; empty if it can."""
        return ""

    @abstractmethod
    def running(self) -> contextlib.AbstractContextManager[Server]:
        """Start it, and stop it at the end; the server's name is `program`."""

    @abstractmethod
    def keys(self) -> Sequence[str]:
        """Return one word for each sensor: what its requests are told apart by."""

    @abstractmethod
    def stored(self, server: Server) -> int:
        """Return the number of readings that it has."""

    def load_year(self, server: Server, end: datetime, minutes: int) -> None:
        """Store one-minute readings of `chart.QUANTITIES` of the first sensor, until `end`."""
        raise NotImplementedError

    def asked(self, question: Question) -> tuple[str, dict[str, str]]:
        """Return the address and the headers that ask a question."""
        raise NotImplementedError

    def points(self, answer: bytes) -> int:
        """Return the number of points of the shortest line in an answer."""
        raise NotImplementedError


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextlib.contextmanager
def daemon(stand: Stand, command: Sequence[str | Path], port: int, *, health: str = "") -> Iterator[Server]:
    """Run an installed program until the end of the context; it is ready when it listens, and answers `health`."""
    log = stand.directory / f"{Path(command[0]).name}.log"
    with log.open("a") as output:
        process = subprocess.Popen(command, stdout=output, stderr=output, preexec_fn=interrupt_with_parent)
    try:
        _wait_for(port, health, process, log)
        yield Server("program", process.pid, port)
    finally:
        process.terminate()
        try:
            process.wait(STOPS_WITHIN_S)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _wait_for(port: int, health: str, process: "subprocess.Popen[bytes]", log: Path) -> None:
    deadline = time.monotonic() + ANSWERS_WITHIN_S
    while not _answers(port, health):
        if process.poll() is not None or time.monotonic() > deadline:
            raise Failed(f"{log.stem} did not start:\n{log.read_text()[-2000:]}")
        time.sleep(0.05)


def _answers(port: int, health: str) -> bool:
    try:
        if health:
            fetch(port, health)
        else:
            socket.create_connection(("127.0.0.1", port), 1).close()
    except OSError:
        return False
    return True


def fetch(port: int, path: str, body: bytes | None = None) -> bytes:
    """Return what a program answers to a GET, or with a body to a POST.

    :raises Failed: if the status is not 2xx.
    """
    request = urllib.request.Request(f"http://127.0.0.1:{port}{path}", data=body)  # always HTTP, to ourselves
    try:
        with urllib.request.urlopen(request, timeout=ANSWERS_WITHIN_S) as answer:
            said: bytes = answer.read()
            return said
    except urllib.error.HTTPError as error:
        raise Failed(f"{path} was answered {error.code}: {error.read()[:500].decode()}") from error
