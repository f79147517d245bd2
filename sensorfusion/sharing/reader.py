"""Reads for the sockets of shares, in one thread: links that are public cannot take the database from operators."""

import asyncio
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context
from dataclasses import dataclass, field
from datetime import datetime
from typing import TypeAlias, TypeVar

import psycopg
from django.db import Error, close_old_connections, connections
from django.utils.translation import get_language, override

from sensorfusion.clock import Clock
from sensorfusion.live.hub import DatabaseAway
from sensorfusion.sharing.latest import Shared, latest
from sensorfusion.sharing.models import ShareRight
from sensorfusion.sharing.queries import shared
from sensorfusion.sharing.sites.cards import SentPage, cards_of, sent
from sensorfusion.sharing.sites.queries import page_at, parts_of
from sensorfusion.sharing.unlocking import is_unlocked

T = TypeVar("T")
Sent: TypeAlias = Shared | SentPage


@dataclass(frozen=True, slots=True)
class Opened:
    """What a socket is about: a share, or the page of a site; `sensors` are public ids by their own."""

    share: int
    sensors: Mapping[int, str]
    operator: int  # who made the share
    password: str = field(default="", repr=False)  # its hash


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

    async def about(self, token: str) -> Opened | None:
        """Return what a link is about, whether or not it has a password; None if it shows nothing.

        :raises DatabaseAway: if there is no answer.
        """
        return await self._in_thread(lambda: self._about(token))

    async def latest(self, token: str, *, system: str) -> tuple[Sent, datetime | None] | None:
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
        return self._about(token)

    def _about(self, token: str) -> Opened | None:
        right = shared(token, now=self._now())
        if right is None:
            return None
        sensors = {right.sensor_id: str(right.sensor.uuid)}
        return Opened(right.share_id, sensors, right.operator_id, right.share.password)

    def _latest(self, token: str, system: str) -> tuple[Sent, datetime | None] | None:
        now = self._now()
        right: ShareRight | None = shared(token, now=now)
        return None if right is None else (latest(right, system=system, now=now), right.expires_at)

    async def _in_thread(self, read: Callable[[], T]) -> T:
        language = get_language()  # Django keeps it from other threads, in which a context is copied

        def visit() -> T:
            close_old_connections()
            try:
                with override(language):
                    return read()
            finally:
                close_old_connections()

        try:
            here = copy_context()  # the reader's clock
            return await asyncio.get_running_loop().run_in_executor(self._thread, lambda: here.run(visit))
        except (Error, psycopg.Error, OSError) as error:
            raise DatabaseAway(f"{type(error).__name__}: {error}") from error


class PageReader(Reader):
    """Reads the pages of sites; `token` is the last part of their address."""

    def _opened(self, token: str, cookies: dict[str, str]) -> Opened | None:
        right = page_at(token, now=self._now())
        if right is None or not is_unlocked(right.page, cookies):
            return None
        return self._about(token)

    def _about(self, token: str) -> Opened | None:
        right = page_at(token, now=self._now())
        if right is None:
            return None
        sensors = {part.sensor_id: str(part.sensor.uuid) for part in parts_of([right])[right.page_id]}
        return Opened(right.page_id, sensors, right.operator_id, right.page.password)

    def _latest(self, token: str, system: str) -> tuple[Sent, datetime | None] | None:
        now = self._now()
        right = page_at(token, now=now)
        return None if right is None else (sent(cards_of(right, system=system, now=now)), right.expires_at)


def _thread() -> ThreadPoolExecutor:
    return ThreadPoolExecutor(1, thread_name_prefix="shares")
