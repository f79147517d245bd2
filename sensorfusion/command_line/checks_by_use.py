"""The checks of `doctor` that try what the platform relies on, instead of asking for it."""

import asyncio
import http.client
import json
from collections.abc import Iterator
from contextlib import aclosing
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit

import psycopg

from sensorfusion.command_line.finding import Finding
from sensorfusion.postgres.cutting import answering
from sensorfusion.postgres.faults import one_line
from sensorfusion.server import database_check, own_address

_WITHIN_S: Final = 5.0
_CHANNEL: Final = "sensorfusion_doctor"
_WRITES: Final = "Free what holds it up: a full disk, a lock (pg_locks), a read-only server, a standby that is gone."
_LISTENS: Final = "Set DATABASE_URL to PostgreSQL itself: revoked keys would go on working (docs/deployment.md)."
_LOG: Final = "Look at the server's log; docs/deployment.md explains /readyz."


def database(conninfo: str) -> Iterator[Finding]:
    """Try the database at these parameters."""
    yield asyncio.run(_tried(conninfo))


def server(data: Path) -> Iterator[Finding]:
    """Ask the server that runs on the data directory, if there is one, what it says about itself."""
    if address := own_address.read(data):
        try:
            yield _verdict(address, _ask(address))
        except (OSError, http.client.HTTPException):
            return  # it was killed, and left its address


async def _tried(conninfo: str) -> Finding:
    remedy = _WRITES
    try:
        async with (
            await psycopg.AsyncConnection.connect(conninfo, autocommit=True) as link,
            await psycopg.AsyncConnection.connect(conninfo, autocommit=True) as other,
            answering(link, _WITHIN_S),
            answering(other, _WITHIN_S),
        ):
            await database_check.attempt(link)
            remedy = _LISTENS
            await _heard(link, other)
    except psycopg.Error as error:
        return Finding(f"The database does not do what is relied on: {one_line(error)}", remedy)
    return Finding("Writes, session locks, prepared statements and notifications work")


async def _heard(link: psycopg.AsyncConnection[Any], other: psycopg.AsyncConnection[Any]) -> None:
    """Notify one connection over another one, and wait until it hears."""
    await link.execute(f"LISTEN {_CHANNEL}")
    await other.execute(f"NOTIFY {_CHANNEL}")
    async with aclosing(link.notifies(timeout=_WITHIN_S / 2)) as notices:
        async for _ in notices:
            return
    raise psycopg.OperationalError("LISTEN does not hear NOTIFY")


def _ask(address: str) -> dict[str, Any]:
    to = urlsplit(address)
    link = http.client.HTTPConnection(to.hostname or "", to.port or 80, timeout=_WITHIN_S)
    try:
        link.request("GET", "/readyz")
        answer: dict[str, Any] = json.loads(link.getresponse().read())
        return answer
    finally:
        link.close()


def _verdict(address: str, answer: dict[str, Any]) -> Finding:
    oldest = f"its oldest waiting reading has waited for {answer.get('oldest_waiting_s', 0):.1f} s"
    if answer.get("code") == "ready":
        return Finding(f"The server at {address} is ready; {oldest}")
    return Finding(f"The server at {address} is not ready: {answer.get('detail')} Of it, {oldest}", _LOG)
