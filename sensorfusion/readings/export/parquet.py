"""Writes readings as a Parquet file, in row groups, with pyarrow from the extra `files`."""

from collections.abc import Sequence
from datetime import datetime
from importlib.util import find_spec
from typing import Any, Final, NamedTuple

import msgspec

from sensorfusion.domain.quantities import CATALOGUE
from sensorfusion.domain.texts.translation import gettext_noop  # the process that reads files has no settings
from sensorfusion.readings.export.columns import FIRST, FLAGS, MORE, plain

NOTES: Final = "notes"  # key of the schema's metadata
ROWS_IN_A_GROUP: Final = 65_536  # of a Parquet row group; it is in memory as a whole, about 10 MB
EXACT_UP_TO: Final = 2**53  # integers up to here are exact as floats
_KINDS: Final = {"number": float, "text": str, "boolean": bool, "string": str}

NOT_INSTALLED: Final = gettext_noop(
    "Parquet needs pyarrow, which is not installed. Install it with: pip install 'sensorfusion[files]'."
    " CSV and NDJSON do not need it."
)

_json = msgspec.json.Encoder().encode


class NoPyarrow(Exception):
    """pyarrow is not installed; the message says how to install it."""


class Named(NamedTuple):
    """A quantity of the file, and PostgreSQL's name for the type of most of its values."""

    quantity: str
    kind: str


def is_installed() -> bool:
    """Return whether Parquet is available, without importing pyarrow."""
    return find_spec("pyarrow") is not None


def pyarrow() -> Any:
    """Import and return pyarrow with its Parquet module.

    :raises NoPyarrow: if it is not installed.
    """
    try:
        import pyarrow
        import pyarrow.parquet
    except ImportError:
        raise NoPyarrow(NOT_INSTALLED) from None
    return pyarrow


def require_pyarrow() -> None:
    """Do nothing if pyarrow is installed; it is not imported.

    :raises NoPyarrow: if it is not installed.
    """
    if not is_installed():
        raise NoPyarrow(NOT_INSTALLED)


class ParquetRows:
    """Writes rows into a sink; finished row groups can be taken from it while the next one is collected."""

    def __init__(self, sink: Any, columns: Sequence[Named], notes: bytes) -> None:
        """Begin a file with a column for each quantity, and `notes` in its metadata.

        :raises NoPyarrow: if pyarrow is not installed.
        """
        self._arrow = arrow = pyarrow()
        types = {float: arrow.float64(), str: arrow.string(), bool: arrow.bool_()}
        taken = {*FIRST, FLAGS, MORE}
        named = [(each.quantity, _type(each)) for each in columns if each.quantity not in taken]
        self._types = dict(named)
        instant = arrow.timestamp("us", "UTC")
        self._schema = arrow.schema(
            [(FIRST[0], arrow.string()), (FIRST[1], instant), (FIRST[2], instant), (FIRST[3], arrow.int64())]
            + [(name, types[kind]) for name, kind in named]
            + [(FLAGS, arrow.string()), (MORE, arrow.string())],
            metadata={NOTES: notes},
        )
        self._writer = arrow.parquet.ParquetWriter(sink, self._schema, compression="zstd")
        self._empty()

    def add(
        self,
        sensor: str,
        observed_at: datetime,
        received_at: datetime,
        seq: int,
        values: dict[str, Any],
        flags: str | None,
    ) -> None:
        """Add one reading, and write the row group when it is full."""
        columns = self._columns
        more: dict[str, Any] = {}
        for name, value in values.items():
            fitting = _fitting(value, self._types.get(name))
            if fitting is None:
                more[name] = plain(value)
            else:
                self._values[name][len(columns[3])] = fitting
        columns[0].append(sensor)
        columns[1].append(observed_at)
        columns[2].append(received_at)
        columns[3].append(seq)
        columns[4].append(flags)
        columns[5].append(_json(more).decode() if more else None)
        if len(columns[3]) == ROWS_IN_A_GROUP:
            self._write()

    def close(self) -> None:
        if self._columns[3]:
            self._write()
        self._writer.close()

    def _empty(self) -> None:
        self._columns: tuple[list[Any], ...] = ([], [], [], [], [], [])
        self._values: dict[str, list[Any]] = {name: [None] * ROWS_IN_A_GROUP for name in self._types}

    def _write(self) -> None:
        count = len(self._columns[3])
        first, last = self._columns[:4], self._columns[4:]
        arrays = [*first, *(column[:count] for column in self._values.values()), *last]
        table = self._arrow.table(
            [self._arrow.array(cells, field.type) for cells, field in zip(arrays, self._schema, strict=True)],
            schema=self._schema,
        )
        self._writer.write_table(table)
        self._empty()


def _type(column: Named) -> type:
    known = CATALOGUE.get(column.quantity)
    return _KINDS.get(known.kind if known else column.kind, str)


def _fitting(value: Any, kind: type | None) -> Any:
    """Return the value in the type of its column; None if the conversion would change it."""
    if kind is float and type(value) is float:
        return value
    if kind is float and type(value) is int:
        return float(value) if -EXACT_UP_TO <= value <= EXACT_UP_TO or plain(value) is not value else None
    return value if type(value) is kind else None
