"""What is too much is refused before it is done, and what takes long is done in a thread, fairly between senders."""

import asyncio
import threading

import pytest

from sensorfusion.ingest.steps import work
from sensorfusion.ingest.steps.refused import RequestRefused
from sensorfusion.ingest.steps.work import Threads, check_count, check_elements, check_lines, is_light


@pytest.mark.parametrize("text", [b'{"temperature":21.5}', b"m a=1\n" * 600, b"x" * 60_000, b"[" * 4_096])
def test_a_small_body_is_light(text: bytes) -> None:
    assert is_light(text)


@pytest.mark.parametrize("text", [b"x" * 70_000, b"[1,1]" * 1_100, b"m a=1\n" * 2_000, b"\n" * 5_000])
def test_a_body_with_many_values_is_not(text: bytes) -> None:
    assert not is_light(text)


@pytest.mark.parametrize("text", [b"[1,", b"[],", b"{},", b"a=1,"])
def test_too_many_values_are_refused(text: bytes) -> None:
    check_elements(text * (work.MOST_ELEMENTS // 2))
    with pytest.raises(RequestRefused):
        check_elements(text * (work.MOST_ELEMENTS + 1))


def test_the_largest_batch_is_taken() -> None:
    one = (
        b'{"observed_at":1795000000,"values":{'
        + b",".join(b'"quantity_%d":1' % number for number in range(18))
        + b"}},"
    )
    check_elements(one * work.MOST_READINGS)
    check_count(work.MOST_READINGS)
    check_lines(b"\n" * work.MOST_READINGS)
    with pytest.raises(RequestRefused):
        check_count(work.MOST_READINGS + 1)
    with pytest.raises(RequestRefused):
        check_lines(b"\n" * (2 * work.MOST_READINGS + 1))


async def test_the_loop_goes_on_while_a_thread_works() -> None:
    threads, go_on = Threads(), threading.Event()
    working = asyncio.create_task(threads.run("a", go_on.wait, 60))
    await asyncio.sleep(0.01)
    go_on.set()

    assert await working
    threads.stop()


async def test_one_sender_has_one_thread_and_leaves_the_others_to_others() -> None:
    threads, go_on = Threads(), threading.Event()
    of_one = [asyncio.create_task(threads.run("a", go_on.wait, 60)) for _ in range(5)]
    await asyncio.sleep(0.01)

    assert await threads.run("b", lambda: "done") == "done"
    assert not any(each.done() for each in of_one)
    go_on.set()
    assert await asyncio.gather(*of_one) == [True] * 5
    threads.stop()


async def test_a_failure_is_raised_and_ends_the_turn() -> None:
    threads = Threads()
    with pytest.raises(RequestRefused):
        await threads.run("a", check_count, 99_999_999)

    assert await threads.run("a", int, "7") == 7
    threads.stop()


async def test_too_many_waiting_bodies_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(work, "MOST_WAITING", 3)
    threads, go_on = Threads(), threading.Event()
    waiting = [asyncio.create_task(threads.run("a", go_on.wait, 60)) for _ in range(3)]
    await asyncio.sleep(0.01)
    with pytest.raises(RequestRefused) as refused:
        await threads.run("b", int)

    assert refused.value.retry_after_s
    go_on.set()
    await asyncio.gather(*waiting)
    threads.stop()
