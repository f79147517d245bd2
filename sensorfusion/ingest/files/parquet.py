"""Reader of Parquet files, a thousand rows at a time. Needs pyarrow, which the extra `files` installs."""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from types import TracebackType
from typing import Any, Final, Self

from sensorfusion.ingest.files.csv_tables import Row
from sensorfusion.ingest.files.opening import BadTable, Kind, Opened
from sensorfusion.readings.export.parquet import NoPyarrow, pyarrow

_AT_ONCE: Final = 1024  # rows; of a dictionary, each may be a large value written once
MOST_IN_A_GROUP: Final = 1 << 30  # bytes; a row group is decompressed as a whole


def prepare(kind: str) -> None:
    """Load the library before the memory of the process is limited, with one thread of each kind."""
    if kind == "parquet":
        with suppress(NoPyarrow):
            arrow = pyarrow()
            arrow.set_cpu_count(1)
            arrow.set_io_thread_count(1)


class ParquetTable:
    """The rows of one Parquet file, numbered from 1."""

    kind: Kind = "parquet"
    sample: Sequence[tuple[int, Sequence[Any]]] = ()  # its types say what text tables have to be looked at for

    def __init__(self, file: Opened) -> None:
        """Read the file's schema.

        :raises BadTable: it is damaged, or pyarrow is not installed.
        """
        self._file = file
        try:
            self._arrow = pyarrow()
            # No memory mapping and no prefetching, so that only the requested columns and rows are in memory.
            self._parquet = self._arrow.parquet.ParquetFile(file.on_disk(), memory_map=False, pre_buffer=False)
        except NoPyarrow as error:
            raise BadTable(str(error)) from None
        except MemoryError:  # Arrow's own is an ArrowException too
            raise
        except self._arrow.ArrowException as error:
            raise BadTable(f"{file.name} cannot be read as Parquet: {error}") from None
        groups = self._parquet.metadata
        if any(groups.row_group(index).total_byte_size > MOST_IN_A_GROUP for index in range(groups.num_row_groups)):
            raise BadTable(f"{file.name} has row groups of more than 1 GiB: write it with smaller ones.")
        self.header: list[str] = list(self._parquet.schema_arrow.names)
        self.size = self._parquet.metadata.num_rows
        self.position = 0

    def expect(self, names: Iterable[str]) -> None:
        """Do nothing: the schema names all columns."""

    def __iter__(self) -> Iterator[Row]:
        """Yield each row's number and cells.

        :raises BadTable: the rest of the file cannot be read.
        """
        try:
            for batch in self._parquet.iter_batches(_AT_ONCE, use_threads=False):
                columns = [self._cells(batch.column(index)) for index in range(batch.num_columns)]
                for cells in zip(*columns, strict=True):
                    self.position += 1
                    yield self.position, cells, ""
        except MemoryError:
            raise
        except self._arrow.ArrowException as error:
            raise BadTable(f"after row {self.position} the file cannot be read any further: {error}") from None

    def _cells(self, column: Any) -> list[Any]:
        """Convert a column to Python values; instants are truncated to microseconds, the precision of the database."""
        arrow = self._arrow
        if arrow.types.is_dictionary(column.type):
            column = column.dictionary_decode()
        if arrow.types.is_timestamp(column.type) and column.type.unit == "ns":
            column = column.cast(arrow.timestamp("us", column.type.tz), safe=False)
        if arrow.types.is_decimal(column.type):
            column = column.cast(arrow.float64())
        cells: list[Any] = column.to_pylist()
        return cells

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._parquet.close()
        self._file.close()
