"""Converts rows of a file to readings: maps columns to quantities and units, and finds time and sensor.

Pure functions without database access. Values are checked in `steps.checking`, like those of the doors.
"""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import tzinfo
from typing import Any, Final, NamedTuple, Protocol

from sensorfusion.domain.normalise import Accepted, normalise
from sensorfusion.domain.quality import Flag
from sensorfusion.domain.quantities import known_quantity
from sensorfusion.domain.quantities.names import fold
from sensorfusion.domain.units import UnknownUnit, WrongUnit, converter
from sensorfusion.domain.weather.wind import direction_of
from sensorfusion.ingest.files.columns.cells import is_missing, number_in, numeral, with_unit
from sensorfusion.ingest.files.columns.clocks import Clock
from sensorfusion.ingest.steps.batch import Sent
from sensorfusion.ingest.steps.instants import BadInstant

TIME_COLUMN = "observed_at"
SEEN_AT_MOST = 10_000  # cached texts of a column, about 2 MB; when full, the cache is cleared


class BadPlan(Exception):
    """The file cannot be read as requested; the message says what would work."""


LONGEST_LABEL: Final = 200


@dataclass(frozen=True, slots=True)
class Column:
    """A column of the file and its quantity; without a unit, its values are in the quantity's canonical unit."""

    name: str
    quantity: str
    unit: str = ""
    asked: str = ""  # the unit that the file writes, if it is not one of the quantity: a person has to say which it is
    label: str = ""  # the quantity as a person named it, if it is stored in other letters


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """How to read a file. Without columns, all columns named like a known quantity are imported.

    The time may be in several columns: their texts are joined with blanks, and read by one format.
    """

    columns: tuple[Column, ...] = ()
    time_column: str = TIME_COLUMN
    time_parts: tuple[str, ...] = ()  # more columns of the time
    time_format: str = ""  # see `time_forms`; "" reads RFC 3339 and epoch numbers
    time_zone: tzinfo | None = None  # for times without one, which are rejected if this is None
    sensor_column: str = ""
    missing: frozenset[str] = frozenset()  # in addition to those of `cells`
    decimal: str = ""  # the decimal mark; "": the numbers of the file say it


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
    written, quantity = quantity, fold(quantity)  # in letters that names may have
    _check_unit(text, quantity, unit)
    known = known_quantity(quantity)
    label = "" if known or written == quantity else written[:LONGEST_LABEL]
    return Column(name.strip(), known.name if known else quantity, unit, label=label)


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

    def __init__(self, plan: Plan, header: Sequence[str], *, is_ragged: bool = False) -> None:
        """Find the plan's columns in the header; a row of a ragged file may end before its last columns.

        :raises BadPlan: a column is missing or occurs twice, or there is nothing to import.
        """
        names = [name.strip() for name in header]
        self._plan = plan
        self._width = len(names)
        self._is_ragged = is_ragged
        self._times = [_index(names, name) for name in (plan.time_column, *plan.time_parts)]
        self._sensor = _index(names, plan.sensor_column) if plan.sensor_column else None
        self.columns = plan.columns or _known_columns(names)
        _check_columns(self.columns, names)
        self._cells = [(_index(names, each.name), each.quantity, _Seen(each, plan)) for each in self.columns]
        self._clock = Clock(time_format=plan.time_format, zone=plan.time_zone)
        taken = {plan.time_column, *plan.time_parts, plan.sensor_column, *(column.name for column in self.columns)}
        self.not_taken = tuple(name for name in names if name not in taken)

    def learn(self, sample: Sequence[tuple[int, Sequence[Any]]]) -> None:
        """Learn from the first rows whether the file is of a time around 1970."""
        times = [self._time_in(cells) for _, cells in sample if len(cells) == self._width]
        self._clock.learn([cell for cell in times if cell is not None])

    def read(self, number: int, cells: Sequence[Any]) -> Line:
        if len(cells) != self._width:
            if self._is_ragged and max(self._times) < len(cells):
                cells = [*cells, *[""] * (self._width - len(cells))]
            elif len(cells) < self._width or any(cells[self._width :]):
                return unreadable(number, f"the line has {len(cells)} columns where the header has {self._width}")
        sensor = "" if self._sensor is None else _text(cells[self._sensor])
        try:
            observed_at = self._observed_at(cells, sensor)
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

    def _observed_at(self, cells: Sequence[Any], sensor: str) -> object:
        """Return the time in a form that the doors accept; here, a missing time does not mean the time of arrival."""
        cell = self._time_in(cells)
        if cell is None:
            raise BadInstant("bad_time", f"the column {self._plan.time_column} is empty")
        return self._clock.read(cell, sensor)

    def _time_in(self, cells: Sequence[Any]) -> object:
        """Return the cell of the time, or the joined texts of its columns; None if one of them is missing."""
        if len(self._times) == 1:
            cell = cells[self._times[0]]
            if not isinstance(cell, str):
                return cell
            cell = cell.strip()
            return None if is_missing(cell) or cell in self._plan.missing else cell
        parts = [_text(cells[index]) for index in self._times]
        return None if any(map(is_missing, parts)) else " ".join(parts)


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
        told = "None of the file's columns is named like a known quantity, so each must be given one"
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

    def __init__(self, column: Column, plan: Plan) -> None:
        super().__init__()
        self._column = column
        self._mark = plan.decimal or "."
        self._missing = plan.missing
        self._missing_numbers = frozenset(n for text in plan.missing if isinstance(n := number_in(text), float))
        known = known_quantity(column.quantity)
        self._is_text = known is not None and known.kind != "number"
        self._kept_in = known.unit if known and not self._is_text else ""

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
        is_nothing = stripped in self._missing or is_missing(stripped)
        self[text] = meaning = None if is_nothing else self._checked(self._read(stripped))
        return meaning

    def _read(self, text: str) -> object:
        """Return a number, a number with its unit, degrees of a compass point, None for no wind, or the text."""
        number = text if self._is_text else numeral(text, self._mark)
        if not isinstance(number, str) or not self._kept_in:
            return number
        if self._kept_in == "deg":
            try:
                return direction_of(text)
            except ValueError:
                pass
        return with_unit(text, self._mark, kept_in=self._kept_in) or text

    def _checked(self, value: object) -> object:
        is_complete = not self._column.unit or value is None or isinstance(value, dict)
        given = value if is_complete else {"value": value, "unit": self._column.unit}
        checked = normalise(self._column.quantity, given)
        return checked.value if isinstance(checked, Accepted) and checked.flag == Flag.GOOD else given


def _text(cell: object) -> str:
    return "" if cell is None else str(cell).strip()
