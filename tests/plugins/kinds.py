"""Says at the end how many tests of each kind ran."""

from collections import Counter

import pytest

from tests.plugins.javascript import Script

KINDS = ("unit", "postgres", "redis", "sockets", "browser", "crash", "js")
_MARKED = ("crash", "browser", "redis", "sockets")
_DATABASE = {"db", "transactional_db", "django_db_serialized_rollback", "live_server", "cast"}
_kind = pytest.StashKey[str]()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        item.stash[_kind] = _kind_of(item)


def _kind_of(item: pytest.Item) -> str:
    if isinstance(item, Script):
        return "js"
    for name in _MARKED:
        if item.get_closest_marker(name):
            return name
    fixtures = set(getattr(item, "fixturenames", ()))
    return "postgres" if item.get_closest_marker("django_db") or fixtures & _DATABASE else "unit"


def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo[None]) -> None:
    if call.when == "call" and not call.excinfo:
        _passed[item.stash[_kind]] += 1


_passed: Counter[str] = Counter()


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    shown = ", ".join(f"{_passed[kind]} {kind}" for kind in KINDS)
    terminalreporter.write_line(f"Passed by kind: {shown}")
