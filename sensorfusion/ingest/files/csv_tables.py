"""Files that hold a table as text (CSV), read row by row; and what tables of every kind have in common."""

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from types import TracebackType
from typing import Any, Protocol, Self

from sensorfusion.ingest.files.opening import BROKEN, SHIPPED, BadTable, Kind, Opened

__all__ = ["SHIPPED", "BadTable", "Row", "Table", "TableOfAnyKind"]

# A quotation mark that is never closed would otherwise take the whole rest of the file for one value.
MOST_CHARACTERS = 4096
MOST_IN_A_LINE = 1 << 20  # a file without any line end would otherwise be read into memory as a whole

_LOOK_AT = 4096  # bytes
_DELIMITERS = b",;\t|"

Row = tuple[int, Sequence[Any], str]  # the line (or the row's number), its cells, and a problem in words


class TableOfAnyKind(Protocol):
    """One file's rows, read once."""

    kind: Kind
    size: int  # in whatever `position` counts, 0 where nobody knows

    @property
    def header(self) -> Sequence[str]: ...

    @property
    def position(self) -> int: ...

    def expect(self, names: Iterable[str]) -> None:
        """Have these columns in the header, where a file does not say beforehand which ones it has."""

    def __iter__(self) -> Iterator[Row]: ...

    def __enter__(self) -> Self: ...

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None: ...


class Table:
    """The rows of a CSV file, packed or not."""

    kind: Kind = "csv"

    def __init__(self, file: str | Opened, *, delimiter: str = "") -> None:
        """Open the file and read its header; without a delimiter the one that the header is written with.

        :raises BadTable: if there is no such file, or nothing in it.
        """
        self._file = Opened(file) if isinstance(file, str) else file
        self.size = self._file.size
        self._limit_before = csv.field_size_limit(MOST_CHARACTERS)  # there is one for the whole process
        try:
            self._begin(delimiter)
        except BadTable:
            self.close()
            raise

    def _begin(self, delimiter: str) -> None:
        self.delimiter = delimiter or _delimiter(self._file.stream.peek(_LOOK_AT))
        # A byte that is no UTF-8 spoils its own value, never the file.
        self._text = io.TextIOWrapper(self._file.stream, encoding="utf-8-sig", errors="replace", newline="")
        self._reader = csv.reader(_lines(self._text), delimiter=self.delimiter)
        self.header: Sequence[str] = next((cells for _, cells, _ in self), [])
        if not self.header:
            raise BadTable(f"{self._file.name} is empty: the first line must name the columns.")

    def expect(self, names: Iterable[str]) -> None:
        """The first line has named all there are."""

    def __iter__(self) -> Iterator[Row]:
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
            raise BadTable(f"a line has more than {MOST_IN_A_LINE:,} characters, so this is no table.")
        yield line


def _delimiter(begin: bytes) -> str:
    """Return the character that parts most of the first line, a comma where none does."""
    line = next((line for line in begin.splitlines() if line.strip()), b"")
    return max(map(chr, _DELIMITERS), key=lambda character: line.count(character.encode()))
