"""Runs tests under a clock that is ahead: `--clock-ahead=140d` or `7h`. A test that fails then would fail one day.

Python's clock is shifted, in this process, around each test with its fixtures; it keeps ticking. The clocks of
PostgreSQL, other processes and browsers are not shifted, so a statement that compares its own now() with an instant
from Python fails as well. Node is told the offset (tests/js/clock_ahead.js).
"""

import os
import re
from collections.abc import Generator
from datetime import timedelta

import pytest
import time_machine

VARIABLE = "SENSORFUSION_TEST_CLOCK_AHEAD_MS"  # for other processes
_HOURS = {"h": 1.0, "d": 24.0, "w": 168.0, "y": 8766.0}
_ahead = pytest.StashKey[timedelta]()


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--clock-ahead", default="0d", metavar="SPAN", help="move the clock: 7h, 140d, 20w or 5y")


def pytest_configure(config: pytest.Config) -> None:
    ahead = config.stash[_ahead] = _span(config.getoption("--clock-ahead"))
    if ahead:
        os.environ[VARIABLE] = str(ahead // timedelta(milliseconds=1))


def pytest_report_header(config: pytest.Config) -> str | None:
    return f"clock: {ahead} ahead" if (ahead := config.stash[_ahead]) else None


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_runtest_protocol(item: pytest.Item) -> Generator[None, object, object]:
    """Shift the clock before the first fixture of a test, and back after its last."""
    ahead = item.config.stash[_ahead]
    if not ahead or item.get_closest_marker("real_clock"):
        return (yield)
    with time_machine.travel(ahead, tick=True):
        return (yield)


def _span(text: str) -> timedelta:
    if not (found := re.fullmatch(r"(\d+)([hdwy])", text)):
        raise pytest.UsageError(f"--clock-ahead={text}: write hours, days, weeks or years, as 7h, 140d, 20w or 5y")
    return timedelta(hours=round(int(found[1]) * _HOURS[found[2]]))
