"""Whether this process can do what it is for: take readings and store them, and hear of changes of rights.

It is not ready while the oldest waiting reading has waited for too long, after a failed commit, while the listener is
deaf, and if the database does not do what `database_check` asks of it. A load balancer then sends requests elsewhere.
"""

import asyncio
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final, Protocol

import psycopg
from django.db.migrations.loader import MigrationLoader
from psycopg_pool import AsyncConnectionPool

from sensorfusion.postgres.cutting import answering
from sensorfusion.postgres.faults import one_line
from sensorfusion.server import database_check

# Load balancers probe every few seconds; a database that needs longer to answer counts as not ready.
DATABASE_WITHIN_S: Final = 2.0
# Commits take milliseconds, those of large imports a second.
WAITING_AT_MOST_S: Final = 5.0
# How long a failed commit counts if no other follows: without readings there is no other sign of recovery.
FAULT_COUNTS_S: Final = 10.0
# Several load balancers share one trial.
SAME_FOR_S: Final = 1.0


class Hearing(Protocol):
    """The part of the listener that is asked."""

    is_hearing: bool


class Storing(Protocol):
    """The part of the writer that is asked."""

    @property
    def oldest_s(self) -> float: ...

    def fault(self, *, within_s: float) -> str: ...


@dataclass(frozen=True, slots=True)
class Verdict:
    """What /readyz answers; `code` is "ready", or the reason."""

    code: str
    detail: str


class Readiness:
    """Judges one process."""

    def __init__(
        self,
        pool: AsyncConnectionPool[Any],
        listener: Hearing,
        writer: Storing,
        *,
        clock: Callable[[], float] = time.monotonic,
        room: Callable[[], str] = lambda: "",
    ) -> None:
        self._room = room  # what is to be said of a full disk
        self._pool, self._listener, self._writer, self._clock = pool, listener, writer, clock
        self._migrated = False
        self._turn = asyncio.Lock()
        self._last: tuple[float, Verdict] | None = None

    @property
    def oldest_s(self) -> float:
        """How long the oldest waiting reading has waited."""
        return self._writer.oldest_s

    async def verdict(self) -> Verdict:
        """Return the verdict, at most a second old."""
        async with self._turn:
            if self._last is None or self._clock() - self._last[0] >= SAME_FOR_S:
                self._last = self._clock(), self._with_room(await self._judge())
            return self._last[1]

    def _with_room(self, verdict: Verdict) -> Verdict:
        why = self._room() if verdict.code != "ready" else ""
        return Verdict(verdict.code, f"{verdict.detail} {why}") if why else verdict

    async def _judge(self) -> Verdict:
        if self.oldest_s > WAITING_AT_MOST_S:
            return Verdict("not_storing", f"The oldest waiting reading has waited for {self.oldest_s:.0f} s.")
        if why := self._writer.fault(within_s=FAULT_COUNTS_S):
            return Verdict("not_storing", f"The last readings could not be stored: {why}")
        verdict = await self._ask_database()
        if verdict.code == "ready" and not self._listener.is_hearing:
            return Verdict("not_hearing", "Changes of rights are not received: notifications do not arrive.")
        return verdict

    async def _ask_database(self) -> Verdict:
        try:
            async with (
                self._pool.connection(timeout=DATABASE_WITHIN_S) as link,
                answering(link, DATABASE_WITHIN_S),
            ):
                if not self._migrated:
                    self._migrated = await _is_migrated(link)
                if not self._migrated:
                    return Verdict("not_migrated", "The database lacks migrations. Run: sensorfusion migrate")
                await database_check.attempt(link)
        except psycopg.errors.UndefinedTable:
            return Verdict("not_migrated", "The database is empty. Run: sensorfusion migrate")
        except psycopg.Error as error:
            return _refused(error)
        return Verdict("ready", "The database answers, takes writes and is up to date.")


def _refused(error: psycopg.Error) -> Verdict:
    if error.sqlstate is None or error.sqlstate.startswith(("08", "57P")):
        return Verdict("no_database", f"The database does not answer: {one_line(error)}")
    return Verdict("not_writable", f"The database answers, but takes no readings: {one_line(error)}")


async def _is_migrated(link: psycopg.AsyncConnection[Any]) -> bool:
    rows = await (await link.execute("SELECT app, name FROM django_migrations")).fetchall()
    return await asyncio.to_thread(_migrations_in_code) <= set(rows)


def _migrations_in_code() -> set[tuple[str, str]]:
    return set(MigrationLoader(None).disk_migrations)
