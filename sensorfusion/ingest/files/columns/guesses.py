"""Completes the plan of a file from its header and first rows, and asks for what they leave open.

What a person told goes first. A unit that is written and not known, a date that may be one of two, or a number that may
be one of two is never guessed: it becomes a question, and the import does not start before it is answered.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, tzinfo
from types import MappingProxyType
from typing import Final, NamedTuple

from sensorfusion.domain.quantities import known_quantity
from sensorfusion.domain.units import UnknownUnit, unit_of
from sensorfusion.ingest.files.columns import sniffing, time_columns
from sensorfusion.ingest.files.columns.cells import decimals_of, is_time
from sensorfusion.ingest.files.columns.time_forms import UnclearForm
from sensorfusion.ingest.files.csv_tables import TableOfAnyKind, TextTable
from sensorfusion.ingest.files.rows import TIME_COLUMN, BadPlan, Column, Plan, column_of

MOST_COLUMNS: Final = 500  # of which the meaning is guessed
LEFT_OUT: Final = "-"
_AMERICAN: Final = frozenset(("[degF]", "[in_i'Hg]", "[in_i]", "[mi_i]/h", "[in_i]/h"))


class Question(NamedTuple):
    """Something that a person has to tell before the file can be imported."""

    about: str  # unit, times or decimals
    column: str
    detail: str
    option: str  # of the command


@dataclass(frozen=True, slots=True)
class Completed:
    plan: Plan
    questions: tuple[Question, ...] = ()


def completed(
    plan: Plan,
    table: TableOfAnyKind,
    *,
    now: datetime,
    zone: tzinfo | None = None,
    units: Mapping[str, str] = MappingProxyType({}),
) -> Completed:
    """Fill in what a plan does not say.

    :param zone: of times that have none and whose zone the file does not tell.
    :param units: answers to questions about units, by the column; `-` leaves a column out.
    :raises BadPlan: an answer is about no column, or is no unit of it.
    """
    header = [name.strip() for name in table.header]
    sample = [list(map(_text, cells)) for _, cells in table.sample if len(cells) == len(header)]
    questions: list[Question] = []
    plan = replace(plan, decimal=plan.decimal or _decimal(table, sample, questions))
    columns = plan.columns or tuple(_known(header))
    plan = _with_times(plan, header, sample, columns, questions, now=now, zone=zone)
    times = {plan.time_column, *plan.time_parts}
    columns = plan.columns or _once(column for column in columns if column.name not in times)
    settled = tuple(sniffing.settled(column) for column in columns)
    plan = replace(plan, columns=tuple(_answered(settled, units, header)))
    return Completed(plan, (*questions, *_about_units(plan.columns)))


def refuse_open(questions: Sequence[Question]) -> None:
    """Refuse a file about which something has to be told first.

    :raises BadPlan: with all questions.
    """
    if questions:
        raise BadPlan("\n".join(f"{each.detail} {each.option}" for each in questions))


def _decimal(table: TableOfAnyKind, sample: Sequence[Sequence[str]], questions: list[Question]) -> str:
    if not isinstance(table, TextTable):
        return "."
    found = decimals_of(
        (cell.strip() for cells in sample for cell in cells if not is_time(cell)), delimiter=table.delimiter
    )
    if found.unclear:
        whole = found.unclear.replace(".", "").replace(",", "")
        detail = (
            f"{found.unclear!r} may be {whole} or {found.unclear.replace(',', '.')}: say which mark is of decimals."
        )
        questions.append(Question("decimals", "", detail, "Give it with --decimal-comma or --decimal-point."))
    return found.mark


def _known(header: Sequence[str]) -> Iterator[Column]:
    return (column for name in header[:MOST_COLUMNS] if (column := sniffing.column(name)))


def _once(columns: Iterator[Column]) -> tuple[Column, ...]:
    """Return each quantity's first column."""
    found: dict[str, Column] = {}
    for column in columns:
        found.setdefault(column.quantity, column)
    return tuple(found.values())


def _with_times(
    plan: Plan,
    header: Sequence[str],
    sample: Sequence[Sequence[str]],
    columns: Sequence[Column],
    questions: list[Question],
    *,
    now: datetime,
    zone: tzinfo | None,
) -> Plan:
    is_told = plan.time_column in header and (plan.time_column != TIME_COLUMN or bool(plan.time_parts))
    names = (plan.time_column, *plan.time_parts) if is_told else time_columns.find(header, sample, now=now)
    plan = replace(plan, time_column=names[0], time_parts=tuple(names[1:])) if names[0] in header else plan
    if not plan.time_format:
        try:
            form = time_columns.form(names, header, sample, now=now, month_first=_month_first(columns, plan.decimal))
            plan = replace(plan, time_format=form)
        except UnclearForm as unclear:
            forms = " or ".join(f"--time-format {form!r}" for form in unclear.forms)
            questions.append(Question("times", plan.time_column, str(unclear), f"Use {forms}."))
    return plan if plan.time_zone else replace(plan, time_zone=time_columns.zone_in(names, zone) or zone)


def _answered(columns: Sequence[Column], units: Mapping[str, str], header: Sequence[str]) -> Iterator[Column]:
    for name in units.keys() - {column.name for column in columns}:
        claim = "is mapped to no quantity" if name in header else "is not in the file"
        raise BadPlan(
            f"The column {name!r}, of which --unit gives the unit, {claim}. The columns are: {', '.join(header)}"
        )
    for column in columns:
        unit = units.get(column.name, "")
        if unit == LEFT_OUT:
            continue
        yield replace(column_of(f"x={column.quantity}:{unit}"), name=column.name) if unit else column


def _month_first(columns: Sequence[Column], mark: str) -> bool | None:
    """Return what units and the decimal mark say about the order of day and month."""
    if mark == ",":
        return False
    return True if any(_code(column.unit) in _AMERICAN for column in columns) else None


def _code(unit: str) -> str:
    try:
        return unit_of(unit).code if unit else ""
    except UnknownUnit:
        return ""


def _about_units(columns: Sequence[Column]) -> Iterator[Question]:
    for column in columns:
        known = known_quantity(column.quantity)
        if column.asked and known:
            detail = f"The column {column.name!r} is in {column.asked!r}, which is no known unit of {known.name}."
            option = f"Give it with --unit '{column.name}=UNIT', or leave the column out with --unit '{column.name}=-'."
            yield Question("unit", column.name, detail, option)


def _text(cell: object) -> str:
    return "" if cell is None else str(cell).strip()
