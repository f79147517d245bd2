"""Passes stored readings from the writer to the live stream."""

from collections.abc import Callable, Sequence

from sensorfusion.events.messages import StoredReading

Batch = Sequence[StoredReading]


class Stream:
    """Passes every committed batch to its listeners, in commit order, on the event loop.

    Listeners are the hub of this process and, where there are other processes, the relay to them. A listener must not
    block or raise.
    """

    def __init__(self) -> None:
        self._listeners: list[Callable[[Batch], None]] = []

    def listen(self, listener: Callable[[Batch], None]) -> None:
        self._listeners.append(listener)

    def publish(self, batch: Batch) -> None:
        for listener in self._listeners:
            listener(batch)
