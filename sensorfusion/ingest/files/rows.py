"""Converts rows of a file to readings: maps columns to quantities and units, and finds time and sensor.

Pure functions without database access. Values are checked in `steps.checking`, like those of the doors.
"""

import math
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple, Protocol
from zoneinfo import ZoneInfo

from sensorfusion.domain.normalise import Accepted, RefusedValue, normalise
from sensorfusion.domain.quality import Flag
from sensorfusion.domain.quantities import known_quantity
from sensorfusion.domain.units import UnknownUnit, WrongUnit, converter
from sensorfusion.ingest.files.clocks import Clock
from sensorfusion.ingest.steps.batch import Sent
from sensorfusion.ingest.steps.instants import BadInstant

TIME_COLUMN = "observed_at"
SEEN_AT_MOST = 10_000  # cached texts of a column, about 2 MB; when full, the cache is cleared
# Markers that other programs write for missing values, in addition to empty cells and those that every door knows.
MISSING = frozenset(("NA", "N/A", "#N/A", "NaN", "nan", "NULL", "null", "None", "---"))
EXACT_DIGITS = 15  # digits that a float represents exactly; longer integers are parsed as int
_COMMA = re.compile(r"[+-]?\d*,\d+\Z")


class BadPlan(Exception):
    """The file cannot be read as requested; the message says what would work."""


@dataclass(frozen=True, slots=True)
class Column:
    """A column of the file and its quantity; without a unit, its values are in the quantity's canonical unit."""

    name: str
    quantity: str
    unit: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """How to read a file. Without columns, all columns named like a known quantity are imported."""

    columns: tuple[Column, ...] = ()
    time_column: str = TIME_COLUMN
    time_format: str = ""  # for strptime; "" reads RFC 3339 and epoch numbers
    time_zone: ZoneInfo | None = None  # for times without one, which are rejected if this is None
    sensor_column: str = ""
    missing: frozenset[str] = frozenset()  # in addition to `MISSING`
    decimal_comma: bool = False


class Line(NamedTuple):
    """One row of the file; `sensor` is the value of its sensor column."""

    number: int
    sensor: str
    sent: Sent


def column_of(text: str) -> Column:
    """Parse `column=quantity` or `column=quantity:unit`.

    :raises BadPlan: the text has another form, or the unit does not fit the quantity.
    """
    name, _, target = text.partition("=")
    quantity, _, unit = (part.strip() for part in target.partition(":"))
    if not name.strip() or not quantity:
        raise BadPlan(
            f"{text!r} is not a column: write column=quantity or column=quantity:unit, as in temp=temperature:°F"
        )
    checked = normalise(quantity, 1.0)
    if isinstance(checked, RefusedValue) and checked.code == "bad_name":
        raise BadPlan(f"{text!r}: {checked.detail}")
    _check_unit(text, quantity, unit)
    known = known_quantity(quantity)
    return Column(name.strip(), known.name if known else quantity, unit)


def _check_unit(text: str, quantity: str, unit: str) -> None:
    if not unit:
        return
    known = known_quantity(quantity)
    if known is None or not known.unit:
        raise BadPlan(f"{text!r}: {quantity} is kept without a unit, so {unit!r} would be lost. Leave the unit out.")
    try:
        converter(unit, known.unit)
    except (UnknownUnit, WrongUnit) as error:
        raise BadPlan(f"{text!r}: {known.name} is kept in {known.unit}, and {error}") from None


class RowReader(Protocol):
    """Parses the rows of one file, in order."""

    @property
    def columns(self) -> tuple[Column, ...]: ...

    @property
    def not_taken(self) -> tuple[str, ...]: ...

    def read(self, number: int, cells: Sequence[Any]) -> Line:
        """Return the parsed row; an unreadable row is returned with a problem."""

    def notes(self) -> list[str]:
        """Return remarks on how rows were interpreted that people should know."""

    def state(self) -> dict[str, Any]:
        """Return the state that parsing the next rows depends on, as JSON, so that an import can be resumed."""

    def resume(self, state: dict[str, Any]) -> None:
        """Continue from a saved `state`."""


class Rows:
    """Parses the rows of one file by a plan. Cells are texts, or typed values from JSON and Parquet."""

    def __init__(self, plan: Plan, header: Sequence[str]) -> None:
        """Find the plan's columns in the header.

        :raises BadPlan: a column is missing or occurs twice, or there is nothing to import.
        """
        names = [name.strip() for name in header]
        self._plan = plan
        self._width = len(names)
        self._time = _index(names, plan.time_column)
        self._sensor = _index(names, plan.sensor_column) if plan.sensor_column else None
        self.columns = plan.columns or _known_columns(names)
        _check_columns(self.columns, names)
        self._missing = plan.missing | MISSING | {""}
        self._cells = [
            (_index(names, each.name), each.quantity, _Seen(each, self._missing, plan.decimal_comma))
            for each in self.columns
        ]
        self._clock = Clock(time_format=plan.time_format, zone=plan.time_zone)
        taken = {plan.time_column, plan.sensor_column, *(column.name for column in self.columns)}
        self.not_taken = tuple(name for name in names if name not in taken)

    def read(self, number: int, cells: Sequence[Any]) -> Line:
        if len(cells) != self._width and (len(cells) < self._width or any(cells[self._width :])):
            return unreadable(number, f"the line has {len(cells)} columns where the header has {self._width}")
        sensor = "" if self._sensor is None else _text(cells[self._sensor])
        try:
            observed_at = self._observed_at(cells[self._time], sensor)
        except BadInstant as bad:
            return Line(number, sensor, Sent(None, problem=(bad.code, bad.detail)))
        return Line(number, sensor, Sent(self._values(cells), observed_at))

    def notes(self) -> list[str]:
        return [note] if (note := self._clock.note()) else []

    def state(self) -> dict[str, Any]:
        return self._clock.state()

    def resume(self, state: dict[str, Any]) -> None:
        self._clock.resume(state)

    def _values(self, cells: Sequence[Any]) -> dict[str, object]:
        found = (
            (quantity, seen[cell] if type(cell := cells[index]) is str else seen.of(cell))
            for index, quantity, seen in self._cells
        )
        return {quantity: value for quantity, value in found if value is not None}

    def _observed_at(self, cell: object, sensor: str) -> object:
        """Return the time in a form that the doors accept; here, a missing time does not mean the time of arrival."""
        if isinstance(cell, str):
            cell = cell.strip()
        if cell is None or cell in self._missing:
            raise BadInstant("bad_time", f"the column {self._plan.time_column} is empty")
        if self._clock.is_plain and isinstance(cell, str):
            return cell
        return self._clock.read(cell, sensor)


def unreadable(number: int, problem: str) -> Line:
    """Return a line that could not be read, with only its number and the problem."""
    return Line(number, "", Sent(None, problem=("unreadable", problem)))


def _index(names: Sequence[str], name: str) -> int:
    if names.count(name) == 1:
        return names.index(name)
    claim = "is in the header more than once" if name in names else "is not in the file"
    raise BadPlan(f"The column {name!r} {claim}. The columns are: {', '.join(names)}")


def _known_columns(names: Iterable[str]) -> tuple[Column, ...]:
    found = ((name, known_quantity(name)) for name in names)
    return tuple(Column(name, known.name) for name, known in found if known)


def _check_columns(columns: Sequence[Column], names: Sequence[str]) -> None:
    if not columns:
        told = "None of the file's columns is named like a known quantity: say what they are with --map column=quantity"
        raise BadPlan(f"{told}. The columns are: {', '.join(names)}")
    quantities = [column.quantity for column in columns]
    for column in columns:
        if quantities.count(column.quantity) > 1:
            raise BadPlan(f"More than one column is mapped to {column.quantity}: each quantity can come from one only.")


class _Seen(dict[str, object]):
    """Cache of the values of one column by text; stations repeat the same few hundred texts all year.

    None means missing. A good value is cached in the canonical unit, for which the checks have a fast path; any other
    value is cached as given, so that the checks reject or flag it with their own messages.
    """

    def __init__(self, column: Column, missing: frozenset[str], decimal_comma: bool) -> None:
        super().__init__()
        self._column = column
        self._decimal_comma = decimal_comma
        self._missing_texts = missing
        self._missing_numbers = frozenset(number for text in missing if isinstance(number := number_in(text), float))
        known = known_quantity(column.quantity)
        self._is_text = known is not None and known.kind != "number"

    def of(self, cell: object) -> object:
        """Return the value of a cell that is not text."""
        if cell is None or (isinstance(cell, float) and math.isnan(cell)):
            return None
        if isinstance(cell, int | float) and not isinstance(cell, bool) and cell in self._missing_numbers:
            return None
        return self._checked(cell if isinstance(cell, bool | int | float) else str(cell))

    def __missing__(self, text: str) -> object:
        if len(self) >= SEEN_AT_MOST:
            self.clear()
        stripped = text.strip()
        self[text] = meaning = None if stripped in self._missing_texts else self._checked(self._read(stripped))
        return meaning

    def _read(self, text: str) -> object:
        if self._is_text:
            return text
        return number_in(text.replace(",", ".")) if self._decimal_comma and _COMMA.match(text) else number_in(text)

    def _checked(self, value: object) -> object:
        given = {"value": value, "unit": self._column.unit} if self._column.unit else value
        checked = normalise(self._column.quantity, given)
        return checked.value if isinstance(checked, Accepted) and checked.flag == Flag.GOOD else given


def number_in(text: str) -> float | int | str:
    """Return the text as a number if it is one, because numerals of an unknown quantity would otherwise stay text."""
    try:
        number = float(text)
        return text if "_" in text else int(text) if len(text) > EXACT_DIGITS and text.lstrip("-").isdigit() else number
    except ValueError:
        return text


def _text(cell: object) -> str:
    return "" if cell is None else str(cell).strip()
