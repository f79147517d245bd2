"""Writes the rejected rows of a file to another file: line, reason and detail."""

import csv
from collections.abc import Iterable
from pathlib import Path
from typing import IO, NamedTuple

HEADER = ("line", "reason", "detail")


class RefusedRow(NamedTuple):
    line: int
    code: str
    detail: str


class RefusedRows:
    """Writes rejected rows; the file is created with the first one."""

    def __init__(self, path: Path | None, *, goes_on: bool = False) -> None:
        """With `goes_on`, append to the file of an earlier part of the import. Without a path, only count."""
        self.path = path
        self.count = 0
        self.trouble = ""
        self._goes_on = goes_on
        self._file: IO[str] | None = None

    def add(self, rows: Iterable[RefusedRow]) -> None:
        """Write rows. If the file cannot be written, the import continues and `trouble` says why."""
        rows = list(rows)
        self.count += len(rows)
        if self.path is None or not rows or self.trouble:
            return
        try:
            self._write(self.path, rows)
        except OSError as error:
            self.trouble = f"{self.path} cannot be written: {error.strerror}."

    def _write(self, path: Path, rows: list[RefusedRow]) -> None:
        if self._file is None:
            is_new = not (self._goes_on and path.exists())
            self._file = path.open("w" if is_new else "a", encoding="utf-8", newline="")
            if is_new:
                csv.writer(self._file).writerow(HEADER)
        csv.writer(self._file).writerows(rows)
        self._file.flush()

    def close(self) -> None:
        if self._file is not None:
            self._file.close()
