"""What doors remember of what they looked up, and when they must not believe it.

An answer counts for a minute, which keeps what is noted of its use true to the minute, and only while the listener
hears: a deaf process would miss that it is false by now. What was being looked up while something was forgotten is not
remembered, for it may have been read before.
"""

import time
from collections.abc import Callable, Hashable
from typing import Any, Generic, TypeVar

from sensorfusion.events.control import Listener
from sensorfusion.ingest.senders.database_lookups import DatabaseLookups

REMEMBER_S = 60.0
# Far above any installation's sensors; it only keeps a mistake from filling memory.
REMEMBER_AT_MOST = 200_000

Asked = TypeVar("Asked", bound=Hashable)
Known = TypeVar("Known")


class Cache(Generic[Asked, Known]):
    """Answers of `lookups`, by what was asked."""

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
        """Return what is remembered, None where it has to be looked up."""
        answer = self._answers.get(asked)
        return answer[0] if answer and answer[1] > self._clock() and self._listener.is_hearing else None

    def remember(self, asked: Asked, known: Known, *, since: int, for_s: float = REMEMBER_S) -> None:
        """Keep an answer, unless anything was forgotten since the look-up began, at that `lookups.generation`."""
        if since != self._lookups.generation:
            return
        if len(self._answers) >= self._at_most:
            self._answers.clear()
        self._answers[asked] = (known, self._clock() + for_s)

    def forget(self, is_meant: Callable[[Known], bool]) -> None:
        """Forget some answers, and whatever is being looked up."""
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
