"""Locks on files, which the operating system lets go of however their holder ends."""

import contextlib
import fcntl
import os
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

from sensorfusion.terminal.errors import CommandLineError


class Busy(CommandLineError):
    """Another process holds what we need; the message says which and since when."""


class FileLock:
    """A file that one process holds alone, or several hold together, with a few words in it."""

    def __init__(self, path: Path) -> None:
        self._descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)

    def __enter__(self) -> "FileLock":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def try_exclusive(self) -> bool:
        """Take the lock alone if nobody has it."""
        try:
            fcntl.flock(self._descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True

    def exclusive(self) -> None:
        """Wait until nobody else holds the lock, then hold it alone."""
        fcntl.flock(self._descriptor, fcntl.LOCK_EX)

    def shared(self) -> None:
        """Wait until nobody holds the lock alone, then hold it together with others."""
        fcntl.flock(self._descriptor, fcntl.LOCK_SH)

    def read(self) -> str:
        return os.pread(self._descriptor, 4096, 0).decode().strip()

    def write(self, text: str) -> None:
        """Replace the words in the file; only for who holds it alone."""
        os.ftruncate(self._descriptor, 0)
        os.pwrite(self._descriptor, f"{text}\n".encode(), 0)
        os.fsync(self._descriptor)

    def close(self) -> None:
        """Let go."""
        os.close(self._descriptor)


@contextlib.contextmanager
def only_one(path: Path, *, now: datetime) -> Iterator[None]:
    """Hold `path` for as long as the block runs, or say who does.

    :raises Busy: if another process is inside such a block.
    """
    with FileLock(path) as lock:
        if not lock.try_exclusive():
            raise Busy(lock.read() or "another process")
        lock.write(f"process {os.getpid()}, running since {now:%Y-%m-%d %H:%M:%S} UTC")
        yield
