"""Work that goes on in the background: what a chore is, and the runner that does them, one at a time.

Every process has a runner; one of them, whoever holds the advisory lock, does the work. `server/chores.py` lists
the chores. To add one: write a class with `name`, `every_s` and `run`, and put it on that list.
"""

import logging
import threading
import time
from collections.abc import Callable, Sequence
from typing import Final, Protocol

import psycopg

from sensorfusion.events import metrics
from sensorfusion.events.postgres import conninfo

_LOCK: Final = 0x5E50_0003  # any number that nobody else uses; see readings/storage/partitions.py
LOOK_EVERY_S: Final = 5.0  # how soon another process takes over from one that ended
RETRY_AFTER_S: Final = (1.0, 2.0, 5.0, 10.0, 30.0)  # a database that is away is asked for ever less often

DURATIONS = metrics.Histogram("sensorfusion_chore_seconds", "How long background work took, by chore.", ["chore"])
FAILURES = metrics.Counter("sensorfusion_chore_failures", "Background work that failed, by chore.", ["chore"])

_log = logging.getLogger(__name__)


class Chore(Protocol):
    """One kind of background work.

    `run` gets a connection in autocommit, opens the transactions it needs itself (`with connection.transaction():`),
    and does a small part of its work: a second at most, because the others wait. It returns True when there is more to
    do at once, False to be called again in `every_s` seconds. It may be killed between any two statements, so what must
    be done together belongs in one transaction. What it raises is logged, and it is called again in `every_s` seconds.
    """

    name: str
    every_s: float

    def run(self, connection: psycopg.Connection) -> bool: ...


class Runner:
    """Does chores in a thread, while no other process does."""

    def __init__(
        self,
        chores: Sequence[Chore],
        *,
        connect: Callable[[], str] = conninfo,
        clock: Callable[[], float] = time.monotonic,
        look_every_s: float = LOOK_EVERY_S,
        retry_after_s: Sequence[float] = RETRY_AFTER_S,
    ) -> None:
        self._chores = chores
        self._connect = connect
        self._clock = clock
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
        """End soon: what is being done is cancelled, which is as good as a kill and as harmless."""
        self._stopped.set()
        connection = self._connection
        if connection is not None and not connection.closed:
            connection.cancel()
        if self._thread:
            self._thread.join()
            self._thread = None

    def run(self) -> None:
        """Work until stopped, whatever becomes of the database meanwhile."""
        while not self._stopped.is_set():
            try:
                with psycopg.connect(self._connect(), autocommit=True) as self._connection:
                    self._follow(self._connection)
            except psycopg.Error as error:
                if self._stopped.is_set():
                    return
                _log.warning("Background work waits for the database: %s", str(error).strip())
                patience = self._retry_after_s[min(self._failures, len(self._retry_after_s) - 1)]
                self._failures += 1
                self._stopped.wait(patience)

    def _follow(self, connection: psycopg.Connection) -> None:
        """Wait until the lock is ours, then work; the lock ends with the connection, however that ends."""
        while not self._stopped.is_set():
            self._failures = 0
            row = connection.execute("SELECT pg_try_advisory_lock(%s)", [_LOCK]).fetchone()
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
            # A look at the connection now and then: one that died while idle has lost the lock.
            soonest = min(due_at.values(), default=self._clock() + self._look_every_s)
            pause = min(soonest - self._clock(), self._look_every_s)
            if pause > 0:
                self._stopped.wait(pause)
                connection.execute("SELECT 1")

    def _do(self, chore: Chore, connection: psycopg.Connection) -> bool:
        began = self._clock()
        try:
            return chore.run(connection)
        except Exception as error:  # one chore's fault must not keep the others from their work
            if self._stopped.is_set():
                return False
            if connection.closed:
                raise psycopg.OperationalError("the connection was lost") from error
            FAILURES.add(1, chore.name)
            _log.exception("Background work failed and is tried again: %s", chore.name)
            return False
        finally:
            DURATIONS.observe(self._clock() - began, chore.name)
