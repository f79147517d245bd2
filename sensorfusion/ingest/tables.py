"""Files that hold a table as text: opened wherever they are, unpacked where they are packed, read row by row."""

import csv
import gzip
import io
import os
import sys
import zlib
from collections.abc import Iterator
from pathlib import Path
from types import TracebackType
from typing import IO

SHIPPED = Path(__file__).parent / "data"
STANDARD_INPUT = "-"
_GZIP = b"\x1f\x8b"
# A quotation mark that is never closed would otherwise take the whole rest of the file for one value.
MOST_CHARACTERS = 4096


class BadTable(Exception):
    """The file cannot be opened or read as a table; the message says why."""


class Table:
    """One file's rows, read once. A file that comes with the platform may be called by its name alone."""

    def __init__(self, name: str, *, delimiter: str = ",") -> None:
        """Open the file and read its header.

        :raises BadTable: if there is no such file, or nothing in it.
        """
        self._raw = _open(name)
        self._limit_before = csv.field_size_limit(MOST_CHARACTERS)  # there is one for the whole process
        try:
            self._begin(name, delimiter)
        except BadTable:
            self.close()
            raise

    def _begin(self, name: str, delimiter: str) -> None:
        self.size = _size(self._raw)
        unpacked = gzip.GzipFile(fileobj=self._raw) if self._raw.peek(2).startswith(_GZIP) else self._raw
        # A byte that is no UTF-8 spoils its own value, never the file.
        text = io.TextIOWrapper(unpacked, encoding="utf-8-sig", errors="replace", newline="")
        self._reader = csv.reader(text, delimiter=delimiter)
        self.header = next((cells for _, cells, _ in self), [])
        if not self.header:
            raise BadTable(f"{name} is empty: the first line must name the columns.")

    def __iter__(self) -> Iterator[tuple[int, list[str], str]]:
        """Yield line number and cells of every row that is not empty; a problem in words where it cannot be read.

        :raises BadTable: where the file cannot be read any further.
        """
        while True:
            try:
                cells = next(self._reader)
            except StopIteration:
                return
            except csv.Error as error:
                yield self._reader.line_num, [], str(error)
                continue
            except (EOFError, OSError, zlib.error) as error:
                raise BadTable(
                    f"after line {self._reader.line_num} the file cannot be read any further: {error}"
                ) from None
            if cells:
                yield self._reader.line_num, cells, ""

    @property
    def position(self) -> int:
        """Bytes of the file read so far, of `size`."""
        return self._raw.tell() if self.size else 0

    def __enter__(self) -> "Table":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        self._raw.close()
        csv.field_size_limit(self._limit_before)


def _open(name: str) -> io.BufferedReader:
    if name == STANDARD_INPUT:
        return io.BufferedReader(io.FileIO(sys.stdin.fileno(), closefd=False))
    path = Path(name)
    if not path.exists() and path.parent == Path() and (SHIPPED / name).is_file():
        path = SHIPPED / name
    try:
        return path.open("rb")
    except OSError as error:
        raise BadTable(f"{name} cannot be opened: {error.strerror}.") from None


def _size(file: IO[bytes]) -> int:
    """Return the size of a regular file, 0 of everything else."""
    status = os.fstat(file.fileno())
    return status.st_size if os.path.isfile(file.fileno()) else 0
