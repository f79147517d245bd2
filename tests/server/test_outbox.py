"""One process sends what is in an outbox at a time, without a connection of its own."""

import threading
from collections.abc import Callable
from typing import Final

import psycopg
import pytest

from sensorfusion.events.postgres import conninfo
from sensorfusion.server import outbox
from sensorfusion.server.outbox import OutboxSender
from tests.patience import PATIENCE_S

pytestmark = pytest.mark.django_db(transaction=True)

LOCK: Final = 0x5E50_00FF  # of no outbox that there is


class Steps:
    """In place of what is sent: calls a function at each step."""

    def __init__(self, do: Callable[[], bool], *, is_due: bool = True) -> None:
        self.step = do
        self.is_due = lambda: is_due
        self.answered = threading.Event()
        self.rests = False
        self.is_settled = False

    def settle(self, *, wait_s: float = 0.0) -> bool:
        self.is_settled = True
        return False


def sending(steps: Steps) -> OutboxSender:
    return OutboxSender(steps, lock=LOCK, name="an outbox")


def sender(do: Callable[[], bool]) -> OutboxSender:
    return sending(Steps(do))


def is_held() -> bool:
    with psycopg.connect(conninfo(), autocommit=True) as link:
        row = link.execute("SELECT pg_try_advisory_lock(%s)", [LOCK]).fetchone()
    return row == (False,)


def test_lock_is_held_while_it_sends_and_not_after() -> None:
    assert sender(is_held).step() is True

    assert not is_held()


def test_lock_is_given_back_after_an_error() -> None:
    with pytest.raises(ZeroDivisionError):
        sender(lambda: bool(1 // 0)).step()

    assert not is_held()


def test_nothing_is_sent_while_another_process_sends() -> None:
    with psycopg.connect(conninfo(), autocommit=True) as other:
        other.execute("SELECT pg_advisory_lock(%s)", [LOCK])

        steps = Steps(lambda: pytest.fail("sent"))
        assert sending(steps).step() is False

    assert steps.is_settled  # answers to what it began before


def test_look_without_anything_due_takes_no_lock_and_records_answers() -> None:
    steps = Steps(lambda: pytest.fail("sent"), is_due=False)

    assert sending(steps).step() is False

    assert steps.is_settled


@pytest.mark.parametrize("rests", [False, True])
def test_thread_that_waits_looks_at_once_when_it_is_woken(monkeypatch: pytest.MonkeyPatch, rests: bool) -> None:
    for pause in ("LOOK_EVERY_S", "REST_S"):
        monkeypatch.setattr(outbox, pause, 10 * PATIENCE_S)
    looks, looked = [], threading.Semaphore(0)

    def is_due() -> bool:
        looks.append(1)
        looked.release()
        return False

    steps = Steps(lambda: pytest.fail("sent"))
    steps.is_due, steps.rests = is_due, rests
    running = sending(steps)
    running.start()
    assert looked.acquire(timeout=PATIENCE_S)
    running.wake()
    assert looked.acquire(timeout=PATIENCE_S)
    running.stop()

    assert len(looks) == 2


def test_looks_follow_one_another_while_something_may_become_due(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(outbox, "LOOK_EVERY_S", 0.0)
    monkeypatch.setattr(outbox, "REST_S", 10 * PATIENCE_S)
    steps, looked = Steps(lambda: pytest.fail("sent")), threading.Semaphore(0)

    def is_due() -> bool:
        looked.release()
        return False

    steps.is_due = is_due
    running = sending(steps)
    running.start()
    for _ in range(3):
        assert looked.acquire(timeout=PATIENCE_S)
    running.stop()


def test_thread_goes_on_after_an_error_and_stops(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(outbox, "RETRY_AFTER_S", 0.0)
    steps, again = iter((ZeroDivisionError("first"),)), threading.Event()

    def step() -> bool:
        for error in steps:
            raise error
        again.set()
        return False

    running = sender(step)
    running.start()
    assert again.wait(PATIENCE_S)
    running.stop()

    assert not any(thread.name == "an outbox" for thread in threading.enumerate())
