"""Runs an import from the first row to the last, batch by batch, and saves its progress after each batch.

If an import is interrupted, the next run of the same file with the same plan continues after the last stored batch.
"""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sensorfusion.ingest.files.begun import Begun
from sensorfusion.ingest.files.csv_tables import BadTable, TableOfAnyKind
from sensorfusion.ingest.files.layouts import lines_of
from sensorfusion.ingest.files.loading import Batch, Interrupted, Loader, Reason, Report
from sensorfusion.ingest.files.refused_rows import RefusedRows
from sensorfusion.ingest.files.rows import BadPlan, Line, RowReader
from sensorfusion.ingest.files.targets import BadTarget, Targets
from sensorfusion.ingest.models import FileImport, ImportState
from sensorfusion.ingest.storing.imports import Store

BATCH: Final = 5000
_STOPS: Final = (BadTable, BadTarget, BadPlan, Interrupted)


@dataclass(frozen=True, slots=True)
class Ended:
    """The outcome of the rows, and the reason why the import is incomplete ("" if it is complete)."""

    report: Report
    trouble: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """One run of an import. Without `store`, everything is checked and nothing is stored."""

    table: TableOfAnyKind
    rows: RowReader
    targets: Targets
    store: Store | None
    refused: RefusedRows
    now: Callable[[], datetime]
    kept: FileImport | None = None  # the record of the progress
    step: Callable[[int, int], None] = lambda position, rows: None
    batch: int = BATCH

    def load(self) -> Ended:
        """Load the whole file."""
        if self.kept:
            self.rows.resume(self.kept.reader)
            _begin(self.kept, size=self.table.size, now=self.now())
        with ExitStack() as leaving:
            leaving.callback(self.refused.close)
            noting = _Noting(self)
            begun = Begun(columns=lambda: self.rows.columns, now=self.now)
            loader = Loader(targets=self.targets, store=self.store, now=self.now, done=noting.done, begin=begun.add)
            noting.report = loader.report
            leaving.enter_context(loader)
            try:
                self._load(loader)
                trouble = ""
            except _STOPS as error:
                trouble = str(error)
            noting.end(trouble)
            return Ended(loader.report, trouble)

    def _load(self, loader: Loader) -> None:
        try:
            after = self.kept.line if self.kept else 0
            for lines in batches(lines_of(self.rows, self.table, after=after), self.batch):
                loader.load(lines, reader=self.rows.state())
                self.step(self.table.position, loader.report.rows)
        finally:
            loader.finish()


class _Noting:
    """Saves the progress after each batch; counts only what is stored."""

    def __init__(self, run: Run) -> None:
        self._run = run
        self._kept = run.kept
        self._before = (run.kept.accepted, run.kept.duplicates, run.kept.readings) if run.kept else (0, 0, 0)
        self._reasons = {
            code: Reason(count, examples) for code, count, examples in (run.kept.problems if run.kept else ())
        }
        self.report = Report()

    def done(self, batch: Batch) -> None:
        self._run.refused.add(batch.refused)
        for row in batch.refused:
            self._reasons.setdefault(row.code, Reason()).add(row.line, row.detail)
        if self._kept:
            self._kept.line, self._kept.reader = batch.line, batch.reader
            self._kept.rows += batch.rows
            self._note(self._kept)

    def end(self, trouble: str) -> None:
        if self._kept:
            self._kept.state, self._kept.message = (ImportState.STOPPED, trouble) if trouble else (ImportState.DONE, "")
            self._note(self._kept)

    def _note(self, kept: FileImport) -> None:
        kept.accepted = self._before[0] + self.report.accepted
        kept.duplicates = self._before[1] + self.report.duplicates
        kept.readings = self._before[2] + self.report.readings
        kept.problems = [[code, reason.count, reason.examples] for code, reason in sorted(self._reasons.items())]
        kept.position, kept.updated_at = self._run.table.position, self._run.now()
        kept.save(
            update_fields=[
                *("line", "reader", "position", "state", "message", "updated_at"),
                *("rows", "accepted", "duplicates", "readings", "problems"),
            ]
        )


def _begin(kept: FileImport, *, size: int, now: datetime) -> None:
    kept.state, kept.size, kept.message, kept.updated_at = ImportState.RUNNING, size, "", now
    kept.save(update_fields=["state", "size", "message", "updated_at"])


def batches(lines: Iterator[Line], size: int) -> Iterator[list[Line]]:
    """Yield lines in batches; if the rest of the file cannot be read, yield the lines before it first."""
    batch: list[Line] = []
    cut: BadTable | BadPlan | None = None
    try:
        for line in lines:
            batch.append(line)
            if len(batch) == size:
                yield batch
                batch = []
    except (BadTable, BadPlan) as error:
        cut = error
    if batch:
        yield batch
    if cut:
        raise cut


def unfinished(key: str) -> FileImport | None:
    """Return the latest incomplete import with this key."""
    return FileImport.objects.filter(key=key).exclude(state=ImportState.DONE).order_by("-began_at").first()


def started(*, key: str, file_name: str, now: datetime, **about: Any) -> FileImport:
    """Record the start of an import, and delete the records of earlier ones of the same file."""
    FileImport.objects.filter(key=key).delete()
    return FileImport.objects.create(key=key, file_name=file_name, began_at=now, updated_at=now, **about)
