"""Marks every test with its kind, so that `-m unit` selects by it, and reports how many of each kind passed."""

import gc
from collections import Counter

import pytest

from tests.plugins.javascript import Script

KINDS = ("unit", "postgres", "redis", "sockets", "browser", "crash", "js")
WITHOUT_DATABASE = frozenset({"unit", "js"})
_MARKED = ("crash", "browser", "redis", "sockets", "postgres")
_DATABASE = {"db", "transactional_db", "django_db_serialized_rollback", "live_server", "cast"}
_kind = pytest.StashKey[str]()


@pytest.hookimpl(tryfirst=True)  # before pytest deselects by `-m`
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        kind = item.stash[_kind] = _kind_of(item)
        # The property travels with the reports, from a worker to the process that prints.
        item.user_properties.append(("kind", kind))
        if not item.get_closest_marker(kind):
            item.add_marker(kind)


def of(item: pytest.Item) -> str:
    """Return the kind of a collected test."""
    return item.stash[_kind]


def _kind_of(item: pytest.Item) -> str:
    if isinstance(item, Script):
        return "js"
    for name in _MARKED:
        if item.get_closest_marker(name):
            return name
    fixtures = set(getattr(item, "fixturenames", ()))
    return "postgres" if item.get_closest_marker("django_db") or fixtures & _DATABASE else "unit"


def pytest_runtest_logreport(report: pytest.TestReport) -> None:
    if report.when == "call" and report.passed:
        _passed[str(dict(report.user_properties)["kind"])] += 1


_passed: Counter[str] = Counter()


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    shown = ", ".join(f"{_passed[kind]} {kind}" for kind in KINDS)
    terminalreporter.write_line(f"Passed by kind: {shown}")


@pytest.hookimpl(trylast=True)
def pytest_collection_finish() -> None:
    """Keep the garbage collector away from what was collected: it stays to the end, and is thousands of objects."""
    gc.collect()
    gc.freeze()
