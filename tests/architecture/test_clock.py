"""Time is a parameter: only edges read the clock; all other code gets an instant or a clock."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pytest

PACKAGE: Final = Path(__file__).parents[2] / "sensorfusion"

# Programs that run elsewhere, and history that is never changed.
NOT_OURS: Final = ("clients/", "/migrations/")
# Pages, API views and commands.
EDGE: Final = re.compile(r"(^|.*/)(pages|[a-z]+_pages|api|[a-z]+_api|admin)\.py|.*/management/commands/\w+\.py")
# A model may name the clock as a default, which Django calls when a row is created.
MODELS: Final = re.compile(r".*/([a-z]+_)?models\.py")
EXCEPTIONS: Final = {
    "clock.py": "where the clock is read",
    "server/chores.py": "composition: gives the chores their clock",
    "server/mqtt_worker.py": "composition: gives the MQTT worker its clock",
    "server/page_bodies.py": "judges heads of requests before a view does",
    "server/process.py": "composition: gives ingest, live and poller their clock",
    "command_line/doctor.py": "compares the computer's clock with the database's: the clocks are what it is about",
    "mcp/command.py": "composition: gives the tools their clock",
    "command_line/watch.py": "composition: gives the board its clock",
    "accounts/throttles.py": "a throttle of the API, called by the framework",
    "accounts/signing_in/adapters.py": "called by allauth when a browser is signed in",
    "accounts/signing_in/recent.py": "wraps pages",
    "accounts/signing_in/forms.py": "forms of allauth's views, called by the framework",
    "accounts/idempotency/middleware.py": "a middleware of the API, called by the framework",
    "accounts/authentication.py": "how requests to the API are authenticated, called by the framework",
    "accounts/administration/frame.py": "a context processor of pages, called by the framework",
    "administration/decisions.py": "pages of administrators",
    "administration/invitations.py": "pages of administrators",
    "alerts/frame.py": "a context processor of pages, called by the framework",
    "reports/frame/switcher.py": "a context processor of pages, called by the framework",
    "sensors/sites/states.py": "called by pages for each row",
    "ingest/doors/openweathermap_stations.py": "a door: views of OpenWeatherMap's API",
    "web/templatetags/frame.py": "a filter of templates: how long ago something was when the page was made",
}

# Functions that read the clock, and the number of arguments with which they do not.
_CALLS: Final = {
    ("datetime", "now"): None,
    ("datetime", "utcnow"): None,
    ("datetime", "today"): None,
    ("date", "today"): None,
    ("timezone", "now"): None,
    ("timezone", "localdate"): 1,
    ("timezone", "localtime"): 1,
    ("time", "time"): None,
    ("time", "time_ns"): None,
    ("time", "gmtime"): 1,
    ("time", "localtime"): 1,
    ("time", "ctime"): 1,
    ("time", "asctime"): 1,
    ("time", "strftime"): 2,
}
_NAMES: Final = {"utc_now", "time_ns"}
_SQL: Final = re.compile(
    r"\b(now|clock_timestamp|statement_timestamp|transaction_timestamp|timeofday)\(\)"
    r"|\b(current_(date|time|timestamp)|localtimestamp)\b",
    re.IGNORECASE,
)
_STATEMENT: Final = re.compile(r"\b(SELECT|INSERT|UPDATE|DELETE|VALUES|WHERE)\b")


def readings_of_the_clock(source: str) -> list[str]:
    """Return the expressions of a module that read the clock, or name a function that does, as `line: expression`."""
    tree = ast.parse(source)
    return [f"{line}: {what}" for line, what in sorted(set(_found(tree)))]


def _found(tree: ast.Module) -> Iterator[tuple[int, str]]:
    arguments = {id(call.func): len(call.args) + len(call.keywords) for call in _calls(tree)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute):
            named = ast.unparse(node).split(".")[-2:]
            most = _CALLS.get((named[0], named[-1]), 0)
            if most is None or (most and arguments.get(id(node), 0) < most):
                yield node.lineno, ast.unparse(node)
        elif isinstance(node, ast.ImportFrom) and node.level == 0:
            taken = {alias.name for alias in node.names}
            if taken & _NAMES or (node.module == "time" and "time" in taken):
                yield node.lineno, ast.unparse(node)
        elif isinstance(node, ast.Constant) and isinstance(node.value, str) and _is_sql(node.value):
            yield node.lineno, _SQL.search(node.value)[0]  # type: ignore[index]  # _is_sql found it
        elif isinstance(node, ast.Name) and node.id in {"Now", *_NAMES} and isinstance(node.ctx, ast.Load):
            yield node.lineno, node.id


def _is_sql(text: str) -> bool:
    return bool(_SQL.search(text) and _STATEMENT.search(text))


def _calls(tree: ast.Module) -> Iterator[ast.Call]:
    return (node for node in ast.walk(tree) if isinstance(node, ast.Call))


def modules() -> Iterator[tuple[str, str]]:
    for path in PACKAGE.rglob("*.py"):
        name = path.relative_to(PACKAGE).as_posix()
        if not any(part in f"/{name}" for part in NOT_OURS):
            yield name, path.read_text()


def test_only_edges_read_the_clock() -> None:
    reading = {
        name: found
        for name, source in modules()
        if not EDGE.fullmatch(name)
        and not MODELS.fullmatch(name)
        and name not in EXCEPTIONS
        and (found := readings_of_the_clock(source))
    }

    assert reading == {}, "give them `now`, an instant or a sensorfusion.clock.Clock"


def test_models_name_the_clock_as_a_default_only() -> None:
    for name, source in modules():
        if MODELS.fullmatch(name):
            defaults = {
                f"{keyword.value.lineno}: {ast.unparse(keyword.value)}"
                for call in _calls(ast.parse(source))
                for keyword in call.keywords
                if keyword.arg == "default"
            }
            assert set(readings_of_the_clock(source)) <= defaults, name


def test_every_exception_is_needed() -> None:
    sources = dict(modules())

    assert [name for name in EXCEPTIONS if EDGE.fullmatch(name) or not readings_of_the_clock(sources[name])] == []


@pytest.mark.parametrize(
    "source",
    [
        "at = datetime.now(UTC)",
        "at = datetime.datetime.now()",
        "def f(now=timezone.now): ...",
        "def f(now=lambda: datetime.now(UTC)): ...",
        "from time import time",
        "from sensorfusion.clock import Clock, utc_now",
        "at = clock.utc_now()\nutc_now",
        "s = time.time()",
        "s = time.strftime('%Y')",
        "day = timezone.localdate()",
        "Q = 'UPDATE t SET at = now() WHERE id = %s'",
        "Q = f'SELECT {COLUMNS} FROM t WHERE at < CURRENT_TIMESTAMP'",
        "objects.update(at=Now())",
    ],
)
def test_reading_the_clock_is_seen(source: str) -> None:
    assert readings_of_the_clock(source)


@pytest.mark.parametrize(
    "source",
    [
        "from sensorfusion.clock import Clock",
        "began = time.monotonic()",
        "at = self._now()",
        "text = time.strftime('%Y', at)",
        "day = timezone.localdate(at, zone)",
        "help = 'What a sensor shows now (or showed)'",
        "Q = 'SELECT a FROM t WHERE at < %s'",
    ],
)
def test_other_things_are_not_taken_for_it(source: str) -> None:
    assert readings_of_the_clock(source) == []
