"""Bounds what all bodies that have arrived in part hold in memory: the oldest of them make room for the others.

A body of a moment is never counted: one that comes in one piece with its head, as nearly all readings do, costs nothing
here. What stays long is refused first, so connections that say no more cannot keep the others out.
"""

import asyncio
from typing import Final, Protocol

# Of this process. A body of the largest size is 8 MiB by default; larger ones are uploads, which are spooled to disk.
MOST_IN_FLIGHT: Final = 128 * 1024 * 1024
MOST_HELD: Final = 8 * 1024 * 1024
RETRY_AFTER_S: Final = 1
# After the refusal: a connection that is closed with unread bytes is reset, and its client loses the answer.
DRAINED_BYTES: Final = 16 * 1024 * 1024
DRAINED_WITHIN_S: Final = 2.0


class Holder(Protocol):
    """A connection whose request has arrived in part."""

    def refuse_body(self) -> None:
        """Answer 503, and free what has arrived."""


class Bodies:
    """The bytes of unfinished bodies by connection, the oldest first."""

    def __init__(self) -> None:
        self._held: dict[Holder, int] = {}
        self.total = 0

    def hold(self, holder: Holder, size: int) -> None:
        """Note how large a body is by now; refuse the oldest ones if all together are too large."""
        size = min(size, MOST_HELD)
        self.total += size - self._held.get(holder, 0)
        self._held[holder] = size
        while self.total > MOST_IN_FLIGHT:
            oldest = next(iter(self._held))
            self.release(oldest)
            oldest.refuse_body()

    def release(self, holder: Holder) -> None:
        """Forget a body that is complete, or whose connection is lost."""
        self.total -= self._held.pop(holder, 0)


class Drain(asyncio.Protocol):
    """Reads and drops what a client goes on sending after its refusal, within limits, and closes the connection."""

    def __init__(self, transport: asyncio.Transport) -> None:
        """Take the connection over from its protocol, which may have paused it."""
        self._transport = transport
        self._dropped = 0
        transport.set_protocol(self)
        transport.resume_reading()
        self._timer = asyncio.get_running_loop().call_later(DRAINED_WITHIN_S, transport.close)

    def data_received(self, data: bytes) -> None:
        self._dropped += len(data)
        if self._dropped > DRAINED_BYTES:
            self._transport.close()

    def connection_lost(self, exc: Exception | None) -> None:
        self._timer.cancel()


BODIES: Final = Bodies()
