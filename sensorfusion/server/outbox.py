"""Sends what waits in an outbox, in a thread of every process; one of them sends at a time.

It keeps no connection: it takes one of Django's pool for each look, and the session's advisory lock with it. So another
process goes on at its next look when this one ends. The outboxes of a process look one after the other: together they
need one connection, where a pooler gives few. What is slow, the sending, is done by other threads.
"""

import logging
import threading
from typing import Final, Protocol

from django.db import connection, connections

from sensorfusion.events.work import REST_S

LOOK_EVERY_S: Final = 1.0  # while something may become due by itself
RETRY_AFTER_S: Final = 10.0  # after an error, such as a database that is away
STOP_WITHIN_S: Final = 1.5  # a receiver that does not answer is left to the end of the process
SETTLE_WITHIN_S: Final = 1.0

_log = logging.getLogger(__name__)
LOOKING: Final = threading.Lock()


class Outbox(Protocol):
    """What waits to be sent; its methods use the thread's connection of Django."""

    @property
    def answered(self) -> threading.Event:
        """Set when an answer can be recorded."""

    @property
    def rests(self) -> bool:
        """Whether nothing could become due without an announcement, when `is_due` was asked last."""

    def is_due(self) -> bool:
        """Return whether there may be something to do."""

    def step(self) -> bool:
        """Do a part of it; return whether more may be due."""

    def settle(self, *, wait_s: float = 0.0) -> bool:
        """Record what receivers answered; return whether one did."""


class OutboxSender:
    """The thread of one process."""

    def __init__(self, chore: Outbox, *, lock: int, name: str) -> None:
        self._chore = chore
        self._lock = lock
        self._name = name
        self._stopped = threading.Event()
        self._thread: threading.Thread | None = None

    def start(self) -> None:
        self._thread = threading.Thread(target=self._run, name=self._name, daemon=True)
        self._thread.start()

    def wake(self) -> None:
        """Look at once."""
        self._chore.answered.set()

    def stop(self) -> None:
        self._stopped.set()
        self.wake()
        if self._thread:
            self._thread.join(STOP_WITHIN_S)

    def step(self) -> bool:
        """Send once, if anything is due and no other process does; return whether more may be due.

        Answers that this process waits for are recorded by it in every case.
        """
        with LOOKING:
            return self._look()

    def _look(self) -> bool:
        try:
            if not self._chore.is_due():
                return self._chore.settle()
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_try_advisory_lock(%s)", [self._lock])
                if cursor.fetchone() != (True,):
                    return self._chore.settle()
                try:
                    return self._chore.step()
                finally:
                    cursor.execute("SELECT pg_advisory_unlock(%s)", [self._lock])
        finally:
            connections.close_all()  # back to the pool

    def _run(self) -> None:
        while not self._stopped.is_set():
            try:
                pause_s = 0.0 if self.step() else self._pause_s()
            except Exception as error:  # as with every chore: it is tried again
                _log.warning("What is to be sent is waiting (%s): %s", self._name, str(error).strip())
                self._stopped.wait(RETRY_AFTER_S)
                continue
            self._chore.answered.wait(pause_s)
            self._chore.answered.clear()  # after the wait: what was set while it looked, or stops it, ends the wait
        self._end()

    def _pause_s(self) -> float:
        return REST_S if self._chore.rests else LOOK_EVERY_S

    def _end(self) -> None:
        """Record the answers that come soon, so that their messages are not sent again."""
        try:
            self._chore.settle(wait_s=SETTLE_WITHIN_S)
        except Exception as error:
            _log.warning("What was sent may be sent again (%s): %s", self._name, str(error).strip())
        finally:
            connections.close_all()
