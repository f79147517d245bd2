"""Readers of rows that are not one column for each quantity: cells of several parts, and one value in a row."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import tzinfo
from typing import Any, NamedTuple

from sensorfusion.domain.normalise import RefusedValue
from sensorfusion.domain.quantities import known_quantity
from sensorfusion.domain.rounding import rounded
from sensorfusion.ingest.files.columns.cells import is_missing, number_in
from sensorfusion.ingest.files.columns.clocks import Clock
from sensorfusion.ingest.files.rows import BadPlan, Column, Line, unreadable
from sensorfusion.ingest.steps.batch import Sent
from sensorfusion.ingest.steps.instants import BadInstant


class Element(NamedTuple):
    """What a name of a value stands for; the number is of `factor` units."""

    quantity: str
    unit: str = ""
    factor: float = 1.0


@dataclass(frozen=True, slots=True)
class Part:
    """One part of a cell: its place among the commas, and that of its quality code, or the column beside it."""

    quantity: str
    unit: str
    place: int
    factor: float = 1.0
    quality: int | None = None
    missing: float | None = None  # whatever its sign
    beside: str = ""  # a column of attributes, of which the second is the quality flag


class PartRows:
    """Reads rows of which each cell has several parts, separated by commas."""

    def __init__(
        self,
        header: Sequence[str],
        parts: Mapping[str, tuple[Part, ...]],
        *,
        time: str,
        zone: tzinfo | None,
        refused: frozenset[str] | None = None,
        note: str = "",
    ) -> None:
        """Read the columns that are there.

        :param refused: quality codes of wrong values; None: every code but a blank.
        :raises BadPlan: there is none.
        """
        names = list(header)
        self._width = len(names)
        self._time = names.index(time)
        self._clock = Clock(zone=zone)
        self._refused = refused
        self._note = note
        self._cells = [(names.index(name), name, part) for name in parts if name in names for part in parts[name]]
        if not self._cells:
            raise BadPlan(f"None of the columns has a quantity here: {', '.join(names)}.")
        self._beside = {part.beside: names.index(part.beside) for _, _, part in self._cells if part.beside}
        self.columns = tuple(Column(name, part.quantity, part.unit) for _, name, part in self._cells)
        taken = {time, *(name for _, name, _ in self._cells), *self._beside}
        self.not_taken = tuple(name for name in names if name not in taken)

    def read(self, number: int, cells: Sequence[Any]) -> Line:
        if len(cells) != self._width:
            return unreadable(number, f"the line has {len(cells)} columns where the header has {self._width}")
        try:
            observed_at = self._clock.read(str(cells[self._time]).strip(), "")
        except BadInstant as bad:
            return Line(number, "", Sent(None, problem=(bad.code, bad.detail)))
        values: dict[str, object] = {}
        refused: list[RefusedValue] = []
        for index, name, part in self._cells:
            value = self._value(cells, index, part)
            if isinstance(value, str):
                refused.append(RefusedValue(part.quantity, "bad_quality", f"{name} is {value}"))
            elif value is not None:
                values[part.quantity] = {"value": value, "unit": part.unit}
        return Line(number, "", Sent(values, observed_at, refused=tuple(refused)))

    def notes(self) -> list[str]:
        return [note for note in (self._note, self._clock.note()) if note]

    def state(self) -> dict[str, Any]:
        return self._clock.state()

    def resume(self, state: dict[str, Any]) -> None:
        self._clock.resume(state)

    def _value(self, cells: Sequence[Any], index: int, part: Part) -> float | str | None:
        """Return the number of a part, None if it is missing, or in words why it is not taken."""
        texts = [text.strip() for text in str(cells[index]).split(",")]
        if part.place >= len(texts) or is_missing(texts[part.place]):
            return None
        number = number_in(texts[part.place])
        if isinstance(number, str):
            return f"{number!r}, which is no number"
        if part.missing is not None and abs(number) == part.missing:
            return None
        code = self._code(cells, texts, part)
        if code and (self._refused is None or code in self._refused):
            return f"{texts[part.place]} of quality {code}, which its archive calls wrong"
        return _scaled(number, part.factor)

    def _code(self, cells: Sequence[Any], texts: Sequence[str], part: Part) -> str:
        if part.beside:
            attributes = str(cells[self._beside[part.beside]]).split(",")
            return attributes[1].strip() if len(attributes) > 1 else ""
        return texts[part.quality] if part.quality is not None and part.quality < len(texts) else ""


class LongRows:
    """Reads rows of one value each: what it is, the value, and the time."""

    not_taken: tuple[str, ...] = ()

    def __init__(
        self,
        *,
        time: int,
        name: int,
        value: int,
        meaning: Callable[[str], Element | None],
        zone: tzinfo | None,
        time_format: str = "",
        quality: int | None = None,
        missing: Sequence[str] = (),
        note: str = "",
    ) -> None:
        self._places = (time, name, value)
        self._quality = quality
        self._meaning = meaning
        self._missing = frozenset(missing)
        self._clock = Clock(time_format=time_format, zone=zone)
        self._note = note
        self._found: dict[str, Element | None] = {}

    @property
    def columns(self) -> tuple[Column, ...]:
        """The names that occurred so far."""
        return tuple(Column(name, each.quantity, each.unit) for name, each in self._found.items() if each)

    def read(self, number: int, cells: Sequence[Any]) -> Line:
        if len(cells) <= max(self._places):
            return unreadable(number, f"the line has only {len(cells)} columns")
        time, name, text = (str(cells[place]).strip() for place in self._places)
        try:
            observed_at = self._clock.read(time, name)
        except BadInstant as bad:
            return Line(number, "", Sent(None, problem=(bad.code, bad.detail)))
        if name not in self._found and len(self._found) < 10_000:
            self._found[name] = self._meaning(name)
        element = self._found.get(name)
        if element is None:
            return Line(number, "", Sent(None, problem=("bad_name", f"{name} has no quantity here")))
        return Line(number, "", self._sent(element, text, cells, observed_at))

    def notes(self) -> list[str]:
        return [note for note in (self._note, self._clock.note()) if note]

    def state(self) -> dict[str, Any]:
        return self._clock.state()

    def resume(self, state: dict[str, Any]) -> None:
        self._clock.resume(state)

    def _sent(self, element: Element, text: str, cells: Sequence[Any], observed_at: object) -> Sent:
        code = str(cells[self._quality]).strip() if self._quality is not None and self._quality < len(cells) else ""
        if is_missing(text) or text.casefold() in self._missing:
            return Sent({}, observed_at)
        if code:
            detail = f"{text} failed the check {code} of its archive"
            return Sent({}, observed_at, refused=(RefusedValue(element.quantity, "bad_quality", detail),))
        number = number_in(text)
        value = number if isinstance(number, str) else _scaled(number, element.factor)
        return Sent({element.quantity: _with_unit(value, element)}, observed_at)


def _with_unit(value: object, element: Element) -> object:
    known = known_quantity(element.quantity)
    return {"value": value, "unit": element.unit} if element.unit and known and known.unit else value


def _scaled(number: float, factor: float) -> float:
    return number if factor == 1 else rounded(number * factor, 6)
