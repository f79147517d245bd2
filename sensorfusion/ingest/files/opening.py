"""Opens a file of readings: decompresses it if necessary, and detects its format from its first bytes."""

import gzip
import hashlib
import io
import os
import re
import sys
import tempfile
import zlib
from pathlib import Path
from typing import IO, Final, Literal, cast

SHIPPED: Final = Path(__file__).parents[1] / "data"
STANDARD_INPUT: Final = "-"
# Exceptions that decompressing and reading raise for a truncated or damaged file.
BROKEN: Final = (EOFError, OSError, zlib.error)
_GZIP: Final = b"\x1f\x8b"
_DIGEST: Final = 1 << 16  # bytes hashed at each end, where files of readings differ
# Limit on decompression to disk, since a few kilobytes can expand to zeros of any size. Streamed reading has no limit.
MOST_UNPACKED: Final = 16 << 30
_CHUNK: Final = 1 << 20
_LOOK_AT: Final = 4096  # bytes; a byte order mark and blank lines may come first

# A list of JSON; the name of a column may begin with a bracket too.
_LIST: Final = re.compile(rb"\[\s*(?:[\[{\]\"\d-]|true|false|null|\Z)")

Kind = Literal["csv", "json lines", "json list", "parquet", "sqlite"]


class BadTable(Exception):
    """The file cannot be opened or read as a table; the message says why."""


class Opened:
    """The bytes of one file, read once from beginning to end."""

    def __init__(self, name: str, *, most_unpacked: int = MOST_UNPACKED) -> None:
        """Open the file. A file that ships with the platform can be given by its name alone.

        :raises BadTable: the file does not exist or is damaged.
        """
        self.name = name
        self._most_unpacked = most_unpacked
        self._path = None if name == STANDARD_INPUT else _path(name)
        self._raw = _open(name, self._path)
        self._is_packed = self._raw.peek(2).startswith(_GZIP)
        unpacked = gzip.GzipFile(fileobj=self._raw) if self._is_packed else self._raw
        self.stream = io.BufferedReader(unpacked) if self._is_packed else self._raw  # type: ignore[arg-type, unused-ignore]  # it has readinto
        self._whole: IO[bytes] | None = None
        try:
            self.size = _size(self._raw)
            self.kind = _kind(self.stream.peek(_LOOK_AT))
        except BROKEN as error:
            self.close()
            raise BadTable(f"{name} cannot be read: {error}.") from None

    @property
    def position(self) -> int:
        """The number of bytes of the file read so far, out of `size`."""
        return self._raw.tell() if self.size else 0

    @property
    def path(self) -> Path | None:
        """The path of the file as it is, perhaps compressed; None for standard input."""
        return self._path

    def on_disk(self) -> Path:
        """Return the path of the decompressed file, for formats that need random access.

        :raises BadTable: it cannot be decompressed.
        """
        if self._path is not None and not self._is_packed:
            return self._path
        whole = tempfile.NamedTemporaryFile(prefix="sensorfusion-import-")  # noqa: SIM115 - closed with this
        self._whole = cast(IO[bytes], whole)
        try:
            while chunk := self.stream.read(_CHUNK):
                whole.write(chunk)
                if whole.tell() > self._most_unpacked:
                    raise BadTable(f"{self.name} is larger than {self._most_unpacked:,} bytes when it is unpacked.")
        except BROKEN as error:
            raise BadTable(f"{self.name} cannot be unpacked: {error}.") from None
        whole.flush()
        return Path(whole.name)

    def close(self) -> None:
        self.stream.close()
        self._raw.close()
        if self._whole is not None:
            self._whole.close()


def is_shipped(name: str) -> bool:
    """Return whether the name refers to a file that ships with the platform."""
    return name != STANDARD_INPUT and _path(name).parent == SHIPPED


def digest_of_file(name: str) -> str:
    """Identify a file by its size, beginning and end; return "" for a stream that can be read only once.

    :raises BadTable: it cannot be opened.
    """
    if name == STANDARD_INPUT:
        return ""
    with _open(name, _path(name)) as file:
        size = _size(file)
        if not size:
            return ""
        digest = hashlib.sha256(str(size).encode() + file.read(_DIGEST))
        file.seek(max(size - _DIGEST, 0))
        digest.update(file.read(_DIGEST))
    return digest.hexdigest()


def _path(name: str) -> Path:
    path = Path(name)
    if not path.exists() and path.parent == Path() and (SHIPPED / name).is_file():
        return SHIPPED / name
    return path


def _open(name: str, path: Path | None) -> io.BufferedReader:
    if path is None:
        return io.BufferedReader(io.FileIO(sys.stdin.fileno(), closefd=False))
    try:
        return path.open("rb")
    except OSError as error:
        raise BadTable(f"{name} cannot be opened: {error.strerror}.") from None


def _size(file: IO[bytes]) -> int:
    """Return the size of a regular file, or 0 for anything else."""
    return os.fstat(file.fileno()).st_size if os.path.isfile(file.fileno()) else 0


def _kind(begin: bytes) -> Kind:
    if begin.startswith(b"PAR1"):
        return "parquet"
    if begin.startswith(b"SQLite format 3\0"):
        return "sqlite"
    text = begin.removeprefix(b"\xef\xbb\xbf").lstrip()
    if text.startswith(b"{"):
        return "json lines"
    return "json list" if _LIST.match(text) else "csv"
