"""Streams a file while a thread generates it, chunk by chunk, as fast as the client reads."""

import asyncio
import threading
import time
from collections.abc import AsyncIterator, Callable, Generator, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Final, cast

from django.utils.translation import gettext_noop

from sensorfusion.web.slots import Slots

# Each occupies a connection and a thread; more at once would only slow each other down.
AT_ONCE: Final = 4
# A client that reads nothing, or next to nothing, would keep a slot and a snapshot of the database for ever.
PATIENCE_S: Final = 30.0
SLOWEST_BYTES_PER_S: Final = 16_384
PART_BYTES: Final = 65_536

SLOTS: Final = Slots(AT_ONCE, what=gettext_noop("exports"))


class TooSlow(Exception):
    """The client reads more slowly than an export may take; the response is cut off."""


class Streamed:
    """The chunks of one file for a streaming response, which closes it when it ends or is aborted."""

    def __init__(
        self,
        pieces: Iterator[bytes],
        *,
        operator: int,
        patience_s: float = PATIENCE_S,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """Acquire one of the export slots.

        :raises Refusal: `one_at_a_time` while the operator has one, `overloaded` while all of them are in use.
        """
        SLOTS.take(operator)
        self._operator = operator
        self._pieces = pieces
        self._thread = ThreadPoolExecutor(1, "export")
        self._closing = threading.Lock()
        self._is_open = True
        self._clock = clock
        self._patience_s = patience_s  # what is left of the time that the client may take

    async def __aiter__(self) -> AsyncIterator[bytes]:
        loop = asyncio.get_running_loop()
        while (
            self._is_open and (piece := await loop.run_in_executor(self._thread, next, self._pieces, None)) is not None
        ):
            for start in range(0, len(piece), PART_BYTES) or [0]:
                part = piece[start : start + PART_BYTES]
                deadline = loop.call_later(self._patience_s, self._give_up, loop)
                since = self._clock()
                yield part
                deadline.cancel()
                self._patience_s += len(part) / SLOWEST_BYTES_PER_S - (self._clock() - since)
                if not self._is_open:
                    raise TooSlow
        # Before the client learns that this was all: it may ask for the next export at once.
        await loop.run_in_executor(None, self.close)

    def _give_up(self, loop: asyncio.AbstractEventLoop) -> None:
        loop.run_in_executor(None, self.close)

    def close(self) -> None:
        """Stop the generator and release the slot; the chunk in progress is completed first."""
        with self._closing:
            if not self._is_open:
                return
            self._is_open = False
        # In the worker thread: a generator cannot be closed while it runs.
        self._thread.submit(cast(Generator[bytes, None, None], self._pieces).close).result()
        self._thread.shutdown()
        SLOTS.give_back(self._operator)
