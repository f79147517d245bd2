"""Parses the times of a file's rows: instants, epoch numbers, and local times without an offset.

Local time repeats one hour a year, when summer time ends. Which of the two instants a row means follows from the rows
before it: a sensor's rows are in order of time, either oldest or newest first.
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from sensorfusion.ingest.steps.instants import BadInstant


@dataclass(frozen=True, slots=True)
class _Way:
    """The last instant of a sensor's rows, and whether they go forward in time."""

    last: datetime
    is_forward: bool


class Clock:
    """Parses the times of one file, row by row."""

    def __init__(self, *, time_format: str = "", zone: ZoneInfo | None = None) -> None:
        """Without a format, read RFC 3339 and epoch numbers; without a zone, times must have an offset."""
        self._format = time_format
        self._zone = zone
        self._ways: dict[str, _Way] = {}
        self.repeated = 0  # rows within a repeated hour
        self.first_repeated = ""

    @property
    def is_plain(self) -> bool:
        """Whether texts are passed on unchanged, to be parsed like those of other doors."""
        return not self._format and self._zone is None

    def read(self, cell: object, sensor: str) -> object:
        """Return a time in a form that the doors accept.

        :raises BadInstant: the local time does not exist, or does not match the file's format.
        """
        if isinstance(cell, str):
            local = self._parsed(cell)
            if local is None:
                return cell
        elif isinstance(cell, datetime):
            local = cell
        elif isinstance(cell, date):
            local = datetime(cell.year, cell.month, cell.day)
        else:
            return cell
        if local.tzinfo is not None or self._zone is None:
            return local.isoformat()
        return self._in_zone(local, self._zone, sensor).isoformat()

    def note(self) -> str:
        """Return a remark on times that were ambiguous, or ""."""
        if not self.repeated:
            return ""
        rows = "1 row is" if self.repeated == 1 else f"{self.repeated:,} rows are"
        return (
            f"{rows} within an hour that {self._zone} repeats (the first: {self.first_repeated}). The order of the rows"
            " decides which hour they mean; if the file begins there, the earlier one."
        )

    def state(self) -> dict[str, Any]:
        """Return the state that parsing the next rows depends on, so that an import can be resumed."""
        return {sensor: [way.last.isoformat(), way.is_forward] for sensor, way in self._ways.items()}

    def resume(self, state: dict[str, Any]) -> None:
        """Continue from a saved `state`."""
        self._ways = {
            sensor: _Way(datetime.fromisoformat(last), is_forward) for sensor, (last, is_forward) in state.items()
        }

    def _parsed(self, text: str) -> datetime | None:
        """Parse the text as a time; return None if it may be an epoch number."""
        try:
            if self._format:
                return datetime.strptime(text, self._format)
            return datetime.fromisoformat(text)
        except ValueError:
            if self._format:
                raise BadInstant("bad_time", f"{text[:64]!r} is not of the form {self._format}") from None
            return None

    def _in_zone(self, local: datetime, zone: ZoneInfo, sensor: str) -> datetime:
        """Return the instant of a local time."""
        try:
            first, second = (local.replace(tzinfo=zone, fold=fold).astimezone(UTC) for fold in (0, 1))
        except OverflowError:
            raise BadInstant("bad_time", f"{local} is outside the calendar") from None
        if first > second:
            raise BadInstant("bad_time", f"{local} does not exist in {zone}: the clocks are put forward over it")
        way = self._ways.get(sensor)
        instant = first
        if first != second:
            self._note_repeated(local)
            instant = _which(first, second, way)
        if way is None or instant != way.last:
            self._ways[sensor] = _Way(instant, way is None or instant > way.last)
        return instant

    def _note_repeated(self, local: datetime) -> None:
        self.repeated += 1
        self.first_repeated = self.first_repeated or str(local)


def _which(first: datetime, second: datetime, way: _Way | None) -> datetime:
    """Return the candidate that comes next in the sensor's order, since its rows have passed the other one."""
    if way is None:
        return first
    if way.is_forward:
        return first if way.last < first else second
    return second if way.last > second else first
