"""Log lines that strangers can cause."""

import logging

import pytest

from sensorfusion.web.logs.limited_log import MOST_LINES, WINDOW_S, LimitedLog


class Clock:
    now = 0.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def log(clock: Clock) -> LimitedLog:
    return LimitedLog(logging.getLogger("tests.limited"), clock=clock)


def test_subject_is_logged_once_a_minute(log: LimitedLog, clock: Clock, caplog: pytest.LogCaptureFixture) -> None:
    for seconds in (0, 1, 59, 60, 61):
        clock.now = seconds
        log.warn("a", f"at {seconds} s")

    assert caplog.messages == ["at 0 s", "2 more lines like the last ones were left out.", "at 60 s"]


def test_flood_of_subjects_leaves_few_lines(log: LimitedLog, clock: Clock, caplog: pytest.LogCaptureFixture) -> None:
    for number in range(1_000):
        log.warn(str(number), "flood")
    assert len(caplog.messages) == MOST_LINES

    clock.now = WINDOW_S
    log.warn("0", "afterwards")
    assert caplog.messages[MOST_LINES:] == [
        f"{1_000 - MOST_LINES} more lines like the last ones were left out.",
        "afterwards",
    ]
