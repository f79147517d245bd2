"""Stand-ins for the client's tests: a server that records readings, and a disk that fails on demand."""

import json
import os
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from sensorfusion.clients.python.sensorfusion_client import Client, Receipt, Rejected

CommandLineError = Callable[[list[dict[str, Any]]], Exception | None]


@dataclass
class Server:
    """Accepts batches in place of the network; stores readings by their time, like the platform."""

    stored: dict[str, Any] = field(default_factory=dict)
    batches: list[int] = field(default_factory=list)
    trouble: CommandLineError = lambda batch: None
    refuses: Callable[[dict[str, Any]], str | None] = lambda reading: None

    def post(self, lines: list[bytes]) -> Receipt:
        readings = [json.loads(line) for line in lines]
        self.batches.append(len(readings))
        if error := self.trouble(readings):
            raise error
        receipt = Receipt(seq=len(self.stored))
        for index, reading in enumerate(readings):
            if code := self.refuses(reading):
                receipt.rejected.append(Rejected(index, None, code, "because"))
            elif reading["observed_at"] in self.stored:
                receipt.duplicates += 1
            else:
                receipt.accepted += 1
                self.stored[reading["observed_at"]] = reading["values"]
        return receipt

    def close(self) -> None:
        pass


def client_of(server: Server, **options: Any) -> Client:
    client = Client("http://sensors.test", "sf_key", **options)
    client._link = server  # type: ignore[assignment]  # the one seam to the network
    client.pause = lambda seconds: None
    return client


class PowerCut(BaseException):
    """The machine has lost power; nothing runs after it."""


class Disk:
    """The `os` functions that the client uses; the power fails at the n-th step and takes all unsynced data with it."""

    def __init__(self, cut_at: int | None, *, keeps: float) -> None:
        self.steps = 0
        self._cut_at = cut_at
        self._keeps = keeps  # how much of the unsynced data reached the disk nevertheless
        self._paths: dict[int, Path] = {}
        self._flushed: dict[Path, int] = {}

    def __getattr__(self, name: str) -> Any:
        return getattr(os, name)

    def open(self, path: Path, *how: int) -> int:
        descriptor = os.open(path, *how)
        self._paths[descriptor] = Path(path)
        self._flushed.setdefault(Path(path), os.fstat(descriptor).st_size)
        return descriptor

    def close(self, descriptor: int) -> None:
        self._paths.pop(descriptor, None)
        os.close(descriptor)

    def write(self, descriptor: int, data: bytes) -> int:
        self._step()
        return os.write(descriptor, data)

    def fsync(self, descriptor: int) -> None:
        self._step()
        self._flushed[self._paths[descriptor]] = os.fstat(descriptor).st_size

    def replace(self, old: Path, new: Path) -> None:
        self._step()
        os.replace(old, new)
        self._flushed[Path(new)] = self._flushed.pop(Path(old), 0)

    def unlink(self, path: Path) -> None:
        os.unlink(path)
        self._step()

    def _step(self) -> None:
        self.steps += 1
        if self.steps == self._cut_at:
            for path, flushed in self._flushed.items():
                if path.is_file() and path.stat().st_size > flushed:
                    os.truncate(path, flushed + int((path.stat().st_size - flushed) * self._keeps))
            raise PowerCut
