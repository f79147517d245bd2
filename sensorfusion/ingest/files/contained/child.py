"""The child process: opens one file, and writes its rows to standard output. It knows neither secrets nor the database.

python -m sensorfusion.ingest.files.contained.child KIND PATH MEMORY_BYTES OPTIONS_AS_JSON
"""

import json
import sys
from collections.abc import Iterable, Iterator, Mapping
from typing import IO, Any, Final

from sensorfusion.ingest.files.contained.frames import BAD, END, HEAD, MEMORY, ROWS, send
from sensorfusion.ingest.files.contained.limits import limit_this_process
from sensorfusion.ingest.files.contained.plain import TooDeep, plain_row, weight_of
from sensorfusion.ingest.files.csv_tables import MOST_COLUMNS, HeaderRows, Row, Table, TableOfAnyKind
from sensorfusion.ingest.files.json_tables import JsonTable
from sensorfusion.ingest.files.opening import BadTable, Kind, Opened
from sensorfusion.ingest.files.parquet import ParquetTable, prepare
from sensorfusion.ingest.files.weewx import WeewxDatabase

ROWS_AT_ONCE: Final = 500
CHARACTERS_AT_ONCE: Final = 1 << 20


def read(kind: Kind, path: str, pipe: IO[bytes], options: Mapping[str, Any]) -> None:
    """Send the header of a table, then its rows, then the end or the reason why there are no more."""
    try:
        with _opened(kind, Opened(path), options) as table:
            if len(table.header) > MOST_COLUMNS:
                raise BadTable(f"{path} has more than {MOST_COLUMNS:,} columns.")
            send(pipe, HEAD, list(table.header), table.size, _about(table))
            for rows in _portions(_rows(table)):
                send(pipe, ROWS, rows, table.position)
            send(pipe, END)
    except BadTable as bad:
        send(pipe, BAD, str(bad))
    except MemoryError:
        send(pipe, MEMORY)


def _opened(kind: Kind, file: Opened, options: Mapping[str, Any]) -> TableOfAnyKind:
    match kind:
        case "csv":
            at = options.get("header_at")
            return Table(
                file,
                delimiter=options.get("delimiter", ""),
                encoding=options.get("encoding", ""),
                header_at=HeaderRows(*at) if at else None,
            )
        case "sqlite":
            return WeewxDatabase(file)
        case "parquet":
            return ParquetTable(file)
        case "json lines" | "json list":
            return JsonTable(file)


def _about(table: TableOfAnyKind) -> dict[str, Any]:
    """Return what the server asks of a table before its rows."""
    if isinstance(table, JsonTable):
        return {"has_readings": table.has_readings, "sample": table.first_objects()}
    if not isinstance(table, Table):
        return {}
    header_at = (table.header_at.line, table.header_at.rows)
    about = {"delimiter": table.delimiter, "encoding": table.encoding, "header_at": header_at}
    return {**about, "first": table.first, "sample": table.sample}


def _rows(table: TableOfAnyKind) -> Iterator[Row]:
    """Yield rows; one of a file of objects has the object as its one cell, so that no name of it is lost."""
    if not isinstance(table, JsonTable):
        yield from map(plain_row, table)
        return
    for number, each, problem in table.objects():
        yield number, () if problem else (each,), problem


def _portions(rows: Iterable[Row]) -> Iterator[list[Row]]:
    """Yield rows, as many at a time as are no burden to the reader."""
    portion: list[Row] = []
    characters = 0
    for number, cells, problem in rows:
        try:
            weight = weight_of(cells)
            portion.append((number, cells, problem))
        except TooDeep as deep:
            weight = 0
            portion.append((number, (), str(deep)))
        characters += weight
        if len(portion) == ROWS_AT_ONCE or characters > CHARACTERS_AT_ONCE:
            yield portion
            portion, characters = [], 0
    yield portion


if __name__ == "__main__":
    kind, path, memory, options = sys.argv[1:]
    prepare(kind)
    limit_this_process(memory_bytes=int(memory))
    read(kind, path, sys.stdout.buffer, json.loads(options))  # type: ignore[arg-type]  # the server's own word
