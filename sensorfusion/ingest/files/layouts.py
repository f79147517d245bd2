"""Recognises known kinds of files by their columns and chooses their reader; any other file needs a mapping."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Final

from sensorfusion.ingest.files.csv_tables import Table, TableOfAnyKind
from sensorfusion.ingest.files.exchanged import ExportedRows, ReadingRows
from sensorfusion.ingest.files.json_tables import JsonTable
from sensorfusion.ingest.files.opening import MOST_UNPACKED, Opened
from sensorfusion.ingest.files.openweathermap import OpenWeatherMapRows, is_openweathermap
from sensorfusion.ingest.files.parquet import ParquetTable
from sensorfusion.ingest.files.rows import Line, Plan, RowReader, Rows, unreadable
from sensorfusion.ingest.files.weewx import WeewxDatabase, WeewxRows, is_weewx
from sensorfusion.readings.export.columns import is_exported

OWN: Final = "readings as SensorFusion writes them"
WEEWX: Final = "WeeWX's history"
OPENWEATHERMAP: Final = "OpenWeatherMap's history"


@dataclass(frozen=True, slots=True)
class Understood:
    """A file that can be read: the reader of its rows, and the name of its kind ("" for a table with a mapping)."""

    rows: RowReader
    layout: str = ""


def open_table(name: str, *, delimiter: str = "", most_unpacked: int = MOST_UNPACKED) -> TableOfAnyKind:
    """Open a file of any supported format.

    :raises BadTable: it cannot be read.
    """
    file = Opened(name, most_unpacked=most_unpacked)
    try:
        match file.kind:
            case "csv":
                return Table(file, delimiter=delimiter)
            case "parquet":
                return ParquetTable(file)
            case "sqlite":
                return WeewxDatabase(file)
            case _:
                return JsonTable(file)
    except BaseException:
        file.close()
        raise


def layout_of(table: TableOfAnyKind) -> str:
    """Return the name of a known kind of file, or "" for any other table."""
    if isinstance(table, JsonTable) and table.has_readings:
        return OWN
    header = list(table.header)
    if is_exported(header):
        return OWN
    if is_weewx(header):
        return WEEWX
    return OPENWEATHERMAP if is_openweathermap(header) else ""


def understood(table: TableOfAnyKind, plan: Plan, *, system: str = "", by_name: bool = False) -> Understood:
    """Choose the reader of a file: by the plan's columns if it has any, else by the kind of file.

    :param system: the units of OpenWeatherMap's files, if they are not in kelvins.
    :param by_name: import rows of readings into the sensors that they name.
    :raises BadPlan: no column of the file can be imported.
    """
    layout = "" if plan.columns else layout_of(table)
    if layout == OWN and isinstance(table, JsonTable):
        return Understood(ReadingRows(by_name=by_name), layout)
    if layout == OWN:
        return Understood(ExportedRows(table.header, by_name=by_name), layout)
    if layout == WEEWX:
        return Understood(WeewxRows(table.header, plan), layout)
    if layout == OPENWEATHERMAP:
        return Understood(OpenWeatherMapRows(table, plan, system=system), layout)
    table.expect(column.name for column in plan.columns)
    if isinstance(table, Table) and table.delimiter == ";":  # spreadsheets write this where the comma is in numbers
        plan = replace(plan, decimal_comma=True)
    return Understood(Rows(plan, table.header))


def lines_of(rows: RowReader, table: TableOfAnyKind, *, after: int = 0) -> Iterator[Line]:
    """Yield the lines of a file, parsed, starting behind the line `after`.

    :raises BadTable: the rest of the file cannot be read.
    """
    for number, cells, problem in table:
        if number > after:
            yield unreadable(number, problem) if problem else rows.read(number, cells)
