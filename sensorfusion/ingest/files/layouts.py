"""Recognises known kinds of files by their columns and chooses their reader; any other file needs a mapping."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, fields, replace
from datetime import datetime, tzinfo
from types import MappingProxyType
from typing import Final

from sensorfusion.ingest.files.columns.guesses import Question, completed
from sensorfusion.ingest.files.conflicts.shared_instants import clash_in
from sensorfusion.ingest.files.contained.table import ContainedObjects, ContainedTable, ContainedText
from sensorfusion.ingest.files.csv_tables import HeaderRows, Table, TableOfAnyKind, TextTable
from sensorfusion.ingest.files.exchanged import ExportedRows, ReadingRows
from sensorfusion.ingest.files.json_tables import JsonTable, ObjectTable
from sensorfusion.ingest.files.opening import MOST_UNPACKED, Opened
from sensorfusion.ingest.files.openweathermap import SYSTEMS, OpenWeatherMapRows, is_openweathermap
from sensorfusion.ingest.files.programs.catalogue import program_of
from sensorfusion.ingest.files.rows import Line, Plan, RowReader, Rows, unreadable
from sensorfusion.ingest.files.weewx import WeewxRows, is_weewx
from sensorfusion.readings.export.columns import is_exported

OWN: Final = "readings as SensorFusion writes them"
WEEWX: Final = "WeeWX's history"
OPENWEATHERMAP: Final = "OpenWeatherMap's history"


@dataclass(frozen=True, slots=True)
class Understood:
    """A file that can be read: the reader of its rows, and the name of its kind ("" for a table with a mapping)."""

    rows: RowReader
    layout: str = ""
    plan: Plan = field(default_factory=Plan)  # with what was found in the file
    questions: tuple[Question, ...] = ()  # to be answered before anything is stored
    program: str = ""  # that wrote the table, if it is known


def open_table(
    name: str,
    *,
    delimiter: str = "",
    encoding: str = "",
    header_at: HeaderRows | None = None,
    most_unpacked: int = MOST_UNPACKED,
) -> TableOfAnyKind:
    """Open a file of any supported format; delimiter, encoding and header are of text tables.

    :raises BadTable: it cannot be read.
    """
    file = Opened(name, most_unpacked=most_unpacked)
    try:
        if file.path is None:
            return _streamed(file, delimiter=delimiter, encoding=encoding, header_at=header_at)
        match file.kind:
            case "csv":
                at = (header_at.line, header_at.rows) if header_at else None
                return ContainedText(file, delimiter=delimiter, encoding=encoding, header_at=at)
            case "json lines" | "json list":
                return ContainedObjects(file)
            case "parquet" | "sqlite":
                return ContainedTable(file)
    except BaseException:
        file.close()
        raise


def _streamed(file: Opened, *, delimiter: str, encoding: str, header_at: HeaderRows | None) -> TableOfAnyKind:
    """Open standard input: only a command has one, which is a process of its own and may read without an end."""
    match file.kind:
        case "csv":
            return Table(file, delimiter=delimiter, encoding=encoding, header_at=header_at)
        case "json lines" | "json list":
            return JsonTable(file)
        case "parquet" | "sqlite":
            return ContainedTable(file)


def layout_of(table: TableOfAnyKind) -> str:
    """Return the name of a known kind of file, or "" for any other table."""
    if isinstance(table, ObjectTable) and table.has_readings:
        return OWN
    header = list(table.header)
    if is_exported(header):
        return OWN
    if is_weewx(header):
        return WEEWX
    if is_openweathermap(header):
        return OPENWEATHERMAP
    program = program_of(table)
    return program.name if program and program.read else ""


def systems_of(table: TableOfAnyKind) -> tuple[str, ...]:
    """Return the systems of units that a file may be in without saying so."""
    if layout_of(table) == OPENWEATHERMAP:
        return SYSTEMS
    program = program_of(table)
    return program.systems if program else ()


def understood(
    table: TableOfAnyKind,
    plan: Plan,
    *,
    now: datetime,
    zone: tzinfo | None = None,
    system: str = "",
    units: Mapping[str, str] = MappingProxyType({}),
    by_name: bool = False,
) -> Understood:
    """Choose the reader of a file: by the plan's columns if it has any, else by the kind of file.

    :param zone: of times that have none, where neither the plan nor the file tells it.
    :param system: the units of a file of a known kind that does not say them.
    :param units: of columns, by their names; `-` leaves a column out.
    :param by_name: import rows of readings into the sensors that they name.
    :raises BadPlan: no column of the file can be imported.
    """
    layout = "" if plan.columns else layout_of(table)
    if layout == OWN and isinstance(table, ObjectTable):
        return Understood(ReadingRows(by_name=by_name), layout)
    if layout == OWN:
        return Understood(ExportedRows(table.header, by_name=by_name), layout)
    if layout == WEEWX:
        return Understood(WeewxRows(table.header, plan), layout)
    if layout == OPENWEATHERMAP:
        return Understood(OpenWeatherMapRows(table, plan, system=system), layout)
    program = program_of(table)
    if layout and program and program.read and isinstance(table, TextTable):
        return Understood(program.read(table, plan=plan, zone=zone, system=system), layout)
    name = program.name if program else ""
    if program and program.plan and not plan.columns and isinstance(table, TextTable):
        plan = _told(program.plan(table, system), plan)
    return replace(_by_plan(table, plan, now=now, zone=zone, units=units), program=name)


def _told(ready: Plan, plan: Plan) -> Plan:
    """Return a program's ready plan with what a person told besides."""
    told = {
        each.name: value
        for each in fields(Plan)
        if (value := getattr(plan, each.name)) != each.default and each.name != "columns"
    }
    return replace(ready, **told)


def _by_plan(
    table: TableOfAnyKind, plan: Plan, *, now: datetime, zone: tzinfo | None, units: Mapping[str, str]
) -> Understood:
    """Read a table by the names of its columns, and ask for what they and the first rows leave open."""
    table.expect(column.name for column in plan.columns)
    found = completed(plan, table, now=now, zone=zone, units=units)
    rows = _rows(found.plan, table)
    rows.learn(table.sample)
    questions = found.questions or _about_instants(found.plan, table, now=now)
    return Understood(rows, plan=found.plan, questions=questions)


def _rows(plan: Plan, table: TableOfAnyKind) -> Rows:
    """Return the reader of a table; a table without a header has no width that all rows must have."""
    return Rows(plan, table.header, is_ragged=isinstance(table, TextTable) and not table.header_at.rows)


def _about_instants(plan: Plan, table: TableOfAnyKind, *, now: datetime) -> tuple[Question, ...]:
    reader = _rows(plan, table)
    reader.learn(table.sample)
    clash = clash_in((reader.read(number, cells) for number, cells in table.sample), now=now)
    if not clash:
        return ()
    way_out = "Name every column that the time is in"
    option = f"Use --time-column {plan.time_column!r} --time-column COLUMN; --sensor-column if the rows are of several."
    return (Question("times", plan.time_column, f"{clash} {way_out}, such as one of the hour.", option),)


def lines_of(rows: RowReader, table: TableOfAnyKind, *, after: int = 0) -> Iterator[Line]:
    """Yield the lines of a file, parsed, starting behind the line `after`.

    :raises BadTable: the rest of the file cannot be read.
    """
    for number, cells, problem in table:
        if number > after:
            yield unreadable(number, problem) if problem else rows.read(number, cells)
