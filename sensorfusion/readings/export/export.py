"""Streams stored readings as a file; memory holds one portion, however many there are.

Everything is read in one snapshot, through a server-side cursor on a dedicated connection: the file contains exactly
what was stored when the export began.
"""

import csv
import io
import re
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any, Final, Literal, Protocol, get_args

import msgspec
import psycopg

from sensorfusion.domain.quantities import CATALOGUE
from sensorfusion.events.postgres import conninfo
from sensorfusion.readings.export.columns import FIRST, FLAGS, cell, guarded, plain
from sensorfusion.readings.export.parquet import Named, ParquetRows
from sensorfusion.readings.storage.wire import instant
from sensorfusion.readings.stored.selection import select

Format = Literal["csv", "ndjson", "parquet"]
FORMATS: Final[tuple[Format, ...]] = get_args(Format)
CONTENT_TYPES: Final[dict[Format, str]] = {
    "csv": "text/csv; charset=utf-8",
    "ndjson": "application/x-ndjson",
    "parquet": "application/vnd.apache.parquet",
}
AT_ONCE: Final = 5000  # readings per portion, about 1 MB
# A client that reads nothing for this long is gone; an open snapshot would keep VACUUM from removing dead rows.
PATIENCE: Final = "5min"
_LONG_NUMBER: Final = re.compile(r"\d{19}")

_SETTINGS: Final = f"SET idle_in_transaction_session_timeout = '{PATIENCE}'; SET cursor_tuple_fraction = 0.01"
_within = partial(
    select,
    since="coalesce(%(start)s::timestamptz, '-infinity')",
    before="coalesce(%(end)s::timestamptz, 'infinity')",
)
_SELECT: Final = _within(
    'r.observed_at, r.received_at, r.seq, r."values"::text, r.flags::text', then="ORDER BY r.observed_at"
)
# The newest values name nearly all quantities. Only readings with other keys are searched for the rest.
_NEWEST: Final = 'SELECT key, jsonb_typeof(value) FROM sensor_state, jsonb_each("values") WHERE sensor_id = %(sensor)s'
_OTHERS: Final = f"""
SELECT key, jsonb_typeof(value) AS kind, count(*)
FROM ({_within('r."values" - %(known)s::text[] AS rest')}) AS readings, jsonb_each(rest)
GROUP BY key, kind ORDER BY key, count(*) DESC
"""

_NOTES: Final = """
SELECT kind, text, starts_at, ends_at FROM note
WHERE sensor_id = %(sensor)s AND starts_at < coalesce(%(end)s::timestamptz, 'infinity')
AND (starts_at >= coalesce(%(start)s::timestamptz, '-infinity') OR ends_at > %(start)s::timestamptz)
ORDER BY starts_at, id
"""

_decode = msgspec.json.Decoder().decode
_json = msgspec.json.Encoder().encode

Row = tuple[datetime, datetime, int, str, str | None]


@dataclass(frozen=True, slots=True)
class Exported:
    """A sensor to export: its primary key, and its name in the file."""

    id: int
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Selection:
    """The readings to export: of these sensors, observed in [start, end)."""

    sensors: Sequence[Exported]
    start: datetime | None = None
    end: datetime | None = None


class Export:
    """One file of readings; `rows` counts the readings written so far."""

    def __init__(self, selection: Selection, form: Format) -> None:
        self._selection = selection
        self._form = form
        self.rows = 0

    def chunks(self) -> Iterator[bytes]:
        """Yield the file in chunks."""
        with snapshot() as connection:
            writer = _writer(self._form, connection, self._selection)
            for sensor in self._selection.sensors:
                for portion in portions(connection, sensor, self._selection):
                    self.rows += len(portion)
                    if written := writer.write(sensor.name, portion):
                        yield written
            yield writer.end()


def snapshot() -> AbstractContextManager[psycopg.Connection]:
    """Open a connection whose transaction sees the database as it is now."""
    return _snapshot()


@contextmanager
def _snapshot() -> Iterator[psycopg.Connection]:
    with psycopg.connect(conninfo(), autocommit=True) as connection:
        connection.execute(_SETTINGS)
        connection.autocommit = False
        connection.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
        connection.read_only = True
        yield connection


def portions(connection: psycopg.Connection, sensor: Exported, selection: Selection) -> Iterator[list[Row]]:
    """Yield a sensor's readings, oldest first, `AT_ONCE` at a time."""
    with connection.cursor("export", binary=True) as cursor:
        cursor.execute(_SELECT, _parameters(sensor, selection))
        while rows := cursor.fetchmany(AT_ONCE):
            yield rows


class _Writer(Protocol):
    def write(self, sensor: str, rows: Sequence[Row]) -> bytes: ...

    def end(self) -> bytes: ...


def _writer(form: Format, connection: psycopg.Connection, selection: Selection) -> _Writer:
    match form:
        case "ndjson":
            return NdjsonWriter()
        case "csv":
            return CsvWriter([each.quantity for each in quantities(connection, selection)])
        case "parquet":
            return ParquetWriter(quantities(connection, selection), _json(notes(connection, selection)))


def quantities(connection: psycopg.Connection, selection: Selection) -> list[Named]:
    """Return the quantities of these readings: the catalogue's in its order, then others by name."""
    found: dict[str, str] = {}
    for sensor in selection.sensors:
        parameters = _parameters(sensor, selection)
        newest = connection.execute(_NEWEST, parameters).fetchall()
        known = {name: kind for name, kind in newest if name in CATALOGUE}
        others = connection.execute(_OTHERS, {**parameters, "known": list(known)}).fetchall()
        for name, kind in (*known.items(), *(row[:2] for row in others)):
            found.setdefault(name, kind)
    place = {name: index for index, name in enumerate(CATALOGUE)}
    return [Named(name, found[name]) for name in sorted(found, key=lambda name: (place.get(name, len(place)), name))]


def notes(connection: psycopg.Connection, selection: Selection) -> list[dict[str, Any]]:
    """Return the notes that touch the selection, as the API writes them, each with the name of its sensor."""
    return [
        {"sensor": sensor.name, "kind": kind, "text": text, "start": instant(start), "end": end and instant(end)}
        for sensor in selection.sensors
        for kind, text, start, end in connection.execute(_NOTES, _parameters(sensor, selection))
    ]


def _parameters(sensor: Exported, selection: Selection) -> dict[str, Any]:
    return {"sensor": sensor.id, "start": selection.start, "end": selection.end}


class NdjsonWriter:
    """One reading per line, as in the API."""

    def write(self, sensor: str, rows: Sequence[Row]) -> bytes:
        begin = f'{{"sensor":{_json(sensor).decode()},"observed_at":"'
        lines = (
            f'{begin}{instant(observed)}","received_at":"{instant(received)}","seq":{seq},"values":{_values(values)}'
            f"{_flags(flags)}}}\n"
            for observed, received, seq, values, flags in rows
        )
        return "".join(lines).encode()

    def end(self) -> bytes:
        return b""


def _values(text: str) -> str:
    """Return stored values as portable JSON: integers beyond the int64 range become floats. Most need no change."""
    if not _LONG_NUMBER.search(text):
        return text
    return _json({name: plain(value) for name, value in _decode(text).items()}).decode()


def _flags(flags: str | None) -> str:
    return f',"flags":{flags}' if flags else ""


class CsvWriter:
    """One reading per line, one quantity per column; see `readings.export.columns` for the encoding of text."""

    def __init__(self, names: Sequence[str]) -> None:
        self._names = names
        self._text = io.StringIO()
        # With \r\n as the line terminator, the writer quotes text that contains either character.
        self._csv = csv.writer(self._text, lineterminator="\r\n")
        self._csv.writerow([*FIRST, *names, FLAGS])

    def write(self, sensor: str, rows: Sequence[Row]) -> bytes:
        name = guarded(sensor)
        self._csv.writerows(
            (name, instant(observed), instant(received), seq, *self._cells(_decode(values)), flags)
            for observed, received, seq, values, flags in rows
        )
        return self.end()

    def _cells(self, values: dict[str, Any]) -> list[Any]:
        get = values.get
        return [value if type(value := get(name)) is float else cell(value) for name in self._names]

    def end(self) -> bytes:
        written = self._text.getvalue().encode()
        self._text.seek(0)
        self._text.truncate()
        return written


class ParquetWriter:
    """One reading per row, one typed column per quantity; `notes`, as JSON, are in the metadata of the schema."""

    def __init__(self, columns: Sequence[Named], notes: bytes) -> None:
        self._sink = Sink()
        self._rows = ParquetRows(self._sink, columns, notes)

    def write(self, sensor: str, rows: Sequence[Row]) -> bytes:
        for observed, received, seq, values, flags in rows:
            self._rows.add(sensor, observed, received, seq, _decode(values), flags)
        return self._sink.taken()

    def end(self) -> bytes:
        self._rows.close()
        return self._sink.taken()


class Sink(io.RawIOBase):
    """A write-only file whose content is taken out as it grows."""

    def __init__(self) -> None:
        self._held = bytearray()
        self._position = 0

    def writable(self) -> bool:
        return True

    def tell(self) -> int:
        return self._position

    def write(self, content: Any) -> int:
        self._held += content
        length = len(memoryview(content).cast("B"))
        self._position += length
        return length

    def taken(self) -> bytes:
        content = bytes(self._held)
        self._held.clear()
        return content
