"""A table that a child process reads: its size in the file says nothing of what it takes to read it.

A few hundred bytes of SQLite or Parquet may stand for gigabytes. The child ends when it takes more memory or longer for
a portion than it may, and the importer is told.
"""

import os
import subprocess
import sys
import threading
from collections.abc import Iterable, Iterator, Sequence
from types import TracebackType
from typing import Any, Final, Self

from django.conf import settings

from sensorfusion.ingest.files.contained import frames
from sensorfusion.ingest.files.csv_tables import Row
from sensorfusion.ingest.files.opening import BadTable, Kind, Opened
from sensorfusion.readings.export.parquet import NoPyarrow, require_pyarrow

PORTION_WITHIN_S: Final = 60.0  # a portion takes milliseconds, opening a large file seconds
_MB: Final = 1 << 20
_CHILD: Final = "sensorfusion.ingest.files.contained.child"


class ContainedTable:
    """The rows of one file, read by a child process."""

    sample: Sequence[tuple[int, Sequence[Any]]] = ()

    def __init__(self, file: Opened, *, portion_within_s: float = PORTION_WITHIN_S) -> None:
        """Start the child and wait for the header.

        :raises BadTable: the file cannot be read, or not within the limits.
        """
        _require(file.kind)
        self.kind: Kind = file.kind
        self.position = 0
        self._file = file
        self._path = str(file.on_disk())
        self._within_s = portion_within_s
        self._memory_mb: int = settings.ENVIRONMENT.import_memory_mb
        self._is_late = False
        self._child = subprocess.Popen(
            [sys.executable, "-m", _CHILD, file.kind, self._path, str(self._memory_mb * _MB)],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env=_environment(),
        )
        try:
            _, self.header, self.size = self._message()
        except BaseException:
            self._end()
            raise

    def expect(self, names: Iterable[str]) -> None:
        """Do nothing: the file names all columns."""

    def __iter__(self) -> Iterator[Row]:
        """Yield each row's number and cells.

        :raises BadTable: the rest of the file cannot be read, or not within the limits.
        """
        while (message := self._message())[0] == frames.ROWS:
            for row in message[1]:
                self.position = row[0]
                yield row

    def _message(self) -> tuple[Any, ...]:
        assert self._child.stdout is not None
        deadline = threading.Timer(self._within_s, self._stop)
        deadline.start()
        try:
            message = frames.receive(self._child.stdout)
        except frames.BadFrame:
            raise BadTable(self._why()) from None
        finally:
            deadline.cancel()
        if message[0] == frames.BAD:
            raise BadTable(str(message[1]).replace(self._path, self._file.name))
        if message[0] == frames.MEMORY:
            raise BadTable(self._needs_more())
        return message

    def _stop(self) -> None:
        self._is_late = True
        self._child.kill()

    def _why(self) -> str:
        if self._is_late:
            return f"{self._file.name} takes longer than {self._within_s:g} s for a few rows. Export it as CSV instead."
        return f"{self._needs_more()} Or it is damaged."

    def _needs_more(self) -> str:
        return (
            f"{self._file.name} needs more than {self._memory_mb} MB of memory to be read. Export it as CSV, or ask "
            "the administrator to raise IMPORT_MEMORY_MB."
        )

    def _end(self) -> None:
        self._child.kill()
        self._child.wait()
        if self._child.stdout is not None:
            self._child.stdout.close()
        self._file.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._end()


def _require(kind: Kind) -> None:
    try:
        if kind == "parquet":
            require_pyarrow()
    except NoPyarrow as error:
        raise BadTable(str(error)) from None


def _environment() -> dict[str, str]:
    """Return what a Python needs to find its modules: no setting, and no secret, of the server."""
    # Other allocators, and glibc for every thread, reserve addresses in advance, which count as memory.
    allocators = {"MALLOC_ARENA_MAX": "1", "ARROW_DEFAULT_MEMORY_POOL": "system"}
    return {**settings.BARE_ENVIRONMENT, **allocators, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
