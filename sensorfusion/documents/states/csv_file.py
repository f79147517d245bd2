"""The days of a state as lines of a CSV file, in seconds; an empty field is not known."""

import csv
import io
from collections.abc import Iterator, Sequence
from typing import Final

from sensorfusion.documents.states.figures import StateDay, StateFigures
from sensorfusion.documents.states.words import local
from sensorfusion.domain.quantities.spans import states as by_length
from sensorfusion.reports.queries import Station

MOST_STATES: Final = 20  # of a text, each in a column


def state_csv_of(station: Station, figures: StateFigures) -> str:
    """Write one line per day, without any for days that have not begun."""
    out = io.StringIO()
    rows = [
        {"day": day.day.isoformat(), "seconds": _number(day.so_far_s), **dict(fields(station, day, figures))}
        for day in figures.days
        if not day.is_future
    ]
    writer = csv.DictWriter(out, list(rows[0]) if rows else ["day"], lineterminator="\r\n")
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue()


def fields(station: Station, day: StateDay, figures: StateFigures) -> Iterator[tuple[str, str]]:
    """Yield the columns of a state: how long it is known, how often it was so, and for how long."""
    name = figures.told.name
    yield f"{name}_known [s]", _number(day.spans.known_s)
    if not figures.told.is_boolean:
        yield f"{name}_changes", str(day.changes) if day.has_readings else ""
        for state in by_length(figures.spans.spans)[:MOST_STATES]:
            yield f"{name} {state} [s]", _known(day, [state])
        return
    (yes,) = figures.states
    longest = day.spans.longest(yes)
    start = f"{name}_{figures.told.yes}"
    yield f"{start}_times", str(day.times(yes)) if day.has_readings else ""
    yield f"{start} [s]", _known(day, [yes])
    yield f"{start}_longest [s]", "" if longest is None else _number(longest.length_s)
    yield f"{start}_longest_at", "" if longest is None else _at(station, longest.start)
    yield f"{start}_first_at", _at(station, day.begun[0]) if day.begun else ""
    yield f"{start}_last_at", _at(station, day.begun[-1]) if day.begun else ""


def _known(day: StateDay, states: Sequence[str]) -> str:
    return _number(day.spans.total_s(*states)) if day.has_readings else ""


def _number(seconds: float) -> str:
    return f"{seconds:.3f}".rstrip("0").rstrip(".")


def _at(station: Station, at: float) -> str:
    return local(station, at).isoformat(timespec="seconds")
