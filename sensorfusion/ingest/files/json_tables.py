"""Reader of files of JSON objects: one per line, or in one list of any length, read object by object.

Nested objects become columns with dots: `{"main": {"temp": 281}}` has the column `main.temp`, and the first element of
a list has the number 0 (`weather.0.id`). JSON does not list its columns in advance: they are taken from the first
objects, and columns that did not occur there must be requested with `expect`.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import chain, islice
from types import TracebackType
from typing import Any, Final, Self

from sensorfusion.ingest.files.csv_tables import Row
from sensorfusion.ingest.files.opening import BROKEN, BadTable, Kind, Opened
from sensorfusion.ingest.steps.decoding import NotJson, decode_json

LOOK_AT: Final = 200  # objects whose names become the columns
MOST_COLUMNS: Final = 500
MOST_BYTES: Final = 1 << 20  # per object or line; a reading of 100 quantities has about 10,000
# Per object: a reading of 500 quantities with their units has 2,000. Decoded, a value takes many times its bytes.
MOST_VALUES: Final = 3000
_CHUNK: Final = 1 << 16
_DEEPEST: Final = 4
_READING: Final = "values"  # objects with this member are readings in the platform's own format

Found = tuple[int, Any, str]  # line, object, problem


class ObjectTable:
    """What is known of a file of objects besides its rows, whichever process reads them."""

    has_readings: bool


class JsonTable(ObjectTable):
    """The objects of one file as rows; a reading (an object with `values`) is a row with the object as its one cell."""

    def __init__(self, file: Opened) -> None:
        """Read the first objects.

        :raises BadTable: there are none.
        """
        self._file = file
        self.kind: Kind = file.kind
        self.size = file.size
        self._found = _from_lines(file) if file.kind == "json lines" else _from_list(file)
        self._first = list(islice(self._found, LOOK_AT))
        objects = [each for _, each, problem in self._first if not problem]
        if not objects:
            raise BadTable(f"{file.name} holds no JSON objects: write one per line, or a list of them.")
        self.has_readings = any(_READING in each for each in objects)
        self.header: list[str] = [] if self.has_readings else _names(objects)
        if len(self.header) > MOST_COLUMNS:
            raise BadTable(f"{file.name} has more than {MOST_COLUMNS} different names, so this is not a table.")

    @property
    def sample(self) -> Sequence[tuple[int, Sequence[Any]]]:
        return [(number, [each.get(name) for name in self.header]) for number, each in self.first_objects()]

    def first_objects(self) -> Sequence[tuple[int, dict[str, Any]]]:
        """Return the first objects by their lines, flattened; none if they are readings."""
        if self.has_readings:
            return ()
        return [(number, flattened(each)) for number, each, problem in self._first if not problem]

    def expect(self, names: Iterable[str]) -> None:
        self.header += [name for name in names if name and name not in self.header]

    def __iter__(self) -> Iterator[Row]:
        """Yield each object's line (or number) and its cells in the order of the header.

        :raises BadTable: the rest of the file cannot be read.
        """
        for number, each, problem in self.objects():
            if problem or self.has_readings:
                yield number, () if problem else (each,), problem
            else:
                yield number, [each.get(name) for name in self.header], ""

    def objects(self) -> Iterator[Found]:
        """Yield each object, flattened unless it is a reading.

        :raises BadTable: the rest of the file cannot be read.
        """
        first, self._first = self._first, []
        for number, each, problem in chain(first, self._found):
            yield number, each if problem or self.has_readings else flattened(each), problem

    @property
    def position(self) -> int:
        return self._file.position

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._file.close()


def flattened(each: Mapping[str, Any]) -> dict[str, Any]:
    """Flatten an object: return the values of nested objects by their names joined with dots."""
    if not any(isinstance(value, dict | list) for value in each.values()):
        return dict(each)
    return dict(_leaves(each, "", _DEEPEST))


def _leaves(each: Any, path: str, depth: int) -> Iterator[tuple[str, Any]]:
    inner: Iterable[tuple[Any, Any]] = ()
    if isinstance(each, dict):
        inner = each.items()
    elif isinstance(each, list):
        inner = enumerate(each[:1])
    elif path:
        yield path, each
    for name, value in inner if depth else ():
        yield from _leaves(value, f"{path}.{name}" if path else str(name), depth - 1)


def _names(objects: Iterable[Mapping[str, Any]]) -> list[str]:
    return list(dict.fromkeys(name for each in objects for name in flattened(each)))


def _from_lines(file: Opened) -> Iterator[Found]:
    number = 0
    while line := _read(lambda: file.stream.readline(MOST_BYTES), number):
        number += 1
        if len(line) == MOST_BYTES and not line.endswith(b"\n"):
            raise BadTable(f"line {number} is longer than {MOST_BYTES:,} bytes, so this is not one object per line.")
        if text := (line.removeprefix(b"\xef\xbb\xbf") if number == 1 else line).strip():
            yield _object(number, text)


def _from_list(file: Opened) -> Iterator[Found]:
    """Yield the objects of a list, holding at most one of them and a chunk of the file in memory."""
    splitter = _Splitter()
    number = 0
    while chunk := _read(lambda: file.stream.read1(_CHUNK), number):
        for text in splitter.objects(chunk):
            number += 1
            yield _object(number, text)
        if splitter.waiting > MOST_BYTES:
            raise BadTable(f"object {number + 1} is longer than {MOST_BYTES:,} bytes, or is never closed.")
    if splitter.waiting:
        raise BadTable(f"after object {number} the file cannot be read any further: it ends inside an object.")


class _Splitter:
    """Splits a list into its objects by counting brackets outside of strings."""

    _MARK = re.compile(rb'["{}]')
    _IN_TEXT = re.compile(rb'"|\\[\s\S]')  # the end of a string, or an escaped character

    def __init__(self) -> None:
        self._held = bytearray()  # data from the beginning of the unfinished object
        self._at = 0  # the part of it that has been scanned
        self._depth = 0
        self._is_in_text = False

    @property
    def waiting(self) -> int:
        return len(self._held) if self._depth else 0

    def objects(self, chunk: bytes) -> Iterator[bytes]:
        """Yield the objects that end in this chunk."""
        self._held += chunk
        begin = 0
        for start, end, opens in self._braces():
            if opens and self._depth == 0:
                begin = start
            self._depth = max(self._depth + (1 if opens else -1), 0)
            if self._depth == 0:
                yield bytes(self._held[begin:end])
        if self._depth == 0:
            begin = self._at
        del self._held[:begin]
        self._at -= begin

    def _braces(self) -> Iterator[tuple[int, int, bool]]:
        while mark := (self._IN_TEXT if self._is_in_text else self._MARK).search(self._held, self._at):
            self._at = mark.end()
            if mark.group() == b'"':
                self._is_in_text = not self._is_in_text
            elif not self._is_in_text:
                yield mark.start(), mark.end(), mark.group() == b"{"
        # The character escaped by a backslash at the end is in the next chunk.
        is_cut = self._is_in_text and self._held[self._at :].endswith(b"\\")
        self._at = len(self._held) - is_cut


def _read(read: Any, number: int) -> bytes:
    try:
        return bytes(read())
    except BROKEN as error:
        raise BadTable(f"after line {number} the file cannot be read any further: {error}") from None


def _object(number: int, text: bytes) -> Found:
    if text.count(b",") + text.count(b"[") + text.count(b"{") > MOST_VALUES:
        return number, None, f"the object holds more than {MOST_VALUES:,} values"
    try:
        each = decode_json(text)
    except NotJson as error:
        return number, None, f"this is not JSON: {error}"
    return (number, each, "") if isinstance(each, dict) else (number, None, "this is not a JSON object")
