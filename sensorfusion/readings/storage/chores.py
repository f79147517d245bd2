"""Background chores: their protocol, and the runner, which executes one at a time.

Every process has a runner; the one that holds the advisory lock executes the chores. Slow ones have a runner of their
own, with a lock of their own (`server/mailer.py`). `server/chores.py` lists them. To
add one, write a class with `name`, `every_s` and `run`, and add it to that list.
"""

import contextlib
import logging
import threading
import time
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Final, Protocol

import psycopg

from sensorfusion.clock import Clock
from sensorfusion.events import metrics
from sensorfusion.events.postgres import conninfo
from sensorfusion.postgres.cutting import cut
from sensorfusion.readings.storage.chore_runs import ChoreRuns

_LOCK: Final = 0x5E50_0003  # any number unused as an advisory lock; see readings/stored/partitions.py
LOOK_EVERY_S: Final = 5.0  # how soon another process takes over from a dead one
STOP_WITHIN_S: Final = 1.5  # how long the server may take to cancel a statement, and the thread to notice it
# Of one statement, unless its chore sets a limit of its own: the other chores wait meanwhile.
STATEMENT_WITHIN_S: Final = 120.0
RETRY_AFTER_S: Final = (1.0, 2.0, 5.0, 10.0, 30.0)  # backoff while the database is away

DURATIONS = metrics.Histogram("sensorfusion_chore_seconds", "Duration of background chores, by chore.", ["chore"])
FAILURES = metrics.Counter("sensorfusion_chore_failures", "Failed runs of background chores, by chore.", ["chore"])

_log = logging.getLogger(__name__)


class Chore(Protocol):
    """One kind of background work.

    `run` gets a connection in autocommit mode, opens the transactions it needs (`with connection.transaction():`), and
    does a small part of its work, one second at most, because the other chores wait. It returns True if more work is
    due at once, False to be called again after `every_s` seconds. The process may be killed between any two statements,
    so statements that belong together must share a transaction. Exceptions are logged, and `run` is called again after
    `every_s` seconds.
    """

    name: str
    every_s: float

    def run(self, connection: psycopg.Connection) -> bool: ...


def limit_statements(connection: psycopg.Connection) -> None:
    """Limit the time of each statement of a connection for chores."""
    limit = f"{round(1000 * STATEMENT_WITHIN_S)}ms"
    connection.execute("SELECT set_config('statement_timeout', %s, false)", [limit])


class Runner:
    """Runs the chores in a thread, as long as this process holds the advisory lock."""

    def __init__(
        self,
        chores: Sequence[Chore],
        *,
        connect: Callable[[], str] = conninfo,
        clock: Callable[[], float] = time.monotonic,
        look_every_s: float = LOOK_EVERY_S,
        retry_after_s: Sequence[float] = RETRY_AFTER_S,
        lock: int = _LOCK,
        now: Clock | None = None,
    ) -> None:
        """`now` tells when chores ran, for the administrators; without it nothing is recorded."""
        self._lock = lock
        self._chores = chores
        self._connect = connect
        self._clock = clock
        self._now, self._runs = now, ChoreRuns()
        self._look_every_s = look_every_s
        self._retry_after_s = retry_after_s
        self._stopped = threading.Event()
        self._thread: threading.Thread | None = None
        self._connection: psycopg.Connection | None = None
        self._failures = 0
        self.is_leading = False

    def start(self) -> None:
        self._thread = threading.Thread(target=self.run, name="chores", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Stop the thread, cancelling the current statement; chores tolerate that as they tolerate being killed."""
        self._stopped.set()
        connection = self._connection
        if connection is not None and not connection.closed:
            _cancel(connection)
        if self._thread:
            self._thread.join(STOP_WITHIN_S)
            if self._thread.is_alive() and connection is not None:
                cut(connection)
            self._thread.join(STOP_WITHIN_S)  # a thread that still connects is left to the end of the process
            self._thread = None

    def run(self) -> None:
        """Run the chores until stopped; reconnect when the database was away."""
        while not self._stopped.is_set():
            try:
                with psycopg.connect(self._connect(), autocommit=True) as self._connection:
                    limit_statements(self._connection)
                    self._follow(self._connection)
            except psycopg.Error as error:
                if self._stopped.is_set():
                    return
                _log.warning("Background chores are waiting for the database: %s", str(error).strip())
                patience = self._retry_after_s[min(self._failures, len(self._retry_after_s) - 1)]
                self._failures += 1
                self._stopped.wait(patience)

    def _follow(self, connection: psycopg.Connection) -> None:
        """Wait for the lock, then lead; the server releases the lock when the connection ends for any reason."""
        while not self._stopped.is_set():
            self._failures = 0
            row = connection.execute("SELECT pg_try_advisory_lock(%s)", [self._lock]).fetchone()
            if row and row[0]:
                break
            self._stopped.wait(self._look_every_s)
        try:
            self.is_leading = not self._stopped.is_set()
            self._lead(connection)
        finally:
            self.is_leading = False

    def _lead(self, connection: psycopg.Connection) -> None:
        due_at = {chore.name: self._clock() for chore in self._chores}
        while not self._stopped.is_set():
            for chore in self._chores:
                if self._clock() >= due_at[chore.name] and not self._stopped.is_set():
                    has_more = self._do(chore, connection)
                    due_at[chore.name] = self._clock() + (0 if has_more else chore.every_s)
            # Test the connection at least every `look_every_s`: if it died while idle, the lock is lost.
            soonest = min(due_at.values(), default=self._clock() + self._look_every_s)
            pause = min(soonest - self._clock(), self._look_every_s)
            if pause > 0:
                self._stopped.wait(pause)
                connection.execute("SELECT 1")

    def _do(self, chore: Chore, connection: psycopg.Connection) -> bool:
        began, failure = self._clock(), None
        try:
            return chore.run(connection)
        except Exception as error:  # a failing chore must not stop the others
            if self._stopped.is_set():
                return False
            if connection.closed:
                raise psycopg.OperationalError("the connection was lost") from error
            failure = str(error).strip() or type(error).__name__
            FAILURES.add(1, chore.name)
            _log.exception("A background chore failed and will be retried: %s", chore.name)
            return False
        finally:
            took_s = self._clock() - began
            DURATIONS.observe(took_s, chore.name)
            if self._now and not connection.closed:
                self._record(connection, chore.name, took_s, failure, at=self._now())

    def _record(
        self, connection: psycopg.Connection, name: str, took_s: float, failure: str | None, *, at: datetime
    ) -> None:
        try:
            self._runs.note(connection, name, at=at, took_s=took_s, failure=failure)
        except psycopg.Error as error:  # such as a database that is read-only for now; the next run writes it
            _log.warning("The run of a background chore was not recorded: %s", str(error).strip())


def _cancel(connection: psycopg.Connection) -> None:
    """Ask the server to cancel the current statement; it may be silent, or gone."""
    # The function of libpq before 17 waits for the server without a limit, and keeps all other threads waiting.
    if psycopg.capabilities.has_cancel_safe():
        with contextlib.suppress(psycopg.Error):
            connection.cancel_safe(timeout=STOP_WITHIN_S)
