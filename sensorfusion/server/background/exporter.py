"""Writes exports in a thread of every process; one of them writes at a time (`readings/export/jobs/writing.py`).

It looks by a connection of Django's pool, and keeps it only while it writes: its session holds the advisory lock then,
and the database releases the lock when the process ends for any reason.
"""

import logging
import threading
import time
from collections.abc import Callable
from typing import Final

import psycopg
from django.db import connection, connections

from sensorfusion.clock import Clock
from sensorfusion.events.work import REST_S
from sensorfusion.readings.export.jobs import files
from sensorfusion.readings.export.jobs.writing import LOCK, WriteExports
from sensorfusion.server.outbox import LOOKING

TAKE_OVER_WITHIN_S: Final = 5.0  # of another process that writes
RETRY_AFTER_S: Final = 10.0  # after an error, such as a database that is away
TIDY_EVERY_S: Final = 60.0
STOP_WITHIN_S: Final = 1.5  # a portion that takes longer is left to the end of the process

_log = logging.getLogger(__name__)


class Exporter:
    """The thread of one process."""

    def __init__(self, *, now: Clock, is_busy: Callable[[], bool]) -> None:
        self._stopped = threading.Event()
        self._woken = threading.Event()
        self._writes = WriteExports(now, rest=self._stopped.wait, is_busy=is_busy)
        self._thread: threading.Thread | None = None
        self._tidied_at = float("-inf")

    def start(self) -> None:
        self._thread = threading.Thread(target=self._run, name="exports", daemon=True)
        self._thread.start()

    def wake(self) -> None:
        """Look at once."""
        self._woken.set()

    def stop(self) -> None:
        """Stop after the portion that is being written; its export is begun again by another process."""
        self._stopped.set()
        self.wake()
        if self._thread:
            self._thread.join(STOP_WITHIN_S)

    def step(self) -> float:
        """Write what waits, unless another process does; return in how many seconds to look again."""
        try:
            with LOOKING:
                self._tidy()
                if not self._writes.is_due():
                    return REST_S
                held = _session()
                if held.execute("SELECT pg_try_advisory_lock(%s)", [LOCK]).fetchone() != (True,):
                    return TAKE_OVER_WITHIN_S
            try:
                return 0.0 if self._writes.step(held) else REST_S
            finally:
                if not held.broken:
                    held.execute("SELECT pg_advisory_unlock(%s)", [LOCK])
        finally:
            connections.close_all()  # back to the pool

    def _tidy(self) -> None:
        if time.monotonic() - self._tidied_at >= TIDY_EVERY_S:
            self._tidied_at = time.monotonic()
            files.tidy()

    def _run(self) -> None:
        while not self._stopped.is_set():
            try:
                pause_s = self.step()
            except Exception as error:  # as with every chore: it is tried again
                _log.warning("Exports are waiting: %s", str(error).strip())
                pause_s = RETRY_AFTER_S
            self._woken.wait(pause_s)
            self._woken.clear()


def _session() -> psycopg.Connection:
    """Return the thread's connection of Django, which is in autocommit mode."""
    connection.ensure_connection()
    session: psycopg.Connection = connection.connection
    return session
