"""What is written of the runs of chores: seldom, but each is counted, and a failure at once."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import psycopg
import pytest

from sensorfusion.events.postgres import conninfo
from sensorfusion.readings.models import LONGEST_FAILURE, ChoreRun
from sensorfusion.readings.storage.chore_runs import WRITE_EVERY, ChoreRuns

pytestmark = pytest.mark.django_db(transaction=True)
NOW = datetime(2026, 11, 22, 6, tzinfo=UTC)


@pytest.fixture
def link() -> Iterator[psycopg.Connection[Any]]:
    with psycopg.connect(conninfo(), autocommit=True) as link:
        yield link


def written() -> tuple[int, int, float, float]:
    run = ChoreRun.objects.get(pk="roll up")
    return run.runs, run.failures, run.took_s, run.longest_s


def test_runs_in_between_are_counted_with_the_next_that_is_written(link: psycopg.Connection[Any]) -> None:
    runs = ChoreRuns()
    for after_s, took_s in ((0, 0.5), (1, 4.0), (2, 0.1)):
        runs.note(link, "roll up", at=NOW + timedelta(seconds=after_s), took_s=took_s)
    assert written() == (1, 0, 0.5, 0.5)

    runs.note(link, "roll up", at=NOW + WRITE_EVERY, took_s=0.2)

    assert written() == (4, 0, 0.2, 4.0)


def test_a_failure_is_written_at_once_and_stays_until_another(link: psycopg.Connection[Any]) -> None:
    runs, failed_at = ChoreRuns(), NOW + timedelta(seconds=1)
    runs.note(link, "roll up", at=NOW, took_s=0.1)
    runs.note(link, "roll up", at=failed_at, took_s=0.1, failure="deadlock detected")
    assert ChoreRun.objects.get().failed_at == failed_at

    runs.note(link, "roll up", at=failed_at + WRITE_EVERY, took_s=0.1)

    run = ChoreRun.objects.get()
    assert (run.runs, run.failures, run.failed_at, run.failure) == (3, 1, failed_at, "deadlock detected")
    assert run.ran_at == failed_at + WRITE_EVERY


def test_the_longest_is_of_the_day(link: psycopg.Connection[Any]) -> None:
    ChoreRuns().note(link, "roll up", at=NOW, took_s=9.0)

    ChoreRuns().note(link, "roll up", at=NOW + timedelta(days=1), took_s=2.0)

    assert written() == (2, 0, 2.0, 2.0)


def test_secrets_of_a_failure_are_redacted_and_it_is_cut(link: psycopg.Connection[Any]) -> None:
    told = "no answer of host=db password=hunter2 " + "x" * LONGEST_FAILURE

    ChoreRuns().note(link, "roll up", at=NOW, took_s=0.1, failure=told)

    failure = ChoreRun.objects.get().failure
    assert "hunter2" not in failure
    assert len(failure) == LONGEST_FAILURE


def test_a_clock_that_was_set_back_does_not_stop_the_writing(link: psycopg.Connection[Any]) -> None:
    runs = ChoreRuns()
    runs.note(link, "roll up", at=NOW, took_s=0.1)

    runs.note(link, "roll up", at=NOW - timedelta(days=1), took_s=0.1)

    assert written()[0] == 2
