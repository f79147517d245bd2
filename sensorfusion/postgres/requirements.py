"""What the platform needs of a PostgreSQL server: its version, that it can write, and a session per connection.

Sessions hold prepared statements, advisory locks and LISTEN. A pooler in transaction mode, such as PgBouncer's, hands
each transaction to any of its server connections, so all of these fail, but only where two clients meet: a request in
eleven. It is recognised without its help. PostgreSQL tells a client the process ID of its backend at the connect, and
`pg_backend_pid()` returns it; poolers make one up for the connect. If the two differ, two connections must each keep
the backend that they have: in transaction mode both are given the one that was used last, or change it.
"""

import asyncio
from collections.abc import Iterator
from contextlib import AsyncExitStack
from dataclasses import dataclass
from typing import Any, LiteralString

import psycopg

from sensorfusion.config.database_parameters import server_settings
from sensorfusion.config.database_url import LEAST_CONNECTIONS
from sensorfusion.terminal.errors import CommandLineError

OLDEST = 14
# While others use the pooler, a connection may be given the same backend by chance, but not this often in turn.
_ROUNDS = 50
# A pooler in session mode lets a connection wait until another one ends.
_WITHIN_S = 10.0
# How long the next connection may take: a pooler that has to open it needs milliseconds.
_GIVEN_WITHIN_S = 3.0
_SESSIONS = "Set DATABASE_URL to PostgreSQL itself, or pool_mode=session in PgBouncer (docs/deployment.md)."
_POOL_SIZE = f"Set default_pool_size in PgBouncer to {LEAST_CONNECTIONS}, or better 18, for each process (--workers)."

Link = psycopg.AsyncConnection[Any]


class Unsuitable(CommandLineError):
    """The database that DATABASE_URL leads to cannot be used; the message says why and what to do."""

    status = 2


@dataclass(frozen=True, slots=True)
class Answer:
    """What was found about one requirement; `remedy` is empty if it is met."""

    what: str
    remedy: str = ""


def require(conninfo: str) -> None:
    """Check the server; do nothing while it does not answer.

    :raises Unsuitable: if it lacks something.
    """
    try:
        for answer in examine(conninfo):
            if answer.remedy:
                raise Unsuitable(f"{answer.what}. {answer.remedy}")
    except psycopg.OperationalError:
        return


def why_away(conninfo: str) -> str:
    """Return why the database does not answer, in one line; an empty string if it does."""
    try:
        psycopg.connect(conninfo).close()
    except psycopg.OperationalError as error:
        return " ".join(str(error).split())
    return ""


def connections_given(conninfo: str, wanted: int) -> int:
    """Return how many of the wanted connections a pooler gives at once; all of them if there is no pooler."""
    return asyncio.run(_given(conninfo, wanted))


def too_small(given: int) -> Unsuitable:
    """Return the error for a pooler that gives a process too few connections."""
    return Unsuitable(f"The connection pooler at DATABASE_URL gives {given} connections to a process. {_POOL_SIZE}")


def examine(conninfo: str) -> Iterator[Answer]:
    """Check the requirements and yield what was found.

    :raises psycopg.OperationalError: if the database does not answer.
    """
    yield from asyncio.run(_examined(conninfo))


async def _given(conninfo: str, wanted: int) -> int:
    async with AsyncExitStack() as stack:
        if not await _is_pooled(await _connected(stack, conninfo)):
            return wanted
        given = 1
        while given < wanted and await _gives_another(stack, conninfo):
            given += 1
        return given


async def _gives_another(stack: AsyncExitStack, conninfo: str) -> bool:
    """Open one more connection and return whether it can be used."""
    try:
        link = await _connected(stack, conninfo)
    except psycopg.OperationalError:  # too many clients
        return False
    answer = asyncio.create_task(_backend(link))
    await asyncio.wait([answer], timeout=_GIVEN_WITHIN_S)
    if not answer.done():
        link.pgconn.finish()  # psycopg would ask the pooler to cancel the query, and wait for that
        answer.cancel()
    [found] = await asyncio.gather(answer, return_exceptions=True)
    return isinstance(found, int)


async def _examined(conninfo: str) -> list[Answer]:
    async with AsyncExitStack() as stack:
        link = await _connected(stack, conninfo)
        found = [_version(link), await _is_writable(link)]
        if not await _is_pooled(link):
            return found
        try:
            async with asyncio.timeout(_WITHIN_S):
                return [*found, await _pooler(link, await _connected(stack, conninfo)), *await _lost_settings(link)]
        except TimeoutError:
            return [*found, Answer("The connection pooler at DATABASE_URL gives out one connection only", _POOL_SIZE)]


async def _connected(stack: AsyncExitStack, conninfo: str) -> Link:
    # A statement that psycopg prepares by itself, after some repetitions, would fail in transaction mode.
    link = await Link.connect(conninfo, autocommit=True, prepare_threshold=None)
    return await stack.enter_async_context(link)


def _version(link: Link) -> Answer:
    major, minor = divmod(link.info.server_version, 10_000)
    found = f"PostgreSQL {major}.{minor} answers"
    return Answer(found) if major >= OLDEST else Answer(found, f"Upgrade it to {OLDEST} or newer.")


async def _is_writable(link: Link) -> Answer:
    query = "SELECT pg_is_in_recovery() OR current_setting('transaction_read_only')::boolean"
    if not await _value(link, query):
        return Answer("The database can be written")
    return Answer(
        "The database at DATABASE_URL is read-only",
        "Set DATABASE_URL to the primary server, or to all of them as in host=a,b: one that can write is then used.",
    )


async def _is_pooled(link: Link) -> bool:
    """Return whether the process ID that was told at the connect is not that of the backend."""
    return await _backend(link) != link.info.backend_pid


async def _pooler(link: Link, other: Link) -> Answer:
    """Return which mode the pooler between us and PostgreSQL is in."""
    ours, theirs = set(), set()
    for _ in range(_ROUNDS):
        ours.add(await _backend(link))
        theirs.add(await _backend(other))
        if len(ours) > 1 or len(theirs) > 1 or ours & theirs:
            return Answer(
                "DATABASE_URL leads to a connection pooler that does not keep sessions, as in transaction mode",
                _SESSIONS,
            )
    return Answer("DATABASE_URL leads to a connection pooler in session mode")


async def _lost_settings(link: Link) -> list[Answer]:
    """Return the settings in `options` that the pooler has not passed on."""
    given = server_settings(link.info.get_parameters().get("options", ""))
    query = "SELECT source FROM pg_settings WHERE lower(name) = %s"
    lost = [name for name in given if await _value(link, query, name) not in ("client", "session", None)]
    if not lost:
        return []
    what = f"The connection pooler at DATABASE_URL does not pass on {', '.join(lost)} of the parameter options"
    return [Answer(what, "Leave options out, and set it for the user in PostgreSQL: ALTER ROLE … SET … = ….")]


async def _backend(link: Link) -> int:
    return int(await _value(link, "SELECT pg_backend_pid()"))


async def _value(link: Link, query: LiteralString, *parameters: str) -> Any:
    row = await (await link.execute(query, parameters)).fetchone()
    return row[0] if row else None
