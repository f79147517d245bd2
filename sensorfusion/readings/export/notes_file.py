"""The notes of exported sensors as a file of their own, beside that of the readings.

A column of the readings would give every reading of a long span the same text, and a note between two readings none;
and the columns of the readings are those that the import reads.
"""

import csv
import io
from collections.abc import Iterator
from typing import Any, Final, Literal, get_args

import msgspec

from sensorfusion.readings.export.columns import guarded
from sensorfusion.readings.export.export import Selection, notes, snapshot

Form = Literal["csv", "ndjson"]
FORMS: Final[tuple[Form, ...]] = get_args(Form)
COLUMNS: Final = ("sensor", "start", "end", "kind", "text")
_TEXTS: Final = ("sensor", "text")  # written by people


class NotesExport:
    """One file of the notes that touch the span of a selection, the oldest of each sensor first; `rows` counts them."""

    def __init__(self, selection: Selection, form: Form) -> None:
        self._selection, self._form = selection, form
        self.rows = 0

    def chunks(self) -> Iterator[bytes]:
        """Yield the file."""
        with snapshot() as connection:
            found = notes(connection, self._selection)
        self.rows = len(found)
        yield _csv(found) if self._form == "csv" else msgspec.json.Encoder().encode_lines(found)


def _csv(found: list[dict[str, Any]]) -> bytes:
    file = io.StringIO(newline="")
    writer = csv.writer(file, lineterminator="\r\n")
    writer.writerow(COLUMNS)
    writer.writerows([guarded(each[name]) if name in _TEXTS else each[name] for name in COLUMNS] for each in found)
    return file.getvalue().encode()
