"""The writer's database connection: opened on demand, closed when broken; a bad write request never affects others."""

import logging
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from types import TracebackType

import msgspec
import psycopg
from django.conf import settings
from psycopg.types.json import set_json_loads

from sensorfusion.events.messages import StoredReading
from sensorfusion.ingest.steps.batch import Outcome
from sensorfusion.ingest.steps.refused import RequestRefused
from sensorfusion.ingest.storing.prepared import prepare
from sensorfusion.ingest.storing.rows import WriteRequest
from sensorfusion.ingest.storing.state import State
from sensorfusion.ingest.storing.statements import PREPARED
from sensorfusion.ingest.storing.transaction import store
from sensorfusion.readings.storage.partitions import Partitions, months_of

# While the database is down, requests are refused immediately instead of each waiting for a connection attempt.
TRY_AGAIN_AFTER_S = 0.5

# A group touches few states, whatever array length the planner assumes, and the best plan does not depend on which.
# Planned for each execution, a single reading took 250 µs instead of 135, and beyond some thousand sensors the planner
# chose to read all states.
_BY_KEY = """
SET enable_seqscan = off; SET enable_hashjoin = off; SET enable_mergejoin = off;
SET plan_cache_mode = force_generic_plan
"""

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Stored:
    """One answer per write request, in order, and the stored changes."""

    answers: list[Outcome | RequestRefused]
    changes: list[StoredReading]


class WriterConnection:
    """Stores groups of write requests; used by one thread only."""

    def __init__(self, conninfo: str, *, clock: Callable[[], float] = time.monotonic) -> None:
        self._conninfo = conninfo
        self._clock = clock
        self._connection: psycopg.Connection | None = None
        self._partitions = Partitions()
        self._remembered: dict[int, State] = {}
        self._not_before = 0.0
        self._most_names: int = settings.ENVIRONMENT.sensor_quantities

    def store(self, write_requests: Sequence[WriteRequest]) -> Stored:
        """Store a group and return after COMMIT, with a refusal for each write request that failed; never raise."""
        if self._clock() < self._not_before:
            return _away(write_requests)
        try:
            # The first failure may be a connection that died while idle. Retrying is idempotent: readings that were
            # committed after all are found as duplicates.
            try:
                return self._store(write_requests)
            except psycopg.OperationalError:
                self._drop()
                return self._store(write_requests)
        except psycopg.OperationalError as error:
            _log.error("Readings cannot be stored, the database is away: %s", str(error).strip())
            self._drop()
            self._not_before = self._clock() + TRY_AGAIN_AFTER_S
            return _away(write_requests)

    def _store(self, write_requests: Sequence[WriteRequest]) -> Stored:
        connection = self._connected()
        try:
            self._partitions.ensure(
                connection, months_of([d.observed_at for write_request in write_requests for d in write_request.drafts])
            )
            committed = store(connection, write_requests, self._remembered, most_names=self._most_names)
        except psycopg.errors.CheckViolation:  # a cached partition has been dropped since
            self._partitions.forget()
            return self._apart(write_requests)
        except psycopg.OperationalError:
            raise
        except Exception as error:  # whatever the error: the thread must go on storing other readings
            return self._apart(write_requests) if len(write_requests) > 1 else _spoilt(error)
        return Stored([outcome or RequestRefused("revoked_key") for outcome in committed.outcomes], committed.changes)

    def _apart(self, write_requests: Sequence[WriteRequest]) -> Stored:
        """Store each write request by itself, so that only the failing one is refused."""
        singles = [self._alone(write_request) for write_request in write_requests]
        return Stored(
            [answer for single in singles for answer in single.answers],
            [change for single in singles for change in single.changes],
        )

    def _alone(self, write_request: WriteRequest) -> Stored:
        connection = self._connected()
        try:
            self._partitions.ensure(connection, months_of([draft.observed_at for draft in write_request.drafts]))
            committed = store(connection, [write_request], self._remembered, most_names=self._most_names)
        except psycopg.OperationalError:
            raise
        except Exception as error:  # as above
            return _spoilt(error)
        return Stored([committed.outcomes[0] or RequestRefused("revoked_key")], committed.changes)

    def _connected(self) -> psycopg.Connection:
        if self._connection is None or self._connection.closed:
            self._connection = psycopg.connect(self._conninfo, autocommit=True)
            set_json_loads(msgspec.json.decode, self._connection)
            self._connection.execute(_BY_KEY)
            prepare(self._connection, PREPARED)
        return self._connection

    def _drop(self) -> None:
        if self._connection is not None:
            self._connection.close()
            self._connection = None
            self._partitions.forget()
            self._remembered.clear()

    def __enter__(self) -> "WriterConnection":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._drop()


def _away(write_requests: Sequence[WriteRequest]) -> Stored:
    return Stored([RequestRefused("database_away") for _ in write_requests], [])


def _spoilt(error: Exception) -> Stored:
    """Refuse a write request that passed all checks but cannot be stored; this is a bug, so log the traceback."""
    _log.exception("A request could not be stored", exc_info=error)
    return Stored(
        [RequestRefused("unreadable", "The readings could not be stored as they are; the server's log says why.")], []
    )
