"""Row-by-row reader of CSV files, and the interface that tables of all formats share."""

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from types import TracebackType
from typing import Any, Protocol, Self

from sensorfusion.ingest.files.opening import BROKEN, SHIPPED, BadTable, Kind, Opened

__all__ = ["SHIPPED", "BadTable", "Row", "Table", "TableOfAnyKind"]

# Otherwise an unclosed quotation mark would turn the whole rest of the file into one value.
MOST_CHARACTERS = 4096
MOST_IN_A_LINE = 1 << 20  # otherwise a file without line ends would be read into memory as a whole

_LOOK_AT = 4096  # bytes
_DELIMITERS = b",;\t|"

Row = tuple[int, Sequence[Any], str]  # line (or row) number, cells, and a problem in words or ""


class TableOfAnyKind(Protocol):
    """The rows of one file; they can be read once."""

    kind: Kind
    size: int  # in the unit of `position`, 0 if unknown

    @property
    def header(self) -> Sequence[str]: ...

    @property
    def position(self) -> int: ...

    def expect(self, names: Iterable[str]) -> None:
        """Add these columns to the header, for formats that do not list their columns in advance."""

    def __iter__(self) -> Iterator[Row]: ...

    def __enter__(self) -> Self: ...

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None: ...


class Table:
    """The rows of a CSV file, compressed or not."""

    kind: Kind = "csv"

    def __init__(self, file: str | Opened, *, delimiter: str = "") -> None:
        """Open the file and read its header; without a delimiter, detect it from the header.

        :raises BadTable: the file does not exist or is empty.
        """
        self._file = Opened(file) if isinstance(file, str) else file
        self.size = self._file.size
        self._limit_before = csv.field_size_limit(MOST_CHARACTERS)  # a process-wide setting
        try:
            self._begin(delimiter)
        except BadTable:
            self.close()
            raise

    def _begin(self, delimiter: str) -> None:
        self.delimiter = delimiter or _delimiter(self._file.stream.peek(_LOOK_AT))
        # Invalid UTF-8 damages only its own value, not the whole file.
        self._text = io.TextIOWrapper(self._file.stream, encoding="utf-8-sig", errors="replace", newline="")
        self._reader = csv.reader(_lines(self._text), delimiter=self.delimiter)
        self.header: Sequence[str] = next((cells for _, cells, _ in self), [])
        if not self.header:
            raise BadTable(f"{self._file.name} is empty: the first line must name the columns.")

    def expect(self, names: Iterable[str]) -> None:
        """Do nothing: the first line names all columns."""

    def __iter__(self) -> Iterator[Row]:
        """Yield line number, cells and problem of every row that is not empty.

        :raises BadTable: the rest of the file cannot be read.
        """
        while True:
            try:
                cells = next(self._reader)
            except StopIteration:
                return
            except csv.Error as error:
                yield self._reader.line_num, [], str(error)
                continue
            except BROKEN as error:
                raise BadTable(
                    f"after line {self._reader.line_num} the file cannot be read any further: {error}"
                ) from None
            if cells:
                yield self._reader.line_num, cells, ""

    @property
    def position(self) -> int:
        return self._file.position

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        self._text.close()
        self._file.close()
        csv.field_size_limit(self._limit_before)


def _lines(text: io.TextIOWrapper) -> Iterator[str]:
    while line := text.readline(MOST_IN_A_LINE):
        if len(line) == MOST_IN_A_LINE:
            raise BadTable(f"a line has more than {MOST_IN_A_LINE:,} characters, so this is not a table.")
        yield line


def _delimiter(begin: bytes) -> str:
    """Return the delimiter that occurs most often in the first line, or a comma."""
    line = next((line for line in begin.splitlines() if line.strip()), b"")
    return max(map(chr, _DELIMITERS), key=lambda character: line.count(character.encode()))
