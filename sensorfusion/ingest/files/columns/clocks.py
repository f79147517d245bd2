"""Parses the times of a file's rows: instants, epoch numbers, and local times without an offset.

Local time repeats one hour a year, when summer time ends. Which of the two instants a row means follows from the rows
before it: a sensor's rows are in order of time, either oldest or newest first.

A time at which clocks begin that were never set (`domain.device_clock`) is believed only in a file whose other rows are
of about the same time, or are of history.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, tzinfo
from typing import Any, Final

from sensorfusion.domain.device_clock import EPOCH, Told
from sensorfusion.domain.device_clock.not_set import default_of, is_history
from sensorfusion.ingest.files.columns.time_forms import parsed
from sensorfusion.ingest.steps.instants import BadInstant

# 3 March 1973. A device that counts seconds since its start is younger.
_SET_FROM: Final = EPOCH + timedelta(seconds=1e8)
_NEAR: Final = timedelta(days=3 * 366)  # rows of one file are not further apart, unless a clock was set in between
_LONG: Final = timedelta(days=20)  # what is shorter and in small steps is a device without a clock
_SMALL: Final = timedelta(minutes=10)
# Powers of a thousand by which epoch numbers are more than seconds: from 10^11 on they are milliseconds (1973), from
# 10^14 on microseconds, from 10^17 on nanoseconds.
_FINER: Final = ((1e17, 1e9), (1e14, 1e6), (1e11, 1e3))


@dataclass(frozen=True, slots=True)
class _Way:
    """The last instant of a sensor's rows, and whether they go forward in time."""

    last: datetime
    is_forward: bool


class Clock:
    """Parses the times of one file, row by row."""

    def __init__(self, *, time_format: str = "", zone: tzinfo | None = None) -> None:
        """Without a format, read RFC 3339 and epoch numbers; without a zone, times must have an offset."""
        self._format = time_format
        self._zone = zone
        self._ways: dict[str, _Way] = {}
        self._is_history = False
        self.repeated = 0  # rows within a repeated hour
        self.first_repeated = ""

    def learn(self, cells: Sequence[object]) -> None:
        """Learn from the times of the first rows whether those at which clocks begin are real."""
        instants = [instant for cell in cells if (instant := self._about(cell))]
        doubtful = [instant for instant in instants if _is_doubtful(instant)]
        others = [instant for instant in instants if not _is_doubtful(instant)]
        if doubtful and others:
            self._is_history = any(abs(other - doubtful[0]) < _NEAR for other in (min(others), max(others)))
        elif doubtful and (self._format or any(_number(cell) is None for cell in cells)):  # no counts since a start
            span = max(doubtful) - min(doubtful)
            is_slow = len(doubtful) > 1 and (span >= _LONG or span / (len(doubtful) - 1) >= _SMALL)
            self._is_history = is_slow or is_history([Told(at, default_of(at)) for at in doubtful])

    def read(self, cell: object, sensor: str) -> object:
        """Return a time in a form that the doors accept.

        :raises BadInstant: the local time does not exist, does not match the file's format, or counts from a start.
        """
        instant = self._instant(cell, sensor)
        if instant is None:
            return cell
        if instant.tzinfo is None:
            return instant.isoformat(" ")
        way = self._ways.get(sensor)
        if not self._is_history and _is_doubtful(instant) and not (way and abs(instant - way.last) < _NEAR):
            detail = f"{str(cell)[:64]!r} is {instant:%-d %B %Y}, where a clock begins that was never set"
            raise BadInstant("clock_not_set", detail)
        if way is None or instant != way.last:
            self._ways[sensor] = _Way(instant, way is None or instant > way.last)
        return instant if self._format or not _is_complete(cell) else cell

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

    def _instant(self, cell: object, sensor: str) -> datetime | None:
        """Return the instant of a cell, naive if nothing tells its zone; None if it is no time that is known here."""
        local = self._local(cell)
        if local is None or local.tzinfo is not None or self._zone is None:
            return local
        return self._in_zone(local, self._zone, sensor)

    def _local(self, cell: object) -> datetime | None:
        if isinstance(cell, datetime):
            return cell
        if isinstance(cell, date):
            return datetime(cell.year, cell.month, cell.day)
        if isinstance(cell, str):
            return self._parsed(cell)
        return _from_epoch(float(cell)) if isinstance(cell, int | float) and not isinstance(cell, bool) else None

    def _parsed(self, text: str) -> datetime | None:
        """Parse the text as a time; return None if it is none without a format."""
        try:
            if self._format:
                return parsed(text, self._format, zone=self._zone)
            return datetime.fromisoformat(text)
        except (ValueError, OverflowError) as error:
            if self._format:
                raise BadInstant("bad_time", f"{text[:64]!r} is not of the form {self._format}: {error}") from None
            number = _number(text)
            return None if number is None else _from_epoch(number)

    def _about(self, cell: object) -> datetime | None:
        """Return an instant to the day, or None: for looking at a column as a whole."""
        try:
            local = self._local(cell)
        except BadInstant:
            return None
        return local.replace(tzinfo=UTC) if local else None

    def _in_zone(self, local: datetime, zone: tzinfo, sensor: str) -> datetime:
        """Return the instant of a local time."""
        try:
            first, second = (local.replace(tzinfo=zone, fold=fold).astimezone(UTC) for fold in (0, 1))
        except OverflowError:
            raise BadInstant("bad_time", f"{local} is outside the calendar") from None
        if first > second:
            raise BadInstant("bad_time", f"{local} does not exist in {zone}: the clocks are put forward over it")
        if first == second:
            return first
        self._note_repeated(local)
        return _which(first, second, self._ways.get(sensor))

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


def _is_doubtful(instant: datetime) -> bool:
    return EPOCH <= instant < _SET_FROM or bool(default_of(instant))


def _is_complete(cell: object) -> bool:
    """Return whether a text is RFC 3339, which every door reads."""
    try:
        return isinstance(cell, str) and datetime.fromisoformat(cell).tzinfo is not None
    except ValueError:
        return False


def _number(cell: object) -> float | None:
    try:
        return float(cell) if isinstance(cell, str | int | float) and "_" not in str(cell) else None
    except ValueError:
        return None


def _from_epoch(number: float) -> datetime:
    """Return the instant of an epoch number.

    :raises BadInstant: it is outside the calendar.
    """
    divisor = next((divisor for least, divisor in _FINER if abs(number) >= least), 1.0)
    try:
        return EPOCH + timedelta(seconds=number / divisor)
    except (OverflowError, ValueError):
        raise BadInstant("bad_time", f"{number} is outside the calendar") from None
