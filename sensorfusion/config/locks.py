"""File locks (`flock`); the operating system releases them even when the holder is killed."""

import contextlib
import fcntl
import os
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

from sensorfusion.terminal.errors import CommandLineError


class Busy(CommandLineError):
    """Another process holds the lock; the message says which process and since when."""


class FileLock:
    """A file that can be locked exclusively or shared, and that holds a short text about its holder."""

    def __init__(self, path: Path) -> None:
        self._descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)

    def __enter__(self) -> "FileLock":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def try_exclusive(self) -> bool:
        """Acquire the exclusive lock if it is free, without waiting; return whether it was acquired."""
        try:
            fcntl.flock(self._descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True

    def exclusive(self) -> None:
        """Wait for the exclusive lock."""
        fcntl.flock(self._descriptor, fcntl.LOCK_EX)

    def shared(self) -> None:
        """Wait for a shared lock: it blocks while another process holds the exclusive one."""
        fcntl.flock(self._descriptor, fcntl.LOCK_SH)

    def read(self) -> str:
        return os.pread(self._descriptor, 4096, 0).decode().strip()

    def write(self, text: str) -> None:
        """Replace the text in the file; requires the exclusive lock."""
        os.ftruncate(self._descriptor, 0)
        os.pwrite(self._descriptor, f"{text}\n".encode(), 0)
        os.fsync(self._descriptor)

    def close(self) -> None:
        """Release the lock and close the file."""
        os.close(self._descriptor)


@contextlib.contextmanager
def only_one(path: Path, *, now: datetime) -> Iterator[None]:
    """Hold the exclusive lock on `path` while the block runs.

    :raises Busy: if another process holds it; the message is the text which that process wrote.
    """
    with FileLock(path) as lock:
        if not lock.try_exclusive():
            raise Busy(lock.read() or "another process")
        lock.write(f"process {os.getpid()}, running since {now:%Y-%m-%d %H:%M:%S} UTC")
        yield
