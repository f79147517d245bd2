"""Readers for files that the platform exported (`readings.export`), and for readings in the format of its API."""

from collections.abc import Sequence
from typing import Any, Final

from sensorfusion.domain.quantities import known_quantity
from sensorfusion.ingest.files.rows import BadPlan, Column, Line, unreadable
from sensorfusion.ingest.steps.batch import Sent
from sensorfusion.ingest.steps.decoding import NotJson, decode_json
from sensorfusion.readings.export.columns import FIRST, FLAGS, MORE, SENSOR, unguarded, value_in

VALUES: Final = "values"
# Fields that belong to the original storage; they are set again when the reading is stored.
_RECREATED: Final = frozenset((*FIRST[2:], FLAGS, "id"))
_KNOWN: Final = frozenset((*FIRST[:2], VALUES)) | _RECREATED
_NO_TIME: Final = ("bad_time", "the reading has no observed_at")


class _OneOrEach:
    """The sensor that rows name: each row its own if `by_name`, else all rows must name the same one."""

    def __init__(self, *, by_name: bool) -> None:
        self._by_name = by_name
        self._only: str | None = None

    def of(self, name: str) -> str:
        """Return the sensor of a row.

        :raises BadPlan: the file has several sensors, but is to be imported into one.
        """
        if self._by_name:
            return name
        if self._only is None:
            self._only = name
        elif self._only != name:
            raise BadPlan(
                f"The file has readings of {self._only!r} and of {name!r}: --sensor-column {SENSOR} instead of --sensor"
                " takes each to the sensor of its name."
            )
        return ""

    def state(self) -> dict[str, Any]:
        return {"only": self._only}

    def resume(self, state: dict[str, Any]) -> None:
        self._only = state.get("only")


class _Exchanged:
    """Common code of the readers of both formats."""

    columns: tuple[Column, ...] = ()
    not_taken: tuple[str, ...] = ()

    def __init__(self, *, by_name: bool) -> None:
        self._sensors = _OneOrEach(by_name=by_name)

    def notes(self) -> list[str]:
        return []

    def state(self) -> dict[str, Any]:
        return self._sensors.state()

    def resume(self, state: dict[str, Any]) -> None:
        self._sensors.resume(state)


class ExportedRows(_Exchanged):
    """Reads the rows of a CSV or Parquet file that the platform exported."""

    def __init__(self, header: Sequence[str], *, by_name: bool) -> None:
        super().__init__(by_name=by_name)
        self._width = len(header)
        self._has_more = header[-1] == MORE
        names = header[len(FIRST) : -2 if self._has_more else -1]
        self.columns = tuple(Column(name, name) for name in names)
        self._cells = [(index, name, _is_of_text(name)) for index, name in enumerate(names, len(FIRST))]

    def read(self, number: int, cells: Sequence[Any]) -> Line:
        if len(cells) != self._width:
            return unreadable(number, f"the line has {len(cells)} columns where the header has {self._width}")
        name = cells[0] or ""
        sensor = self._sensors.of(name if self._has_more else unguarded(name))
        observed_at = cells[1] if isinstance(cells[1], str) or cells[1] is None else cells[1].isoformat()
        if not observed_at:
            return Line(number, sensor, Sent(None, problem=_NO_TIME))
        try:
            return Line(number, sensor, Sent(self._values(cells), observed_at))
        except NotJson as error:
            return unreadable(number, f"the column {MORE}: {error}")

    def _values(self, cells: Sequence[Any]) -> dict[str, object]:
        values = {
            name: _in_csv(cell, is_text=is_text) if type(cell) is str and not self._has_more else cell
            for index, name, is_text in self._cells
            if (cell := cells[index]) is not None and cell != ""
        }
        if self._has_more and cells[-1]:
            values |= decode_json(cells[-1].encode())
        return values


def _is_of_text(name: str) -> bool:
    known = known_quantity(name)
    return known is not None and known.kind == "text"


def _in_csv(text: str, *, is_text: bool) -> object:
    return unguarded(text) if is_text else value_in(text)


class ReadingRows(_Exchanged):
    """Reads JSON objects that have a member `values`."""

    def read(self, number: int, cells: Sequence[Any]) -> Line:
        each = cells[0]
        name = each.get(SENSOR)
        sensor = self._sensors.of(name if isinstance(name, str) else "")
        if VALUES not in each:
            return unreadable(number, f"it has no {VALUES}, as other objects of the file do")
        if each.get("observed_at") in (None, ""):
            return Line(number, sensor, Sent(None, problem=_NO_TIME))
        unknown = tuple(str(name) for name in each if name not in _KNOWN)
        return Line(number, sensor, Sent(each[VALUES], each["observed_at"], unknown))
