"""Preview of an import: how the first rows of a file are understood, without storing them."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import islice
from typing import Final
from zoneinfo import ZoneInfo

from sensorfusion.domain.normalise import Value
from sensorfusion.domain.quantities import quantity
from sensorfusion.domain.units import display_symbol
from sensorfusion.ingest.files.conflicts.shared_instants import CODE, SharedInstants
from sensorfusion.ingest.files.csv_tables import BadTable, TableOfAnyKind
from sensorfusion.ingest.files.layouts import Understood, lines_of
from sensorfusion.ingest.files.refused_rows import RefusedRow
from sensorfusion.ingest.files.rows import BadPlan, Line
from sensorfusion.ingest.steps.batch import Draft
from sensorfusion.ingest.steps.checking import check
from sensorfusion.web.looks import looks
from sensorfusion.web.values.numbers import localised

CHECKED: Final = 1000
SHOWN: Final = 5
PROBLEMS: Final = 10


@dataclass(frozen=True, slots=True)
class ShownColumn:
    """A column of the file, its quantity, and the units of both."""

    name: str
    quantity: str
    label: str
    unit: str  # "": the quantity's canonical unit
    kept_in: str


@dataclass(frozen=True, slots=True)
class ShownRow:
    """One row as it would be stored."""

    line: int
    sensor: str
    observed_at: datetime
    local: datetime
    values: list[tuple[str, str]]  # quantity, value with its unit


@dataclass(slots=True)
class Preview:
    """The result of reading the first rows; `trouble` says why reading stopped early."""

    layout: str
    columns: list[ShownColumn] = field(default_factory=list)
    not_taken: tuple[str, ...] = ()
    rows: list[ShownRow] = field(default_factory=list)
    problems: list[RefusedRow] = field(default_factory=list)
    checked: int = 0
    refused: int = 0
    notes: list[str] = field(default_factory=list)
    questions: list[str] = field(default_factory=list)
    trouble: str = ""
    asked: frozenset[str] = frozenset()  # quantities whose unit is not known, so that no value of them can be shown
    instants: SharedInstants = field(default_factory=SharedInstants)


def preview(table: TableOfAnyKind, understood: Understood, *, zone: str, now: datetime) -> Preview:
    """Read and check the first rows like an import; nothing is stored.

    :param zone: the site's time zone, for local times.
    """
    shown = Preview(understood.layout)
    try:
        shown.asked = frozenset(each.quantity for each in understood.rows.columns if each.asked)
        for line in islice(lines_of(understood.rows, table), CHECKED):
            shown.checked += 1
            _look_at(line, shown, ZoneInfo(zone), now)
    except (BadTable, BadPlan) as error:
        shown.trouble = str(error)
    shown.columns = [
        ShownColumn(
            each.name,
            each.quantity,
            looks(known.name).label,
            display_symbol(each.unit) if each.unit else "",
            display_symbol(known.unit),
        )
        for each in understood.rows.columns
        for known in (quantity(each.quantity),)
    ]
    shown.not_taken, shown.notes = understood.rows.not_taken, understood.rows.notes()
    shown.questions = [f"{each.detail} {each.option}" for each in understood.questions]
    return shown


def _look_at(line: Line, shown: Preview, zone: ZoneInfo, now: datetime) -> None:
    checked = check([line.sent], received_at=now, is_import=True)
    for rejected in checked.rejected:
        shown.refused += 1
        if len(shown.problems) < PROBLEMS:
            detail = f"{rejected.quantity}: {rejected.detail}" if rejected.quantity else rejected.detail
            shown.problems.append(RefusedRow(line.number, rejected.code, detail))
    for draft in checked.drafts:
        if problem := shown.instants.problem(0, draft, line.number) if not line.sensor else "":
            shown.refused += 1
            shown.problems += [RefusedRow(line.number, CODE, problem)] if len(shown.problems) < PROBLEMS else []
            return
    if checked.drafts and len(shown.rows) < SHOWN:
        shown.rows.append(_row(line, checked.drafts[0], zone, shown.asked))


def _row(line: Line, draft: Draft, zone: ZoneInfo, asked: frozenset[str]) -> ShownRow:
    values = [
        (name, "?" if name in asked else f"{_written(value)} {display_symbol(quantity(name).unit)}".strip())
        for name, value in draft.values.items()
    ]
    return ShownRow(line.number, line.sensor, draft.observed_at, draft.observed_at.astimezone(zone), values)


def _written(value: Value) -> str:
    return localised(str(value)) if isinstance(value, int | float) else value


def told(shown: Preview) -> Iterator[str]:
    """Format a preview for a terminal."""
    if shown.layout:
        yield f"This is {shown.layout}."
    if shown.columns:
        yield "Columns:"
        yield from _aligned([(each.name, "→", each.quantity, _units(each)) for each in shown.columns])
    if shown.not_taken:
        yield f"Not imported: {', '.join(shown.not_taken)}"
    yield "The first rows, as they would be stored:"
    for row in shown.rows:
        sensor = f" {row.sensor}" if row.sensor else ""
        yield f"  line {row.line}:{sensor} {row.observed_at:%Y-%m-%dT%H:%M:%SZ} ({row.local:%d %b %Y %H:%M %Z})"
        yield f"    {', '.join(f'{name} {value}' for name, value in row.values)}"
    yield from shown.notes
    if shown.problems:
        yield f"Refused of the first {shown.checked:,} rows: {shown.refused:,}"
        yield from (f"  line {each.line}: {each.code}: {each.detail}" for each in shown.problems)
    else:
        yield f"Nothing is refused of the first {shown.checked:,} rows."
    if shown.trouble:
        yield shown.trouble
    if shown.questions:
        yield "Before it can be imported:"
        yield from (f"  {each}" for each in shown.questions)


def _units(column: ShownColumn) -> str:
    if column.unit and column.unit != column.kept_in:
        return f"from {column.unit} to {column.kept_in}"
    return f"in {column.kept_in}" if column.kept_in else ""


def _aligned(rows: Sequence[tuple[str, ...]]) -> Iterator[str]:
    widths = [max(len(row[index]) for row in rows) for index in range(len(rows[0]))]
    for row in rows:
        yield "  " + " ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()
