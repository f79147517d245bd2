"""Cache of look-ups for the doors, and when its entries may not be trusted.

An entry is valid for a minute, which keeps `last_used_at` accurate to the minute, and only while the listener is
connected: a process without notifications would miss an invalidation. A result is not cached if anything was
invalidated while it was being looked up, because it may have been read before the change.
"""

import time
from collections.abc import Callable, Hashable
from typing import Any, Generic, TypeVar

from sensorfusion.events.control import Listener
from sensorfusion.ingest.senders.database_lookups import DatabaseLookups

REMEMBER_S = 60.0
# Far above the number of sensors of any installation; it only bounds the memory.
REMEMBER_AT_MOST = 200_000

Asked = TypeVar("Asked", bound=Hashable)
Known = TypeVar("Known")


class Cache(Generic[Asked, Known]):
    """Results of `lookups`, by what was looked up."""

    def __init__(
        self,
        lookups: DatabaseLookups[Any, Any],
        listener: Listener,
        *,
        at_most: int = REMEMBER_AT_MOST,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._lookups = lookups
        self._listener = listener
        self._at_most = at_most
        self._clock = clock
        self._answers: dict[Asked, tuple[Known, float]] = {}

    def known(self, asked: Asked) -> Known | None:
        """Return the cached result, or None if it must be looked up."""
        answer = self._answers.get(asked)
        return answer[0] if answer and answer[1] > self._clock() and self._listener.is_hearing else None

    def remember(self, asked: Asked, known: Known, *, since: int, for_s: float = REMEMBER_S) -> None:
        """Cache a result, unless anything was invalidated since the look-up began (`since` is its generation)."""
        if since != self._lookups.generation:
            return
        if len(self._answers) >= self._at_most:
            self._answers.clear()
        self._answers[asked] = (known, self._clock() + for_s)

    def forget(self, is_meant: Callable[[Known], bool]) -> None:
        """Invalidate the entries for which `is_meant` is true, and every look-up under way."""
        self._lookups.forget()
        for asked in [asked for asked, (known, _) in self._answers.items() if is_meant(known)]:
            del self._answers[asked]

    def forget_all(self) -> None:
        self._lookups.forget()
        self._answers.clear()

    def __contains__(self, asked: object) -> bool:
        return asked in self._answers

    def __len__(self) -> int:
        return len(self._answers)
