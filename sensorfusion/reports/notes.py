"""A sensor's notes as charts and reports show them: numbered marks on the axis of time, and a list of the texts."""

from dataclasses import dataclass
from datetime import datetime

from sensorfusion.readings.models import Note
from sensorfusion.readings.notes.queries import SHOWN_MOST, notes_of, notes_within
from sensorfusion.reports import words
from sensorfusion.reports.queries import Station


@dataclass(frozen=True, slots=True)
class Noted:
    """A note; `left` and `width` are its place in the span, in per cent, and `width` is empty for an instant."""

    number: int
    kind: str
    when: str
    text: str
    left: str
    width: str


@dataclass(frozen=True, slots=True)
class NotesOfSpan:
    """The newest notes of a span, the oldest of them first; `more` are not shown."""

    notes: list[Noted]
    more: int


def notes_of_span(station: Station, start: datetime, end: datetime) -> NotesOfSpan:
    """Return the notes that touch [start, end)."""
    found = notes_within(sensor=station.sensor, start=start, end=end)
    newest = list(found[: SHOWN_MOST + 1])
    more = found.count() - SHOWN_MOST if len(newest) > SHOWN_MOST else 0
    oldest_first = newest[:SHOWN_MOST][::-1]
    return NotesOfSpan([noted(station, each, n, start, end) for n, each in enumerate(oldest_first, 1)], more)


def has_notes(station: Station) -> bool:
    """Return whether the sensor has a note at any time."""
    return notes_of(sensor=station.sensor).exists()


def noted(station: Station, note: Note, number: int, start: datetime, end: datetime) -> Noted:
    """Place a note within the span [start, end), by the clock of a station."""
    begin_s, length_s = start.timestamp(), end.timestamp() - start.timestamp()

    def share(at: datetime) -> float:
        return min(max((at.timestamp() - begin_s) / length_s * 100, 0), 100)

    left = share(note.starts_at)
    return Noted(
        number=number,
        kind=note.get_kind_display(),
        when=" – ".join(_when(station, at) for at in (note.starts_at, note.ends_at) if at),
        text=note.text,
        left=f"{left:.2f}%",
        width=f"{share(note.ends_at) - left:.2f}%" if note.ends_at else "",
    )


def _when(station: Station, at: datetime) -> str:
    local = at.astimezone(station.zone)
    return f"{words.date(local)}, {words.clock(local)}"
