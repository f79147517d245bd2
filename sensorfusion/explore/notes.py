"""Notes of the chosen sensors: numbered marks on the axis of time, their list, and those of rows."""

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sensorfusion.explore.queries import Chosen
from sensorfusion.explore.selection import Selection
from sensorfusion.readings.models import Note
from sensorfusion.readings.notes.queries import SHOWN_MOST, notes_among
from sensorfusion.reports.notes import Noted, noted

AROUND_S: Final = 3600  # shown on each side of a note, or its length if that is longer


@dataclass(frozen=True, slots=True)
class Mark:
    """A note; `sensor` is empty if only one was chosen, `query` the address of the time around the note."""

    sensor: str
    sensor_id: int
    noted: Noted
    start_s: float
    end_s: float | None
    query: str

    @property
    def words(self) -> str:
        return f"{self.noted.number} {f'{self.sensor}, ' if self.sensor else ''}{self.noted.kind}: {self.noted.text}"


@dataclass(frozen=True, slots=True)
class Marks:
    """The newest notes of the span, the oldest of them first; `more` are not shown."""

    marks: list[Mark]
    more: int = 0


def marks_of(chosen: Sequence[Chosen], selection: Selection, *, start: datetime, end: datetime) -> Marks:
    """Return the notes of the chosen sensors that touch [start, end), in the first one's time zone."""
    stations = {each.station.sensor.pk: each.station for each in chosen}
    found = notes_among(sensors=stations, start=start, end=end)
    newest = list(found[: SHOWN_MOST + 1])
    more = found.count() - SHOWN_MOST if len(newest) > SHOWN_MOST else 0
    first = chosen[0].station

    def mark(note: Note, number: int) -> Mark:
        name = stations[note.sensor_id].sensor.name if len(stations) > 1 else ""
        drawn = noted(first, note, number, start, end)
        end_s = note.ends_at.timestamp() if note.ends_at else None
        return Mark(name, note.sensor_id, drawn, note.starts_at.timestamp(), end_s, _around(note, selection))

    return Marks([mark(note, number) for number, note in enumerate(newest[:SHOWN_MOST][::-1], 1)], more)


def of_rows(marks: Sequence[Mark], instants: Sequence[float]) -> list[str]:
    """Return the notes of each row, which lasts until the next one: words where a note begins, then its number.

    The first row has those of before as well, so that every note is in the table.
    """
    cells: list[list[str]] = [[] for _ in instants]
    for mark in marks if instants else []:
        begins = max(0, bisect_right(instants, mark.start_s) - 1)
        cells[begins].append(mark.words)
        for row in range(begins + 1, len(instants)):
            if mark.end_s is None or instants[row] >= mark.end_s:
                break
            cells[row].append(str(mark.noted.number))
    return ["; ".join(each) for each in cells]


def _around(note: Note, selection: Selection) -> str:
    start, end = (int(at.timestamp()) for at in (note.starts_at, note.ends_at or note.starts_at))
    room = max(AROUND_S, end - start)
    return selection.with_(fixed=(start - room, end + room)).query
