"""Lets several imports run by turns: a few at once, one of each operator, and none so long that others wait for it."""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Final

AT_ONCE: Final = 2
TURN_S: Final = 20.0  # after which a running import lets one that waits go first
TELL_EVERY_S: Final = 60.0


@dataclass(eq=False, slots=True)
class Turn:
    """The place of one import: in the queue, or running since an instant."""

    operator: int
    since: float | None = None


class Turns:
    """The imports that run and that wait, in the order of their arrival; used from the threads of the imports."""

    def __init__(self, *, at_once: int = AT_ONCE, clock: Callable[[], float] = time.monotonic) -> None:
        self._at_once = at_once
        self._clock = clock
        self._changed = threading.Condition()
        self._queue: list[Turn] = []
        self._running: list[Turn] = []

    @contextmanager
    def of(self, operator: int, *, still_waiting: Callable[[], None]) -> Iterator[Turn]:
        """Wait for a turn and hold it for the time of a block; `still_waiting` is called once a minute meanwhile."""
        turn = Turn(operator)
        self._take(turn, still_waiting)
        try:
            yield turn
        finally:
            self._give_back(turn)

    def pass_on(self, turn: Turn, *, still_waiting: Callable[[], None]) -> None:
        """Let one that waits go first, if this one has had its time; called between two batches."""
        with self._changed:
            is_over = turn.since is not None and self._clock() - turn.since >= TURN_S
            if not is_over or not any(self._may_follow(each, turn) for each in self._queue):
                return
        self._give_back(turn)
        self._take(turn, still_waiting)

    def _take(self, turn: Turn, still_waiting: Callable[[], None]) -> None:
        with self._changed:
            self._queue.append(turn)
            while not self._changed.wait_for(lambda: self._next() is turn, TELL_EVERY_S):
                still_waiting()
            self._queue.remove(turn)
            turn.since = self._clock()
            self._running.append(turn)
            self._changed.notify_all()

    def _give_back(self, turn: Turn) -> None:
        with self._changed:
            if turn in self._running:
                self._running.remove(turn)
            turn.since = None
            self._changed.notify_all()

    def _next(self) -> Turn | None:
        """Return the first of the queue whose operator has none running, if there is room."""
        if len(self._running) >= self._at_once:
            return None
        busy = {each.operator for each in self._running}
        return next((each for each in self._queue if each.operator not in busy), None)

    def _may_follow(self, waiting: Turn, running: Turn) -> bool:
        busy = {each.operator for each in self._running if each is not running}
        return waiting.operator not in busy


TURNS: Final = Turns()
