"""Records for administrators when each chore ran, how long it took, and why it failed the last time.

A chore may run several times a second, so its runs are counted in memory and written at most every `WRITE_EVERY`;
a failure is written at once.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

import psycopg

from sensorfusion.domain.redaction import told
from sensorfusion.readings.models import LONGEST_FAILURE

WRITE_EVERY: Final = timedelta(seconds=20)

_WRITE: Final = """
INSERT INTO chore_run AS known (name, ran_at, took_s, longest_s, runs, failures, failed_at, failure)
VALUES (%(name)s, %(ran_at)s, %(took_s)s, %(longest_s)s, %(runs)s, %(failures)s, %(failed_at)s, %(failure)s)
ON CONFLICT (name) DO UPDATE SET
    ran_at = excluded.ran_at, took_s = excluded.took_s,
    longest_s = CASE
        WHEN known.ran_at::date = excluded.ran_at::date THEN greatest(known.longest_s, excluded.longest_s)
        ELSE excluded.longest_s
    END,
    runs = known.runs + excluded.runs, failures = known.failures + excluded.failures,
    failed_at = coalesce(excluded.failed_at, known.failed_at),
    failure = CASE WHEN excluded.failed_at IS NULL THEN known.failure ELSE excluded.failure END
"""


@dataclass(slots=True)
class _Unwritten:
    runs: int = 0
    failures: int = 0
    longest_s: float = 0.0


class ChoreRuns:
    """The runs of the chores of one process."""

    def __init__(self) -> None:
        self._unwritten: dict[str, _Unwritten] = {}
        self._written_at: dict[str, datetime] = {}

    def note(
        self, connection: psycopg.Connection[Any], name: str, *, at: datetime, took_s: float, failure: str | None = None
    ) -> None:
        """Count a run that ended now; write what is known of the chore if it failed, or if it is time."""
        counted = self._unwritten.setdefault(name, _Unwritten())
        counted.runs += 1
        counted.failures += failure is not None
        counted.longest_s = max(counted.longest_s, took_s)
        last = self._written_at.get(name)
        if failure is None and last is not None and last <= at < last + WRITE_EVERY:
            return
        said = {"failed_at": None if failure is None else at, "failure": told(failure or "", LONGEST_FAILURE)}
        of_runs = {"runs": counted.runs, "failures": counted.failures, "longest_s": counted.longest_s}
        connection.execute(_WRITE, {"name": name, "ran_at": at, "took_s": took_s, **of_runs, **said})
        self._written_at[name] = at
        del self._unwritten[name]
