"""Tasks end when they are cancelled, and their failures are logged."""

import asyncio

import pytest

from sensorfusion.events import tasks as background
from sensorfusion.events.tasks import Background, end
from tests.live import clockwork


def test_a_task_that_loses_a_cancellation_is_ended_all_the_same() -> None:
    async def stubborn() -> None:
        for _ in range(2):
            try:
                await asyncio.sleep(1_000)
            except asyncio.CancelledError:
                continue
        await asyncio.sleep(1_000)

    async def story() -> None:
        task = asyncio.create_task(stubborn())
        await asyncio.sleep(0)

        await end([task])

        assert task.cancelled()

    clockwork.run(story())


def test_ending_nothing_and_oneself_is_no_work() -> None:
    async def story() -> None:
        current = asyncio.current_task()
        assert current is not None
        await end([])
        await end([current])

    clockwork.run(story())


def test_a_task_that_fails_is_logged(monkeypatch: pytest.MonkeyPatch) -> None:
    logged: list[object] = []
    monkeypatch.setattr(background._log, "error", lambda text, name, exc_info: logged.append((name, repr(exc_info))))

    async def failing() -> None:
        raise ValueError("no")

    async def story() -> None:
        tasks = Background()
        tasks.start(failing(), "the failing one")
        tasks.start(asyncio.sleep(1_000), "the other")
        await asyncio.sleep(1)
        await tasks.end()

    clockwork.run(story())

    assert logged == [("the failing one", "ValueError('no')")]
