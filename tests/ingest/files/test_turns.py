"""Imports run by turns, so that a slow one of one operator keeps nobody waiting."""

import threading
from collections.abc import Iterator

import pytest

from sensorfusion.ingest.files.turns import TURN_S, Turn, Turns
from tests.patience import PATIENCE_S


class Clock:
    now_s = 0.0

    def __call__(self) -> float:
        return self.now_s


class Import:
    """An import in its own thread, which ends when it is told to."""

    def __init__(self, turns: Turns, operator: int) -> None:
        self.runs, self.may_end, self.batch = threading.Event(), threading.Event(), threading.Event()
        self._turns, self._operator = turns, operator
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()

    def _run(self) -> None:
        with self._turns.of(self._operator, still_waiting=lambda: None) as turn:
            self.turn: Turn = turn
            self.runs.set()
            self.may_end.wait(PATIENCE_S)

    def end(self) -> None:
        self.may_end.set()
        self._thread.join(PATIENCE_S)


def is_waiting(turns: Turns, count: int) -> bool:
    with turns._changed:
        return turns._changed.wait_for(lambda: len(turns._queue) == count, PATIENCE_S)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def turns(clock: Clock) -> Turns:
    return Turns(at_once=2, clock=clock)


@pytest.fixture
def running() -> Iterator[list[Import]]:
    running: list[Import] = []
    yield running
    for one in running:
        one.may_end.set()
    for one in running:
        one.end()


def begun(turns: Turns, operator: int, running: list[Import]) -> Import:
    running.append(Import(turns, operator))
    return running[-1]


def test_one_operator_runs_one_import_and_another_does_not_wait(turns: Turns, running: list[Import]) -> None:
    first = begun(turns, 1, running)
    assert first.runs.wait(PATIENCE_S)
    second = begun(turns, 1, running)
    others = begun(turns, 2, running)

    assert others.runs.wait(PATIENCE_S)
    assert not second.runs.is_set()
    first.end()
    assert second.runs.wait(PATIENCE_S)


def test_those_beyond_the_limit_wait_in_order(turns: Turns, running: list[Import]) -> None:
    first, second = begun(turns, 1, running), begun(turns, 2, running)
    assert first.runs.wait(PATIENCE_S)
    assert second.runs.wait(PATIENCE_S)
    third = begun(turns, 3, running)
    assert is_waiting(turns, 1)
    fourth = begun(turns, 4, running)
    assert is_waiting(turns, 2)

    first.end()
    assert third.runs.wait(PATIENCE_S)
    assert not fourth.runs.is_set()


def test_long_import_lets_a_waiting_one_go_first_and_goes_on_after_it(
    turns: Turns, clock: Clock, running: list[Import]
) -> None:
    other = begun(turns, 2, running)
    assert other.runs.wait(PATIENCE_S)
    with turns.of(1, still_waiting=lambda: None) as turn:
        third = begun(turns, 3, running)
        assert is_waiting(turns, 1)
        turns.pass_on(turn, still_waiting=lambda: None)
        assert not third.runs.is_set()

        clock.now_s = TURN_S
        third.may_end.set()  # as soon as it runs
        turns.pass_on(turn, still_waiting=lambda: None)

        assert third.runs.is_set()
        assert turn.since == TURN_S


def test_second_import_of_one_who_runs_is_no_reason_to_stop(turns: Turns, clock: Clock, running: list[Import]) -> None:
    other = begun(turns, 2, running)
    assert other.runs.wait(PATIENCE_S)
    with turns.of(1, still_waiting=lambda: None) as turn:
        begun(turns, 2, running)
        assert is_waiting(turns, 1)
        clock.now_s = TURN_S
        turns.pass_on(turn, still_waiting=lambda: None)
        assert turn.since == 0.0
