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

from sensorfusion.domain.log_context import logged_about
from sensorfusion.events.messages import StoredReading
from sensorfusion.ingest.steps.batch import Outcome
from sensorfusion.ingest.steps.refused import RequestRefused
from sensorfusion.ingest.storing.prepared import prepare
from sensorfusion.ingest.storing.rows import WriteRequest
from sensorfusion.ingest.storing.state import State
from sensorfusion.ingest.storing.statements import PREPARED
from sensorfusion.ingest.storing.transaction import store
from sensorfusion.postgres.cutting import cut
from sensorfusion.postgres.faults import is_of_request, one_line
from sensorfusion.readings.stored.partitions import Partitions, months_of

# While the database is down, requests are refused immediately instead of each waiting for a connection attempt.
TRY_AGAIN_AFTER_S = 0.5
# Time for a group until its connection counts as dead: milliseconds are usual, and a slow SD card stores some hundred
# readings a second.
ANSWER_WITHIN_S = 8.0
ANSWER_WITHIN_S_PER_READING = 0.005

# A group touches few states, whatever array length the planner assumes, and the best plan does not depend on which.
# Planned for each execution, a single reading took 250 µs instead of 135, and beyond some thousand sensors the planner
# chose to read all states.
_BY_KEY = """
SET enable_seqscan = off; SET enable_hashjoin = off; SET enable_mergejoin = off;
SET plan_cache_mode = force_generic_plan
"""

# A lock that is held for longer than a moment (by an administrator, by a migration) is answered as an absent database,
# so that senders keep their readings and others get their turn. The server notices that we are gone, and releases our
# locks, by looking at the socket during a statement, and by the limit between two statements.
_LIMITS = {
    "lock_timeout": "4s",
    "idle_in_transaction_session_timeout": "60s",
    "client_connection_check_interval": "2s",
}
# Errors that come after a wait; after the others, a second try costs nothing.
_SLOW = (psycopg.errors.LockNotAvailable, psycopg.errors.QueryCanceled)

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Stored:
    """One answer per write request, in order, and the stored changes."""

    answers: list[Outcome | RequestRefused]
    changes: list[StoredReading]


class WriterConnection:
    """Stores groups of write requests; used by one thread only."""

    def __init__(
        self, conninfo: str, *, clock: Callable[[], float] = time.monotonic, most_names: int | None = None
    ) -> None:
        self._conninfo = conninfo
        self._clock = clock
        self._connection: psycopg.Connection | None = None
        self._partitions = Partitions()
        self._remembered: dict[int, State] = {}
        self._not_before = 0.0
        self._most_names: int = settings.ENVIRONMENT.sensor_quantities if most_names is None else most_names
        self._due_at: float | None = None  # while a group is being stored: when its connection counts as dead
        self._is_cut = False
        self._is_closing = False
        # Why the last group could not be stored, with the time of the clock; None after one that was.
        self.fault: tuple[float, str] | None = None

    def store(self, write_requests: Sequence[WriteRequest]) -> Stored:
        """Store a group and return after COMMIT, with a refusal for each write request that failed; never raise."""
        if self._clock() < self._not_before or self._is_closing:
            return _away(write_requests)
        readings = sum(len(write_request.drafts) for write_request in write_requests)
        self._due_at = self._clock() + ANSWER_WITHIN_S + ANSWER_WITHIN_S_PER_READING * readings
        try:
            stored = self._tried(write_requests)
            self.fault = None
        except psycopg.Error as error:
            self._fail(error)
            return _away(write_requests)
        finally:
            self._due_at = None
        return stored

    def cut_if_overdue(self) -> None:
        """Cut the connection if the group that is being stored has taken too long; called from another thread."""
        if self._due_at is not None and self._clock() > self._due_at:
            _log.error("The database does not answer, its connection is ended")
            self._cut()

    def abandon(self) -> None:
        """Refuse what is being stored and all that follows; called from another thread."""
        self._is_closing = True
        self._cut()

    def _cut(self) -> None:
        self._is_cut = True
        if self._connection is not None:
            cut(self._connection)

    def _tried(self, write_requests: Sequence[WriteRequest]) -> Stored:
        """Store a group, on a new connection if the first one died while it was idle.

        Storing it twice is harmless: readings that were committed after all are found as duplicates.
        """
        was_connected = self._connection is not None
        self._is_cut = False
        try:
            return self._store(write_requests)
        except psycopg.OperationalError as error:
            if not was_connected or self._is_cut or isinstance(error, _SLOW):
                raise
            self._drop()
            return self._store(write_requests)

    def _fail(self, error: psycopg.Error) -> None:
        _log.error("Readings cannot be stored, the database is away: %s", one_line(error))
        self._drop()
        self.fault = self._clock(), one_line(error)
        self._not_before = self._clock() + TRY_AGAIN_AFTER_S

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
        except Exception as error:  # whatever the error: the thread must go on storing other readings
            if _is_of_database(error):
                raise
            return self._apart(write_requests) if len(write_requests) > 1 else _spoilt(write_requests[0], error)
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
        except Exception as error:  # as above
            if _is_of_database(error):
                raise
            return _spoilt(write_request, error)
        return Stored([committed.outcomes[0] or RequestRefused("revoked_key")], committed.changes)

    def _connected(self) -> psycopg.Connection:
        if self._connection is None or self._connection.closed:
            self._connection = psycopg.connect(self._conninfo, autocommit=True)
            set_json_loads(msgspec.json.decode, self._connection)
            self._connection.execute(_BY_KEY)
            _limit(self._connection)
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


def _is_of_database(error: Exception) -> bool:
    return isinstance(error, psycopg.Error) and not is_of_request(error)


def _spoilt(write_request: WriteRequest, error: Exception) -> Stored:
    """Refuse a write request that passed all checks but cannot be stored; this is a bug, so log the traceback."""
    batch = f"{len(write_request.drafts)}@{write_request.received_at.isoformat()}"
    with logged_about(sensor=write_request.source.uuid, batch=batch):
        _log.exception("A request could not be stored", exc_info=error)
    return Stored([RequestRefused("unreadable" if is_of_request(error) else "not_stored")], [])


def _limit(connection: psycopg.Connection) -> None:
    """Set the limits that this server knows: not every system can look at a socket during a statement."""
    for name, value in _LIMITS.items():
        try:
            connection.execute("SELECT set_config(%s, %s, false)", [name, value])
        except psycopg.DataError as error:
            _log.warning("PostgreSQL does not take %s: %s", name, one_line(error))
