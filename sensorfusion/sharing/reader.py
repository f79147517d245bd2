"""Reads for the sockets of shares, in one thread: links that are public cannot take the database from operators."""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar

import psycopg
from django.db import Error, close_old_connections, connections

from sensorfusion.clock import Clock
from sensorfusion.live.hub import DatabaseAway
from sensorfusion.sharing.latest import Shared, latest
from sensorfusion.sharing.models import ShareRight
from sensorfusion.sharing.queries import shared
from sensorfusion.sharing.unlocking import is_unlocked

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Opened:
    """What a socket of a share is about."""

    share: int
    sensor: int
    sensor_uuid: str
    operator: int  # who made the share


class Reader:
    """The thread; it starts with the first read."""

    def __init__(self, *, now: Clock) -> None:
        self._now = now
        self._thread = _thread()

    async def opened(self, token: str, cookies: dict[str, str]) -> Opened | None:
        """Return what a link shows, None if it shows nothing, or not to a browser with these cookies.

        :raises DatabaseAway: if there is no answer.
        """
        return await self._in_thread(lambda: self._opened(token, cookies))

    async def latest(self, token: str, *, system: str) -> tuple[Shared, datetime | None] | None:
        """Return the current values and when the link expires, None once it shows nothing.

        :raises DatabaseAway: if there is no answer.
        """
        return await self._in_thread(lambda: self._latest(token, system))

    async def close(self) -> None:
        """End the thread; a later read starts another."""
        thread, self._thread = self._thread, _thread()
        await asyncio.get_running_loop().run_in_executor(thread, connections.close_all)
        thread.shutdown(wait=False)

    def _opened(self, token: str, cookies: dict[str, str]) -> Opened | None:
        right = shared(token, now=self._now())
        if right is None or not is_unlocked(right.share, cookies):
            return None
        return Opened(right.share_id, right.sensor_id, str(right.sensor.uuid), right.operator_id)

    def _latest(self, token: str, system: str) -> tuple[Shared, datetime | None] | None:
        now = self._now()
        right: ShareRight | None = shared(token, now=now)
        return None if right is None else (latest(right, system=system, now=now), right.expires_at)

    async def _in_thread(self, read: Callable[[], T]) -> T:
        def visit() -> T:
            close_old_connections()
            try:
                return read()
            finally:
                close_old_connections()

        try:
            here = copy_context()  # the reader's clock
            return await asyncio.get_running_loop().run_in_executor(self._thread, lambda: here.run(visit))
        except (Error, psycopg.Error, OSError) as error:
            raise DatabaseAway(f"{type(error).__name__}: {error}") from error


def _thread() -> ThreadPoolExecutor:
    return ThreadPoolExecutor(1, thread_name_prefix="shares")
