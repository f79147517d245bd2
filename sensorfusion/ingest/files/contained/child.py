"""The child process: opens one file, and writes its rows to standard output. It knows neither secrets nor the database.

python -m sensorfusion.ingest.files.contained.child KIND PATH MEMORY_BYTES
"""

import sys
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime
from typing import IO, Any, Final

from sensorfusion.ingest.files.contained.frames import BAD, END, HEAD, MEMORY, ROWS, send
from sensorfusion.ingest.files.contained.limits import limit_this_process
from sensorfusion.ingest.files.csv_tables import MOST_CHARACTERS, Row, TableOfAnyKind
from sensorfusion.ingest.files.opening import BadTable, Opened
from sensorfusion.ingest.files.parquet import ParquetTable, prepare
from sensorfusion.ingest.files.weewx import WeewxDatabase

ROWS_AT_ONCE: Final = 500
CHARACTERS_AT_ONCE: Final = 1 << 20
MOST_COLUMNS: Final = 2000

_READERS: Final[dict[str, Callable[[Opened], TableOfAnyKind]]] = {"sqlite": WeewxDatabase, "parquet": ParquetTable}


def read(kind: str, path: str, pipe: IO[bytes]) -> None:
    """Send the header of a table, then its rows, then the end or the reason why there are no more."""
    try:
        with _READERS[kind](Opened(path)) as table:
            if len(table.header) > MOST_COLUMNS:
                raise BadTable(f"{path} has more than {MOST_COLUMNS:,} columns.")
            send(pipe, HEAD, list(table.header), table.size)
            for rows in _portions(table):
                send(pipe, ROWS, rows)
            send(pipe, END)
    except BadTable as bad:
        send(pipe, BAD, str(bad))
    except MemoryError:
        send(pipe, MEMORY)


def _portions(table: TableOfAnyKind) -> Iterator[list[Row]]:
    """Yield rows, as many at a time as are no burden to the reader."""
    rows: list[Row] = []
    characters = 0
    for number, cells, problem in table:
        row = (number, [_plain(cell) for cell in cells], problem) if not _is_long(cells) else _too_long(number)
        rows.append(row)
        characters += sum(len(cell) for cell in row[1] if isinstance(cell, str | bytes)) + 8 * len(row[1])
        if len(rows) == ROWS_AT_ONCE or characters > CHARACTERS_AT_ONCE:
            yield rows
            rows, characters = [], 0
    yield rows


def _is_long(cells: Sequence[Any]) -> bool:
    return any(isinstance(cell, str | bytes) and len(cell) > MOST_CHARACTERS for cell in cells)


def _too_long(number: int) -> Row:
    return number, [], f"a value has more than {MOST_CHARACTERS:,} characters"


def _plain(cell: Any) -> Any:
    """Replace nested values, which no quantity takes and which may be of any size, and bring instants to one zone."""
    if isinstance(cell, list | dict | tuple):
        return "a nested value"
    return cell.astimezone(UTC) if isinstance(cell, datetime) and cell.tzinfo else cell


if __name__ == "__main__":
    kind, path, memory = sys.argv[1:]
    prepare(kind)
    limit_this_process(memory_bytes=int(memory))
    read(kind, path, sys.stdout.buffer)
