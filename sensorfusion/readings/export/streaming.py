"""A file that is sent while it is made: made by a thread, a piece at a time, as fast as it is taken."""

import asyncio
import threading
from collections.abc import AsyncIterator, Generator, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Final, cast

from sensorfusion.domain.refusals import Refusal

# Each holds a connection and a thread; more at once would only make every one of them slower.
AT_ONCE: Final = 4

_free = threading.BoundedSemaphore(AT_ONCE)


class Streamed:
    """The pieces of one file for a streaming response, which closes it when it ends or is broken off."""

    def __init__(self, pieces: Iterator[bytes]) -> None:
        """Take one of the places there are for files being made.

        :raises Refusal: `overloaded` while all of them are taken.
        """
        if not _free.acquire(blocking=False):
            raise Refusal("overloaded", f"{AT_ONCE} files are being made. Wait until one of them is done.")
        self._pieces = pieces
        self._thread = ThreadPoolExecutor(1, "export")
        self._is_open = True

    async def __aiter__(self) -> AsyncIterator[bytes]:
        loop = asyncio.get_running_loop()
        while (piece := await loop.run_in_executor(self._thread, next, self._pieces, None)) is not None:
            yield piece

    def close(self) -> None:
        """End the work and give the place back; what is being made is made to its end first."""
        if self._is_open:
            self._is_open = False
            # In its own thread: a generator cannot be closed while it runs.
            self._thread.submit(cast(Generator[bytes, None, None], self._pieces).close).result()
            self._thread.shutdown()
            _free.release()
