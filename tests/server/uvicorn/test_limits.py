"""Descriptors: the limit is raised, some stay free for the database, and idle connections make room."""

import resource
from collections.abc import Iterator

import pytest

from sensorfusion.server.uvicorn import limits
from sensorfusion.server.uvicorn.limits import make_room, most_connections, raise_descriptor_limit


class Idle:
    """A connection that is idle since an instant, or has a request in progress."""

    def __init__(self, since: float | None) -> None:
        self.since = since
        self.is_aborted = False

    def idle_since(self) -> float | None:
        return self.since

    def abort(self) -> None:
        self.is_aborted = True


@pytest.fixture
def soft_limit() -> Iterator[int]:
    """Lower the soft limit of this process, as a shell has it."""
    before = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (512, before[1]))
    yield 512
    resource.setrlimit(resource.RLIMIT_NOFILE, before)


def test_the_soft_limit_is_raised_as_far_as_the_hard_one(soft_limit: int) -> None:
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)

    raised = raise_descriptor_limit()

    assert raised == resource.getrlimit(resource.RLIMIT_NOFILE)[0] > soft_limit
    assert raised == min(hard, limits.MOST_WANTED) or hard == resource.RLIM_INFINITY


def test_descriptors_stay_free_for_the_database(soft_limit: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "_most", [])

    assert most_connections() == soft_limit - limits.RESERVED


def test_those_that_are_idle_the_longest_make_room() -> None:
    busy, idle = [Idle(None) for _ in range(50)], [Idle(float(number)) for number in range(30)]

    assert make_room([*busy, *reversed(idle), object()])

    assert [each.since for each in idle if each.is_aborted] == [0.0, 1.0, 2.0]
    assert not any(each.is_aborted for each in busy)


def test_busy_connections_make_none() -> None:
    assert not make_room([Idle(None)])
