"""Tables that a child process reads: the size of a file says nothing of what it takes to read it.

A few hundred bytes of SQLite or Parquet may stand for gigabytes, and the parser of any format may have a fault. The
child ends when it takes more memory or longer for a portion than it may, and the importer is told.
"""

import json
import os
import subprocess
import sys
import threading
from collections.abc import Iterable, Iterator, Mapping, Sequence
from types import TracebackType
from typing import Any, Final, Self

from django.conf import settings

from sensorfusion.ingest.files.contained import frames
from sensorfusion.ingest.files.csv_tables import HeaderRows, Row, TextTable
from sensorfusion.ingest.files.json_tables import ObjectTable
from sensorfusion.ingest.files.opening import BadTable, Kind, Opened
from sensorfusion.readings.export.parquet import NoPyarrow, require_pyarrow

PORTION_WITHIN_S: Final = 60.0  # a portion takes milliseconds, opening a large file seconds
_MB: Final = 1 << 20
_CHILD: Final = "sensorfusion.ingest.files.contained.child"
_TO_DISK: Final = frozenset(("sqlite", "parquet"))  # read from any place of the decompressed file


class ContainedTable:
    """The rows of one file, read by a child process."""

    def __init__(self, file: Opened, *, portion_within_s: float | None = None, **options: Any) -> None:
        """Start the child and wait for the header; options are those of the reader.

        :raises BadTable: the file cannot be read, or not within the limits.
        """
        _require(file.kind)
        self.kind: Kind = file.kind
        self.position = 0
        self._file = file
        self._path = str(file.on_disk() if file.kind in _TO_DISK else file.path)
        self._within_s = portion_within_s or PORTION_WITHIN_S
        self._memory_mb: int = settings.ENVIRONMENT.import_memory_mb
        self._is_late = False
        self._child = subprocess.Popen(
            [sys.executable, "-m", _CHILD, *self._told(options)],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env=_environment(),
        )
        try:
            _, header, self.size, about = self._message()
        except BaseException:
            self._end()
            raise
        self.header: Sequence[str] = header
        self._know(about)

    def _told(self, options: Mapping[str, Any]) -> list[str]:
        return [self.kind, self._path, str(self._memory_mb * _MB), json.dumps(options)]

    def _know(self, about: Mapping[str, Any]) -> None:
        """Keep what the child says of the table besides its rows."""
        self._sample: Sequence[tuple[int, Any]] = about.get("sample", ())

    @property
    def sample(self) -> Sequence[tuple[int, Sequence[Any]]]:
        return self._sample

    def expect(self, names: Iterable[str]) -> None:
        """Do nothing: the file names all columns."""

    def __iter__(self) -> Iterator[Row]:
        """Yield each row's number and cells.

        :raises BadTable: the rest of the file cannot be read, or not within the limits.
        """
        while (message := self._message())[0] == frames.ROWS:
            _, rows, position = message
            yield from rows
            self.position = position

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
            return f"{self._file.name} takes longer than {self._within_s:g} s for a few rows. {self._way_out()}."
        return f"{self._needs_more()} Or it is damaged."

    def _needs_more(self) -> str:
        return (
            f"{self._file.name} needs more than {self._memory_mb} MB of memory to be read. {self._way_out()}, or ask "
            "the administrator to raise IMPORT_MEMORY_MB."
        )

    def _way_out(self) -> str:
        return "Export it as CSV" if self.kind in _TO_DISK else "Split it into several files"

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


class ContainedText(ContainedTable, TextTable):
    """The rows of a text table, read by a child process."""

    def _know(self, about: Mapping[str, Any]) -> None:
        super()._know(about)
        self.delimiter, self.encoding, self.first = about["delimiter"], about["encoding"], about["first"]
        self.header_at = HeaderRows(*about["header_at"])


class ContainedObjects(ContainedTable, ObjectTable):
    """The objects of a JSON file, read by a child process."""

    def _know(self, about: Mapping[str, Any]) -> None:
        super()._know(about)
        self.has_readings = about["has_readings"]

    def expect(self, names: Iterable[str]) -> None:
        self.header = [*self.header, *(name for name in dict.fromkeys(names) if name and name not in self.header)]

    @property
    def sample(self) -> Sequence[tuple[int, Sequence[Any]]]:
        return [(number, [each.get(name) for name in self.header]) for number, each in self._sample]

    def __iter__(self) -> Iterator[Row]:
        for number, cells, problem in super().__iter__():
            if problem or self.has_readings:
                yield number, cells, problem
            else:
                yield number, [cells[0].get(name) for name in self.header], ""


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
