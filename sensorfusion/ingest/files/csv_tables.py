"""Row-by-row reader of text tables (CSV and the like), and the interface that tables of all formats share."""

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain, islice
from types import TracebackType
from typing import Any, Final, Protocol, Self, TypeVar

from sensorfusion.ingest.files.opening import BROKEN, SHIPPED, BadTable, Kind, Opened
from sensorfusion.ingest.files.sheets import delimiters, encodings, headers
from sensorfusion.ingest.files.sheets.headers import HeaderRows
from sensorfusion.readings.export.columns import is_exported

__all__ = ["SHIPPED", "BadTable", "HeaderRows", "Row", "Table", "TableOfAnyKind"]

# Otherwise an unclosed quotation mark would turn the whole rest of the file into one value.
MOST_CHARACTERS = 4096
MOST_COLUMNS = 5000
MOST_IN_A_LINE = 1 << 20  # otherwise a file without line ends would be read into memory as a whole

_LOOK_AT: Final = 4096  # bytes
_LINES: Final = 60  # read in advance, to find the delimiter and the header
_SAMPLE: Final = 1000  # rows read in advance, to find the form of times and numbers
_SAMPLE_CHARACTERS: Final = 1 << 21

_T = TypeVar("_T")
Row = tuple[int, Sequence[Any], str]  # line (or row) number, cells, and a problem in words or ""


class TableOfAnyKind(Protocol):
    """The rows of one file; they can be read once."""

    kind: Kind
    size: int  # in the unit of `position`, 0 if unknown

    @property
    def header(self) -> Sequence[str]: ...

    @property
    def position(self) -> int: ...

    @property
    def sample(self) -> Sequence[tuple[int, Sequence[Any]]]:
        """The first rows that can be read, with their lines, as far as they are known before reading."""

    def expect(self, names: Iterable[str]) -> None:
        """Add these columns to the header, for formats that do not list their columns in advance."""

    def __iter__(self) -> Iterator[Row]: ...

    def __enter__(self) -> Self: ...

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None: ...


class TextTable:
    """What is known of a text table besides its rows, whichever process reads them."""

    kind: Kind = "csv"
    header: Sequence[str]
    delimiter: str
    encoding: str
    header_at: HeaderRows
    first: Sequence[Row]  # what a person can choose the header from

    @property
    def sample(self) -> Sequence[tuple[int, Sequence[Any]]]:
        raise NotImplementedError


class Table(TextTable):
    """The rows of a text table, compressed or not."""

    def __init__(
        self, file: str | Opened, *, delimiter: str = "", encoding: str = "", header_at: HeaderRows | None = None
    ) -> None:
        """Open the file and read its header; what is not given is found in the first lines.

        :raises BadTable: the file does not exist, is empty or has no such header.
        """
        self._file = Opened(file) if isinstance(file, str) else file
        self.size = self._file.size
        self._limit_before = csv.field_size_limit(MOST_CHARACTERS)  # a process-wide setting
        try:
            self._begin(delimiter, encoding, header_at)
        except BadTable:
            self.close()
            raise

    def _begin(self, delimiter: str, encoding: str, header_at: HeaderRows | None) -> None:
        self.encoding = encodings.checked(encoding) if encoding else encodings.encoding_of(self._peeked())
        # A byte that is invalid in the encoding damages only its own value, not the whole file.
        errors = encodings.MIXED if self.encoding == "utf-8-sig" else "replace"
        self._text = io.TextIOWrapper(self._file.stream, encoding=self.encoding, errors=errors, newline="")
        self._cut: BadTable | None = None
        lines = self._lines()
        ahead = list(self._until_cut(islice(lines, _LINES)))
        skipped = 1 if ahead and (told := delimiters.told(ahead[0])) else 0
        self.delimiter = delimiter or (told if skipped else delimiters.delimiter_of(ahead))
        self._reader = csv.reader(
            chain(ahead[skipped:], lines),
            delimiter=self.delimiter,
            skipinitialspace=self.delimiter == delimiters.BLANKS,
        )
        self._before = skipped
        self._first = list(self._until_cut(self._sampled()))
        self._set_header(header_at)

    def _peeked(self) -> bytes:
        return self._file.stream.peek(_LOOK_AT)[:_LOOK_AT]

    def _sampled(self) -> Iterator[Row]:
        characters = 0
        for row in self._rest():
            yield row
            characters += sum(map(len, row[1]))
            if row[0] >= _SAMPLE or characters > _SAMPLE_CHARACTERS:
                return

    def _until_cut(self, items: Iterator[_T]) -> Iterator[_T]:
        """Yield items up to where the file cannot be read any further, which is said when its rows have been read."""
        try:
            yield from items
        except BadTable as cut:
            self._cut = cut

    def _set_header(self, header_at: HeaderRows | None) -> None:
        """Take the header from the first rows; what is above it is no part of the table."""
        self.first = [row for row in self._first[:_LINES] if not row[2]]
        if not self.first:
            raise self._cut or BadTable(f"{self._file.name} is empty: it has no row that can be read.")
        self.header_at = header_at or headers.find([(number, cells) for number, cells, _ in self.first])
        named = [row for row in self.first if row[0] >= self.header_at.line][: self.header_at.rows]
        if len(named) < self.header_at.rows or not self.first[-1][0] >= self.header_at.line:
            raise BadTable(
                f"{self._file.name} has no header of {self.header_at.rows} rows at line {self.header_at.line}."
            )
        after = named[-1][0] if named else self.header_at.line - 1
        self._first = [row for row in self._first if row[0] > after and not headers.is_comment(row[1])]
        width = len(named[-1][1]) if named else max((len(cells) for _, cells, _ in self._first), default=0)
        if len(named) == 1 and is_exported(list(named[0][1])):
            self.header = named[0][1]  # a quantity may be named like a column about the reading
            return
        self.header = headers.names_of([cells for _, cells, _ in named], width)

    @property
    def sample(self) -> Sequence[tuple[int, Sequence[Any]]]:
        return [(number, cells) for number, cells, problem in self._first if not problem]

    def expect(self, names: Iterable[str]) -> None:
        """Do nothing: the header names all columns."""

    def __iter__(self) -> Iterator[Row]:
        """Yield line number, cells and problem of every row that is neither empty nor a comment.

        :raises BadTable: the rest of the file cannot be read.
        """
        first, self._first = self._first, []
        yield from first
        if self._cut:
            raise self._cut
        yield from (row for row in self._rest() if row[2] or not headers.is_comment(row[1]))

    def _rest(self) -> Iterator[Row]:
        while True:
            try:
                cells = next(self._reader)
            except StopIteration:
                return
            except csv.Error as error:
                yield self._reader.line_num + self._before, [], str(error)
                continue
            if len(cells) > MOST_COLUMNS:
                yield self._reader.line_num + self._before, [], f"the row has more than {MOST_COLUMNS:,} values"
            elif any(cells):
                yield self._reader.line_num + self._before, cells, ""

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
        if hasattr(self, "_text"):
            self._text.close()
        self._file.close()
        csv.field_size_limit(self._limit_before)

    def _lines(self) -> Iterator[str]:
        number = 0
        try:
            while line := self._text.readline(MOST_IN_A_LINE):
                if len(line) == MOST_IN_A_LINE:
                    raise BadTable(f"a line has more than {MOST_IN_A_LINE:,} characters, so this is not a table.")
                number += 1
                yield line
        except (*BROKEN, UnicodeError) as error:
            raise BadTable(f"after line {number} the file cannot be read any further: {error}") from None
