"""Changes of rights and settings, announced by PostgreSQL's NOTIFY to every process.

NOTIFY is delivered when its transaction commits and never when it rolls back, so nobody acts on a change that did not
happen. A listener that lost its connection says `Resumed` when it is back, and who remembers anything starts afresh.
"""

import asyncio
import logging
from collections import defaultdict
from collections.abc import Callable
from dataclasses import asdict
from typing import Any

import msgspec
import psycopg
from django.db import connection

from sensorfusion.events import messages
from sensorfusion.events.postgres import conninfo

CHANNEL = "sensorfusion"
RECONNECT_AFTER_S = 1.0
# How long a listener may be deaf without knowing: a silent network is found out by asking the server.
HEARTBEAT_S = 15.0

_KINDS: dict[str, type[Any]] = {
    kind.__name__: kind
    for kind in (messages.KeyChanged, messages.SensorChanged, messages.AccessChanged, messages.ReadingsRefused)
}
_log = logging.getLogger(__name__)


def payload(event: messages.Control) -> str:
    """Encode an event for NOTIFY (8,000 bytes at most, far more than any of ours)."""
    return msgspec.json.encode({"kind": type(event).__name__, **asdict(event)}).decode()


def announce(event: messages.Control) -> None:
    """Tell every process, when the current transaction commits."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_notify(%s, %s)", [CHANNEL, payload(event)])


class Listener:
    """One connection per process that hears what `announce` said and calls who asked for it, on the event loop."""

    def __init__(self) -> None:
        self._callbacks: dict[type[Any], list[Callable[[Any], None]]] = defaultdict(list)
        self._task: asyncio.Task[None] | None = None
        self.is_hearing = False  # while it is deaf, nothing remembered may be trusted

    def on(self, kind: type[Any], callback: Callable[[Any], None]) -> None:
        """Call `callback` for every event of this kind, in order; it must not block."""
        self._callbacks[kind].append(callback)

    async def start(self) -> None:
        self._task = asyncio.create_task(self._run(), name="control listener")

    async def stop(self) -> None:
        if self._task:
            # Before Python 3.12 `asyncio.wait_for`, inside the database driver, may lose a cancellation: insist.
            while not self._task.done():
                self._task.cancel()
                await asyncio.wait([self._task], timeout=0.1)

    async def _run(self) -> None:
        while True:
            try:
                await self._listen()
            except (psycopg.Error, OSError) as error:
                _log.warning("Not hearing changes of rights for now: %s", error)
            await asyncio.sleep(RECONNECT_AFTER_S)

    async def _listen(self) -> None:
        async with await psycopg.AsyncConnection.connect(conninfo(), autocommit=True) as link:
            await link.execute(f"LISTEN {CHANNEL}")
            self._tell(messages.Resumed())
            self.is_hearing = True
            try:
                while True:
                    async for notice in link.notifies(timeout=HEARTBEAT_S):
                        self._hear(notice.payload)
                    await link.execute("SELECT 1")
            finally:
                self.is_hearing = False

    def _hear(self, text: str) -> None:
        fields = msgspec.json.decode(text)
        kind = _KINDS.get(fields.pop("kind"))
        if kind:  # an unknown kind comes from a newer process during an upgrade
            self._tell(kind(**fields))

    def _tell(self, event: messages.Control) -> None:
        for callback in self._callbacks[type(event)]:
            callback(event)
