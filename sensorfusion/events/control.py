"""Changes of rights and settings, announced to every process by PostgreSQL's NOTIFY.

NOTIFY is delivered when its transaction commits and never when it rolls back, so no process acts on a change that was
not made. After a reconnect the listener emits `Resumed`; every cache must then be cleared.

A connection that answers need not deliver notifications: one to a pooler that does not keep sessions does not. So the
listener is deaf until it hears what it says to itself over another connection, and regularly says it over its own, to
notice a host that died.
"""

import asyncio
import logging
import secrets
from collections import defaultdict
from collections.abc import Callable
from contextlib import aclosing, suppress
from dataclasses import asdict
from typing import Any

import msgspec
import psycopg
from django.db import connection

from sensorfusion.events import messages
from sensorfusion.events.postgres import conninfo
from sensorfusion.events.tasks import end
from sensorfusion.postgres.cutting import answering

CHANNEL = "sensorfusion"
RECONNECT_AFTER_S = 1.0
# A connection that is broken, or does not deliver, stays undetected for the sum of these: how often the listener
# notifies itself, and how long that may take.
HEARTBEAT_S = 5.0
HEARD_WITHIN_S = 3.0

_KINDS: dict[str, type[Any]] = {
    kind.__name__: kind
    for kind in (
        messages.KeyChanged,
        messages.SensorChanged,
        messages.AccessChanged,
        messages.ShareChanged,
        messages.SiteShareChanged,
        messages.ReadingsRefused,
        messages.SettingUp,
        messages.Noticed,
        messages.Alerted,
        messages.WorkQueued,
    )
}
_log = logging.getLogger(__name__)


class Link(psycopg.AsyncConnection[Any]):
    """A connection that sleeps until its server says something.

    psycopg wakes ten times a second, so that Ctrl-C ends a wait; an event loop ends it anyway.
    """

    async def wait(self, gen: Any, interval: float = HEARTBEAT_S, timeout: float | None = None) -> Any:  # noqa: ASYNC109  # psycopg's
        return await super().wait(gen, interval, timeout)


def payload(event: messages.Control) -> str:
    """Encode an event for NOTIFY, whose limit of 8,000 bytes is far above any event's size."""
    return msgspec.json.encode({"kind": type(event).__name__, **asdict(event)}).decode()


def announce(event: messages.Control) -> None:
    """Notify every process when the current transaction commits."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_notify(%s, %s)", [CHANNEL, payload(event)])


class Listener:
    """One connection per process that receives announcements and calls the subscribers on the event loop."""

    def __init__(self) -> None:
        self._callbacks: dict[type[Any], list[Callable[[Any], None]]] = defaultdict(list)
        self._task: asyncio.Task[None] | None = None
        self._tried = asyncio.Event()
        self.is_hearing = False  # False while disconnected: caches must not be trusted then

    def on(self, kind: type[Any], callback: Callable[[Any], None]) -> None:
        """Subscribe `callback` to every event of this kind, in order; it must not block."""
        self._callbacks[kind].append(callback)

    async def start(self) -> None:
        """Start, and wait until it hears, or knows that it does not yet."""
        self._task = asyncio.create_task(self._run(), name="control listener")
        with suppress(TimeoutError):
            await asyncio.wait_for(self._tried.wait(), HEARD_WITHIN_S)

    async def stop(self) -> None:
        if self._task:
            await end([self._task])

    async def _run(self) -> None:
        while True:
            try:
                await self._listen()
            except (psycopg.Error, OSError) as error:
                self._tried.set()
                _log.warning("Not receiving changes of rights, reconnecting: %s", error)
            await asyncio.sleep(RECONNECT_AFTER_S)

    async def _listen(self) -> None:
        own = f"{CHANNEL}_{secrets.token_hex(8)}"
        async with await Link.connect(conninfo(), autocommit=True) as link:
            await link.execute(f"LISTEN {CHANNEL}; LISTEN {own}")
            async with await Link.connect(conninfo(), autocommit=True) as other:
                await self._prove(link, own, by=other)
            self._tell(messages.Resumed())
            self.is_hearing = True
            self._tried.set()
            try:
                while True:
                    async for notice in link.notifies(timeout=HEARTBEAT_S):
                        self._hear(notice.payload)
                    await self._prove(link, own, by=link)
            finally:
                self.is_hearing = False

    async def _prove(self, link: Link, own: str, *, by: Link) -> None:
        """Notify ourselves on a channel of our own, and wait until we hear it.

        :raises psycopg.OperationalError: we do not hear it in time.
        """
        async with answering(link, HEARD_WITHIN_S), answering(by, HEARD_WITHIN_S):
            await by.execute("SELECT pg_notify(%s, '')", [own])
            async with aclosing(link.notifies()) as notices:  # otherwise the generator keeps the connection locked
                async for notice in notices:
                    if notice.channel == own:
                        return
                    self._hear(notice.payload)

    def _hear(self, text: str) -> None:
        fields = msgspec.json.decode(text)
        kind = _KINDS.get(fields.pop("kind"))
        if kind:  # an unknown kind comes from a newer process during an upgrade
            self._tell(kind(**fields))

    def _tell(self, event: messages.Control) -> None:
        for callback in self._callbacks[type(event)]:
            callback(event)
