"""Attempts at what is sent: when the next one follows, and the answers that are awaited."""

import logging
import threading
from collections.abc import Callable
from concurrent.futures import Future, wait
from dataclasses import dataclass
from datetime import timedelta
from typing import Final, Generic, TypeVar

MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)
# After each attempt, the time until the next one; none follows the last. Up to a tenth more, so that what failed
# together is not tried together.
WAITS: Final = (MINUTE, 5 * MINUTE, 15 * MINUTE, HOUR, 3 * HOUR, 6 * HOUR, 12 * HOUR, HOUR)
JITTER: Final = 0.1

_T = TypeVar("_T")
_log = logging.getLogger(__name__)


class NotAccepted(Exception):
    """A receiver did not accept what was sent; `str()` of it says why."""

    def __init__(
        self, why: str, *, retry_after_s: float = 0.0, is_gone: bool = False, is_unusable: bool = False
    ) -> None:
        super().__init__(why)
        self.retry_after_s = retry_after_s
        self.is_gone = is_gone  # nothing is at the address
        self.is_unusable = is_unusable  # what was sent is wrong, and will be the next time


def wait_after(attempts: int, *, jitter: float) -> timedelta:
    """Return the time until the attempt that follows so many; `jitter` is a random number from 0 to 1."""
    return WAITS[min(attempts, len(WAITS)) - 1] * (1 + JITTER * jitter)


@dataclass(frozen=True, slots=True)
class Answer(Generic[_T]):
    """What became of one attempt."""

    of: _T
    is_accepted: bool
    said: str
    retry_after_s: float
    is_gone: bool = False
    is_unusable: bool = False


class Answers(Generic[_T]):
    """The attempts of one process whose answers are awaited; `came` is set when one can be recorded."""

    def __init__(self) -> None:
        self._awaited: list[tuple[_T, Future[str]]] = []
        self.came = threading.Event()

    def __len__(self) -> int:
        return len(self._awaited)

    @property
    def awaited(self) -> list[_T]:
        return [each for each, _ in self._awaited]

    def expect(self, attempt: _T, answer: "Future[str]") -> None:
        """Await the answer to an attempt: what the receiver says, or `NotAccepted`."""
        self._awaited.append((attempt, answer))
        answer.add_done_callback(lambda _: self.came.set())

    def record(self, ended: Callable[[Answer[_T]], None], *, wait_s: float) -> bool:
        """Call a function for each answer that came, or comes soon; return whether there were any."""
        if wait_s:
            wait([answer for _, answer in self._awaited], wait_s)
        done = [each for each in self._awaited if each[1].done()]
        for each in done:
            ended(_answer(*each))
            self._awaited.remove(each)
        return bool(done)


def _answer(attempt: _T, answer: "Future[str]") -> Answer[_T]:
    error = answer.exception()
    if error is None:
        return Answer(attempt, True, answer.result(), 0.0)
    if isinstance(error, NotAccepted):
        return Answer(attempt, False, str(error), error.retry_after_s, error.is_gone, error.is_unusable)
    _log.error("A request could not be sent.", exc_info=error)
    return Answer(attempt, False, str(error) or type(error).__name__, 0.0)
