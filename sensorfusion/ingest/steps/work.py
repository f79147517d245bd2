"""Bounds the work that one request may cause, before it is done; what may take long is done in a thread.

The event loop serves all clients, so no request may hold it for more than some 50 ms. The cost of a body depends on the
number of its values more than on its bytes: 30 KB of gzip may hold a million of them. So the characters that separate
values are counted first, which takes a thousandth of the time of decoding them.
"""

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable, Hashable
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Final, NamedTuple, ParamSpec, TypeVar

from sensorfusion.ingest.steps.refused import RequestRefused

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

Given = ParamSpec("Given")
Result = TypeVar("Result")

# The largest batch, 10,000 readings, of 20 values each.
MOST_ELEMENTS: Final = 250_000
# The maximum number of readings in one request; a batch of this size commits in about half a second.
MOST_READINGS: Final = 10_000
# A value takes up to 15 µs to decode, name and check. Below this size there cannot be more than 2,000 of them.
UNCOUNTED_BYTES: Final = 4_096
ON_LOOP_BYTES: Final = 65_536
ON_LOOP_ELEMENTS: Final = 2_000
THREADS: Final = 2  # more would not be faster: the interpreter runs one at a time
MOST_WAITING: Final = 200  # bodies in memory that wait for a thread


def elements_in(text: bytes) -> int:
    """Return an upper limit of the number of values, lists and objects in JSON, or of fields in the line protocol."""
    return text.count(b",") + text.count(b"[") + text.count(b"{") + text.count(b"=")


def check_elements(text: bytes) -> None:
    """Refuse a text with too many values.

    :raises RequestRefused: too_large.
    """
    if len(text) > MOST_ELEMENTS and elements_in(text) > MOST_ELEMENTS:
        raise RequestRefused(
            "too_large", f"The request holds more than {MOST_ELEMENTS:,} values. Send smaller batches."
        )


def check_lines(text: bytes) -> None:
    """Refuse a text with more lines than blank ones and comments between the readings can explain.

    :raises RequestRefused: too_large.
    """
    if text.count(b"\n") > 2 * MOST_READINGS:
        raise RequestRefused("too_large", f"More than {MOST_READINGS:,} lines in one request. Send smaller batches.")


def check_count(count: int) -> None:
    """Refuse a request with too many readings.

    :raises RequestRefused: too_large.
    """
    if count > MOST_READINGS:
        raise RequestRefused(
            "too_large", f"{count:,} readings in one request are more than {MOST_READINGS:,}. Send smaller batches."
        )


def is_light(text: bytes) -> bool:
    """Return whether a body can be decoded and checked on the event loop."""
    size = len(text)
    return size <= UNCOUNTED_BYTES or (
        size <= ON_LOOP_BYTES and elements_in(text) + text.count(b"\n") <= ON_LOOP_ELEMENTS
    )


class Threads:
    """Runs work in a few threads, one piece of each sender at a time, so that no sender keeps the others waiting."""

    def __init__(self) -> None:
        self._executor = ThreadPoolExecutor(THREADS, thread_name_prefix="heavy requests")
        self._turns: dict[Hashable, asyncio.Lock] = {}
        self._waiting: Counter[Hashable] = Counter()

    async def run(
        self, sender: Hashable, work: Callable[Given, Result], *given: Given.args, **named: Given.kwargs
    ) -> Result:
        """Return the result of `work`.

        :raises RequestRefused: overloaded, if too much is waiting; or raised by `work`.
        """
        async with self._turn(sender):
            return await asyncio.get_running_loop().run_in_executor(self._executor, lambda: work(*given, **named))

    @asynccontextmanager
    async def _turn(self, sender: Hashable) -> "AsyncIterator[None]":
        if self._waiting.total() >= MOST_WAITING:
            raise RequestRefused("overloaded")
        self._waiting[sender] += 1
        try:
            async with self._turns.setdefault(sender, asyncio.Lock()):
                yield
        finally:
            self._waiting[sender] -= 1
            if not self._waiting[sender]:
                del self._waiting[sender], self._turns[sender]

    def stop(self) -> None:
        """Let the threads end; nothing may be started after it."""
        self._executor.shutdown(wait=False)


class Away(NamedTuple):
    """Where the work of one sender's large request is done."""

    threads: Threads
    sender: Hashable

    def run(self, work: Callable[Given, Result], *given: Given.args, **named: Given.kwargs) -> Awaitable[Result]:
        return self.threads.run(self.sender, work, *given, **named)
