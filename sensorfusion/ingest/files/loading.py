"""Loads many readings from a file through the same checks and transaction as those of the doors, batch by batch.

A thread stores one batch while the next one is read and checked, so memory holds two batches however long the file is.
Stored batches stay stored if the import is interrupted; importing the same file again finds them as duplicates.
"""

import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from collections.abc import Set as AbstractSet
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import datetime
from itertools import groupby
from typing import Any, NamedTuple

from sensorfusion.ingest.files.conflicts.shared_instants import CODE, SharedInstants
from sensorfusion.ingest.files.refused_rows import RefusedRow
from sensorfusion.ingest.files.rows import Line
from sensorfusion.ingest.files.targets import Targets
from sensorfusion.ingest.steps.batch import Draft, Outcome, Source
from sensorfusion.ingest.steps.checking import check
from sensorfusion.ingest.steps.receipts import Rejected
from sensorfusion.ingest.steps.refused import RequestRefused
from sensorfusion.ingest.storing.imports import NoRoom, Store
from sensorfusion.ingest.storing.rows import WriteRequest

EXAMPLES = 3  # kept per reason: enough to see the pattern
# Delays between retries, about five minutes in all; a database that restarts needs seconds.
WAITS_S = (1, 2, 5, 10, 20, 30, 60, 60, 60, 60)


class Interrupted(Exception):
    """The import could not continue; batches stored so far stay."""


@dataclass(slots=True)
class Reason:
    """A reason why rows were rejected: the number of rows, and the first few details."""

    count: int = 0
    examples: list[str] = field(default_factory=list)

    def add(self, line: int, detail: str) -> None:
        self.count += 1
        if len(self.examples) < EXAMPLES:
            self.examples.append(f"line {line}: {detail}")


@dataclass(slots=True)
class Report:
    """The outcome of the rows. A row of which only some values were rejected counts as accepted.

    `readings` counts the instants of the usable rows: rows of different quantities may be of one reading.
    """

    rows: int = 0
    readings: int = 0
    accepted: int = 0
    duplicates: int = 0
    reasons: dict[str, Reason] = field(default_factory=dict)

    @property
    def rejected(self) -> int:
        return self.rows - self.accepted - self.duplicates

    @property
    def is_of_use(self) -> bool:
        return self.accepted + self.duplicates > 0

    def refuse(self, code: str, line: int, detail: str) -> None:
        self.reasons.setdefault(code, Reason()).add(line, detail)

    def lines(self) -> Iterator[str]:
        """Yield lines that describe the rejected rows by reason."""
        for code, reason in sorted(self.reasons.items()):
            yield f"  {code}: {reason.count:,}"
            yield from (f"    {example}" for example in reason.examples)
            if reason.count > len(reason.examples):
                yield f"    … and {reason.count - len(reason.examples):,} more"


class Batch(NamedTuple):
    """A finished batch: its last line, the reader's state after it, and its rejected rows."""

    line: int
    rows: int
    reader: dict[str, Any]
    refused: list[RefusedRow]


class _Answered(NamedTuple):
    write_request: WriteRequest
    answer: Outcome | RequestRefused
    line: int  # the first line of the batch


class Loader:
    """Loads batches of lines. Leaving its context waits until everything is stored."""

    def __init__(
        self,
        *,
        targets: Targets,
        store: Store | None,
        now: Callable[[], datetime],
        waits_s: Sequence[float] = WAITS_S,
        done: Callable[[Batch], None] = lambda _: None,
        begin: Callable[[int, AbstractSet[str]], None] = lambda sensor, quantities: None,
    ) -> None:
        """Without `store`, only check: readings that could be stored count as accepted.

        `done` is called for every batch, in order, after it is stored; `begin` for a sensor's quantities before.
        """
        self._targets = targets
        self._store = store
        self._now = now
        self._waits_s = waits_s
        self._thread = ThreadPoolExecutor(1, "store")
        self._storing: Future[list[_Answered]] | None = None
        self._done = done
        self._begin = begin
        self._batch: Batch | None = None
        self._leaving = threading.Event()
        self._instants = SharedInstants()
        self.report = Report()

    def load(self, lines: Sequence[Line], *, reader: dict[str, Any] | None = None) -> None:
        """Check a batch, and store it while the caller reads the next one.

        :param reader: the state that the reader needs to continue after these lines.
        :raises Interrupted: an earlier batch could not be stored.
        :raises BadTarget: the batch names sensors that cannot be right.
        """
        self._targets.expect({line.sensor for line in lines})
        self.report.rows += len(lines)
        refused: list[RefusedRow] = []
        self._instants.next_batch()
        write_requests = [
            write_request
            for name, ours in _by_sensor(lines)
            if (write_request := self._write_request(name, ours, refused))
        ]
        self.finish()
        self.report.readings = self._instants.count
        self._batch = Batch(lines[-1].number, len(lines), reader or {}, refused)
        if self._store is None:
            self.report.accepted += sum(len(write_request.drafts) for write_request in write_requests)
        elif write_requests:
            self._storing = self._thread.submit(self._store_all, self._store, write_requests, lines[0].number)

    def finish(self) -> None:
        """Return when everything loaded so far is stored.

        :raises Interrupted: it could not be stored.
        """
        storing, self._storing = self._storing, None
        batch, self._batch = self._batch, None
        for answered in storing.result() if storing else ():
            self._note(*answered, batch)
        if batch:
            self._done(batch._replace(refused=sorted(batch.refused)))

    def __enter__(self) -> "Loader":
        return self

    def __exit__(self, *_: object) -> None:
        self._leaving.set()
        self._thread.shutdown()

    def _write_request(self, name: str, lines: Sequence[Line], refused: list[RefusedRow]) -> WriteRequest | None:
        source = self._targets.of(name)
        if source is None:
            for line in lines:
                problem = line.sent.problem or ("unknown_sensor", self._targets.problem(name))
                self._refuse(RefusedRow(line.number, *problem), refused)
            return None
        received_at = self._now()
        places = [line.number for line in lines]
        checked = check([line.sent for line in lines], received_at=received_at, places=places, is_import=True)
        for rejected in checked.rejected:
            self._refuse(RefusedRow(lines[rejected.index].number, rejected.code, _told(rejected)), refused)
        drafts = [draft for draft in checked.drafts if not self._is_clash(source, draft, lines, refused)]
        if not drafts:
            return None
        if self._store is not None:
            self._begin(source.sensor, set().union(*(draft.values for draft in drafts)))
        return WriteRequest(source, received_at, drafts)

    def _is_clash(self, source: Source, draft: Draft, lines: Sequence[Line], refused: list[RefusedRow]) -> bool:
        """Refuse a reading if an earlier row has other values of the same instant."""
        line = lines[draft.index].number
        problem = self._instants.problem(source.sensor, draft, line)
        if problem:
            self._refuse(RefusedRow(line, CODE, problem), refused)
        return bool(problem)

    def _store_all(self, store: Store, write_requests: Sequence[WriteRequest], line: int) -> list[_Answered]:
        """Store a batch, retrying while the database is down; runs in the thread."""
        done: list[_Answered] = []
        for wait_s in (*self._waits_s, None):
            try:
                answers = store(write_requests).answers
            except NoRoom as full:
                raise Interrupted(f"from line {line:,} on nothing is stored, all before it is: {full}") from None
            answered = [
                _Answered(write_request, answer, line)
                for write_request, answer in zip(write_requests, answers, strict=True)
            ]
            done += [each for each in answered if not _is_away(each.answer)]
            write_requests = [each.write_request for each in answered if _is_away(each.answer)]
            if not write_requests:
                return done
            if wait_s is None or self._leaving.wait(wait_s):
                break
        raise Interrupted(f"the database is away, and from line {line} on nothing is stored. Run it again.")

    def _note(
        self, write_request: WriteRequest, answer: Outcome | RequestRefused, line: int, batch: Batch | None
    ) -> None:
        if isinstance(answer, Outcome):
            self.report.accepted += answer.accepted
            self.report.duplicates += answer.duplicates
            for rejected in answer.rejected:
                self.report.refuse(rejected.code, line, f"of the rows from here on: {rejected.detail}")
            return
        for _ in write_request.drafts:
            row = RefusedRow(line, answer.code, f"of the rows from here on: {answer.detail}")
            self._refuse(row, batch.refused if batch else [])

    def _refuse(self, row: RefusedRow, refused: list[RefusedRow]) -> None:
        self.report.refuse(row.code, row.line, row.detail)
        refused.append(row)


def _is_away(answer: Outcome | RequestRefused) -> bool:
    return isinstance(answer, RequestRefused) and answer.code == "database_away"


def _by_sensor(lines: Sequence[Line]) -> Iterable[tuple[str, list[Line]]]:
    """Group lines by sensor, in the file's order within each; unreadable lines name no sensor and come first."""
    ordered = sorted(lines, key=lambda line: line.sensor)
    return [(name, list(ours)) for name, ours in groupby(ordered, key=lambda line: line.sensor)]


def _told(rejected: Rejected) -> str:
    return f"{rejected.quantity}: {rejected.detail}" if rejected.quantity else rejected.detail
