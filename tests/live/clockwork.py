"""An event loop whose clock jumps to the next event: waiting takes no time, and every run is the same."""

import asyncio
import selectors
from collections.abc import Coroutine
from typing import Any, TypeVar

T = TypeVar("T")


class _Jump(selectors.PollSelector):
    """Advances the clock instead of waiting for the timeout; takes descriptors above 1,023, as `select` does not."""

    def __init__(self, loop: "ClockworkLoop") -> None:
        super().__init__()
        self._loop = loop

    def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
        if timeout is None:
            raise RuntimeError("deadlock: every task waits for another")
        self._loop.now += timeout
        return super().select(0)


class ClockworkLoop(asyncio.SelectorEventLoop):
    def __init__(self) -> None:
        self.now = 1_000.0
        super().__init__(_Jump(self))

    def time(self) -> float:
        return self.now


def run(main: Coroutine[Any, Any, T]) -> T:
    """Run to completion on a loop of its own; a remaining task is an error."""
    with asyncio.Runner(loop_factory=ClockworkLoop) as runner:
        return runner.run(_alone(main))


async def _alone(main: Coroutine[Any, Any, T]) -> T:
    result = await main
    await asyncio.sleep(0)
    left = asyncio.all_tasks() - {asyncio.current_task()}
    assert not left, f"left running: {left}"
    return result
