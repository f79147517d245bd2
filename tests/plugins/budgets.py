"""Prints what pages cost beside what they may cost: tests name both with the fixture `within`, which compares them."""

from typing import Protocol

import pytest


class Within(Protocol):
    """Fails unless `used` is at most `most`."""

    def __call__(self, what: str, used: float, most: float) -> None: ...


@pytest.fixture
def within(request: pytest.FixtureRequest) -> Within:
    """Compare a cost with its budget; properties travel with reports, from a worker to the process that prints."""

    def compare(what: str, used: float, most: float) -> None:
        request.node.user_properties.append(("budget", (what, used, most)))
        assert used <= most, what

    return compare


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    ended = [each for key in ("passed", "failed") for each in terminalreporter.stats.get(key, [])]
    reports = {each.nodeid: each for each in ended if each.when == "call"}.values()
    noted = [value for each in reports for name, value in each.user_properties if name == "budget"]
    for what, used, most in sorted(map(tuple, noted)):
        terminalreporter.write_line(f"Budget: {what}, {used:,.6g} of {most:,.6g}")
