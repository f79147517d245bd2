"""What was issued, such as keys or tokens: read only while unknown credentials flood in, and at most twice a minute.

With it a good credential is told from a guess without a query for each, whatever else its network sends.
"""

import asyncio
import threading
import time
from collections.abc import Awaitable, Callable, Iterable
from typing import Final, Generic, TypeVar

READ_EVERY_S: Final = 30.0
MOST: Final = 500_000  # about 50 MB; further ones have to wait with the unknown ones

T = TypeVar("T")


class _Remembered(Generic[T]):
    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._issued: frozenset[T] = frozenset()
        self._read_at = -READ_EVERY_S

    def _is_old(self) -> bool:
        return self._clock() - self._read_at >= READ_EVERY_S

    def _note_read(self) -> None:
        self._read_at = self._clock()


class Issued(_Remembered[T]):
    """For the event loop; `read` returns everything that is issued."""

    def __init__(
        self, read: Callable[[], Awaitable[Iterable[T]]], *, clock: Callable[[], float] = time.monotonic
    ) -> None:
        super().__init__(clock)
        self._read = read
        self._reading = asyncio.Lock()

    async def has(self, one: T) -> bool:
        """Return whether this one was issued half a minute ago or earlier."""
        if one not in self._issued and self._is_old():
            async with self._reading:
                if self._is_old():
                    try:
                        self._issued = frozenset(await self._read())
                    finally:  # those that wait for it find it read
                        self._note_read()
        return one in self._issued


class IssuedInThreads(_Remembered[T]):
    """The same for the threads of pages and of the API."""

    def __init__(self, read: Callable[[], Iterable[T]], *, clock: Callable[[], float] = time.monotonic) -> None:
        super().__init__(clock)
        self._read = read
        self._reading = threading.Lock()

    def has(self, one: T) -> bool:
        """Return whether this one was issued half a minute ago or earlier."""
        if one not in self._issued and self._is_old():
            with self._reading:
                if self._is_old():
                    try:
                        self._issued = frozenset(self._read())
                    finally:
                        self._note_read()
        return one in self._issued

    def forget(self) -> None:
        """Begin again."""
        self._issued, self._read_at = frozenset(), -READ_EVERY_S
