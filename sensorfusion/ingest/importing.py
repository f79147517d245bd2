"""What an import makes of a file's rows: which column is which quantity, in which unit, when and where it was observed.

Plain functions of text; nothing is looked up and nothing is stored here. What a value may be is decided where it is for
every door, in `ingest.checking`.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import NamedTuple
from zoneinfo import ZoneInfo

from sensorfusion.domain.normalise import Accepted, RefusedValue, normalise
from sensorfusion.domain.quality import Flag
from sensorfusion.domain.quantities import known_quantity
from sensorfusion.domain.units import UnknownUnit, WrongUnit, converter
from sensorfusion.ingest.batch import Sent
from sensorfusion.ingest.instants import BadInstant

TIME_COLUMN = "observed_at"
SEEN_AT_MOST = 10_000  # distinct texts of a column, some 2 MB; past it they are worked out again


class BadPlan(Exception):
    """The file cannot be read as it was asked; the message says what would do."""


@dataclass(frozen=True, slots=True)
class Column:
    """A column of the file, and the quantity it holds; without a unit its values are in the quantity's own."""

    name: str
    quantity: str
    unit: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """How to read a file. Without columns every one that is named like a known quantity is taken."""

    columns: tuple[Column, ...] = ()
    time_column: str = TIME_COLUMN
    time_format: str = ""  # of strptime; empty reads RFC 3339 and epoch numbers
    time_zone: ZoneInfo | None = None  # of times that do not say theirs; without it they are refused
    sensor_column: str = ""
    missing: frozenset[str] = frozenset()


class Line(NamedTuple):
    """One row of the file; `sensor` is what its sensor column says."""

    number: int
    sensor: str
    sent: Sent


def column_of(text: str) -> Column:
    """Read `column=quantity` or `column=quantity:unit`.

    :raises BadPlan: if it is not of that form, or the quantity cannot be in that unit.
    """
    name, _, target = text.partition("=")
    quantity, _, unit = (part.strip() for part in target.partition(":"))
    if not name.strip() or not quantity:
        raise BadPlan(
            f"{text!r} is no column: write column=quantity or column=quantity:unit, as in temp=temperature:°F"
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


class Rows:
    """Reads the rows of one file, from the first to the last."""

    def __init__(self, plan: Plan, header: Sequence[str]) -> None:
        """Find the plan's columns in the header.

        :raises BadPlan: if one is not there, or there twice, or there is nothing to take.
        """
        names = [name.strip() for name in header]
        self._plan = plan
        self._width = len(names)
        self._time = _index(names, plan.time_column)
        self._sensor = _index(names, plan.sensor_column) if plan.sensor_column else None
        self.columns = plan.columns or _known_columns(names)
        _check_columns(self.columns, names)
        self._missing = plan.missing | {""}
        self._cells = [(_index(names, each.name), each.quantity, _Seen(each, self._missing)) for each in self.columns]
        self._repeated: dict[str, datetime] = {}  # each sensor's last instant in an hour that the clocks repeat

    def read(self, number: int, cells: Sequence[str]) -> Line:
        """Return what a row says; one that says nothing readable comes as a problem of its line."""
        if len(cells) != self._width and (len(cells) < self._width or any(cells[self._width :])):
            return unreadable(number, f"the line has {len(cells)} columns where the header has {self._width}")
        sensor = "" if self._sensor is None else cells[self._sensor].strip()
        try:
            observed_at = self._observed_at(cells[self._time].strip(), sensor)
        except BadInstant as bad:
            return Line(number, sensor, Sent(None, problem=(bad.code, bad.detail)))
        return Line(number, sensor, Sent(self._values(cells), observed_at))

    def _values(self, cells: Sequence[str]) -> dict[str, object]:
        found = ((quantity, seen[cells[index]]) for index, quantity, seen in self._cells)
        return {quantity: value for quantity, value in found if value is not None}

    def _observed_at(self, text: str, sensor: str) -> str:
        """Return the time as the doors take it; unlike there, none at all does not mean now."""
        if text in self._missing:
            raise BadInstant("bad_time", f"the column {self._plan.time_column} is empty")
        if not self._plan.time_format and self._plan.time_zone is None:
            return text
        local = self._parsed(text)
        if local is None or local.tzinfo is not None or self._plan.time_zone is None:
            return text if local is None else local.isoformat()
        return self._in_zone(local, self._plan.time_zone, sensor).isoformat()

    def _parsed(self, text: str) -> datetime | None:
        """Read the text as a time, None where it is perhaps an epoch number."""
        try:
            if self._plan.time_format:
                return datetime.strptime(text, self._plan.time_format)
            return datetime.fromisoformat(text)
        except ValueError:
            if self._plan.time_format:
                raise BadInstant("bad_time", f"{text[:64]!r} is not of the form {self._plan.time_format}") from None
            return None

    def _in_zone(self, local: datetime, zone: ZoneInfo, sensor: str) -> datetime:
        """Say which instant a clock on the wall meant.

        An hour that the clocks repeat is first the earlier one, and the later one from where the sensor's rows go back.
        """
        try:
            first, second = (local.replace(tzinfo=zone, fold=fold).astimezone(UTC) for fold in (0, 1))
        except OverflowError:
            raise BadInstant("bad_time", f"{local} is outside the calendar") from None
        if first > second:
            raise BadInstant("bad_time", f"{local} does not exist in {zone}: the clocks are put forward over it")
        if first == second:
            return first
        last = self._repeated.get(sensor)
        instant = second if last is not None and first <= last <= second else first
        self._repeated[sensor] = instant
        return instant


def unreadable(number: int, problem: str) -> Line:
    """Return a line of which nothing is known but where it is."""
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
    """What the texts of one column mean, worked out once each: stations say the same few hundred values all year.

    None means missing. A good value is kept in the quantity's own unit, which takes the short way through the checks;
    anything else is kept as it was given, so that the checks refuse or flag it in the words they have for it.
    """

    def __init__(self, column: Column, missing: frozenset[str]) -> None:
        super().__init__()
        self._column = column
        self._missing_texts = missing
        known = known_quantity(column.quantity)
        self._is_text = known is not None and known.kind != "number"

    def __missing__(self, text: str) -> object:
        if len(self) >= SEEN_AT_MOST:
            self.clear()
        self[text] = meaning = self._meaning(text.strip())
        return meaning

    def _meaning(self, text: str) -> object:
        if text in self._missing_texts:
            return None
        value = text if self._is_text else _number(text)
        given = {"value": value, "unit": self._column.unit} if self._column.unit else value
        checked = normalise(self._column.quantity, given)
        return checked.value if isinstance(checked, Accepted) and checked.flag == Flag.GOOD else given


def _number(text: str) -> float | str:
    """Return a number where there is one; numerals of an unknown quantity would stay text."""
    try:
        number = float(text)
    except ValueError:
        return text
    return text if "_" in text else number
