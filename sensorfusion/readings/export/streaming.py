"""Streams a file while a thread generates it, chunk by chunk, as fast as the client reads."""

import asyncio
import threading
from collections.abc import AsyncIterator, Generator, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Final, cast

from sensorfusion.domain.refusals import Refusal

# Each occupies a connection and a thread; more at once would only slow each other down.
AT_ONCE: Final = 4

_free = threading.BoundedSemaphore(AT_ONCE)


class Streamed:
    """The chunks of one file for a streaming response, which closes it when it ends or is aborted."""

    def __init__(self, pieces: Iterator[bytes]) -> None:
        """Acquire one of the export slots.

        :raises Refusal: `overloaded` while all of them are in use.
        """
        if not _free.acquire(blocking=False):
            raise Refusal("overloaded", f"{AT_ONCE} files are being generated. Wait until one of them is finished.")
        self._pieces = pieces
        self._thread = ThreadPoolExecutor(1, "export")
        self._is_open = True

    async def __aiter__(self) -> AsyncIterator[bytes]:
        loop = asyncio.get_running_loop()
        while (piece := await loop.run_in_executor(self._thread, next, self._pieces, None)) is not None:
            yield piece

    def close(self) -> None:
        """Stop the generator and release the slot; the chunk in progress is completed first."""
        if self._is_open:
            self._is_open = False
            # In the worker thread: a generator cannot be closed while it runs.
            self._thread.submit(cast(Generator[bytes, None, None], self._pieces).close).result()
            self._thread.shutdown()
            _free.release()
