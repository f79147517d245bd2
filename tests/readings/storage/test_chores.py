"""The runner: one at a time among any number, back after the database was away, not stopped by a failing chore."""

import threading
from collections.abc import Iterator
from datetime import UTC, datetime

import psycopg
import pytest

from sensorfusion.events.postgres import conninfo
from sensorfusion.readings.models import ChoreRun
from sensorfusion.readings.storage import chores
from sensorfusion.readings.storage.chores import Chore, Runner
from tests.patience import PATIENCE_S

NOW = datetime(2026, 11, 22, 6, tzinfo=UTC)
pytestmark = pytest.mark.django_db(transaction=True)


class Noted:
    """A chore that records its connections, and fails as often as it is told to."""

    every_s = 0.02

    def __init__(self, name: str = "noted", *, failures: int = 0, more: int = 0) -> None:
        self.name, self.failures, self.more = name, failures, more
        self.done_by: list[int] = []
        self.changed = threading.Condition()

    def run(self, connection: psycopg.Connection) -> bool:
        with self.changed:
            self.done_by.append(connection.info.backend_pid)
            self.changed.notify_all()
        if len(self.done_by) <= self.failures:
            raise ValueError("not today")
        return len(self.done_by) <= self.more

    def wait(self, times: int) -> bool:
        with self.changed:
            return self.changed.wait_for(lambda: len(self.done_by) >= times, PATIENCE_S)

    def wait_for_another(self, than: int) -> bool:
        with self.changed:
            return self.changed.wait_for(lambda: self.done_by[-1] != than, PATIENCE_S)


@pytest.fixture
def runners() -> Iterator[list[Runner]]:
    started: list[Runner] = []
    yield started
    for runner in started:
        runner.stop()


def begin(runners: list[Runner], *work: Chore) -> Runner:
    runner = Runner(work, look_every_s=0.02, retry_after_s=(0.01,))
    runners.append(runner)
    runner.start()
    return runner


def test_one_of_two_runners_works_and_the_other_takes_over_when_it_ends(runners: list[Runner]) -> None:
    one, other = Noted(), Noted()
    first = begin(runners, one)
    assert one.wait(1)

    begin(runners, other)
    assert one.wait(5)
    assert other.done_by == []

    first.stop()
    assert other.wait(1)


def test_a_runner_that_lost_its_connection_comes_back(runners: list[Runner]) -> None:
    chore = Noted()
    begin(runners, chore)
    assert chore.wait(2)
    before = chore.done_by[-1]

    with psycopg.connect(conninfo(), autocommit=True) as admin:
        admin.execute("SELECT pg_terminate_backend(%s)", [before])

    assert chore.wait_for_another(before)


def test_a_database_that_is_away_is_asked_for_ever_less_often(monkeypatch: pytest.MonkeyPatch) -> None:
    waited: list[float] = []
    runner = Runner([], connect=lambda: "host=/nowhere connect_timeout=1", retry_after_s=(1.0, 2.0, 5.0))

    def wait(seconds: float) -> bool:
        waited.append(seconds)
        if len(waited) == 4:
            runner._stopped.set()
        return False

    monkeypatch.setattr(runner._stopped, "wait", wait)
    runner.run()

    assert waited == [1.0, 2.0, 5.0, 5.0]


def test_a_chore_that_fails_is_counted_tried_again_and_keeps_no_other_from_its_work(runners: list[Runner]) -> None:
    bad, good = Noted("bad", failures=2), Noted("good")
    before = chores.FAILURES.values.get(("bad",), 0)
    begin(runners, bad, good)

    assert good.wait(3)
    assert bad.wait(4)
    assert chores.FAILURES.values["bad",] == before + 2


def test_a_chore_with_more_to_do_goes_on_at_once(runners: list[Runner]) -> None:
    busy = Noted(more=50)
    busy.every_s = 3600
    begin(runners, busy)

    assert busy.wait(51)


def test_runs_are_recorded_with_what_a_failure_said(runners: list[Runner]) -> None:
    chore = Noted("prune", failures=1)
    runner = Runner([chore], look_every_s=0.02, retry_after_s=(0.01,), now=lambda: NOW)
    runners.append(runner)
    runner.start()

    assert chore.wait(2)
    runner.stop()

    run = ChoreRun.objects.get()
    assert (run.name, run.ran_at, run.failed_at, run.failure) == ("prune", NOW, NOW, "not today")


def test_chores_go_on_when_their_runs_cannot_be_recorded(runners: list[Runner]) -> None:
    chore = Noted("x" * 61)  # too long for its column
    runner = Runner([chore], look_every_s=0.02, retry_after_s=(0.01,), now=lambda: NOW)
    runners.append(runner)
    runner.start()

    assert chore.wait(3)
    assert not ChoreRun.objects.exists()
