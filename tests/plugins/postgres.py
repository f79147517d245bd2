"""One PostgreSQL for the whole session where DATABASE_URL names none, started when a selected test needs a database.

Django reads the address of the database when its settings are imported, long before the tests are known; the socket of
an embedded server has its place before the server runs. Under pytest-xdist the workers collect, and the server belongs
to the process that started them, because it ends with its starter: a worker leaves a file that says a database is
needed, and the server is started before the first test is given out.
"""

import os
import shutil
import tempfile
from collections.abc import Generator
from pathlib import Path
from typing import Any

import psycopg
import pytest

from sensorfusion.postgres.embedded import EmbeddedPostgres
from tests.plugins import kinds

_server = pytest.StashKey[EmbeddedPostgres]()
_wanted = pytest.StashKey[Path]()
_WANTED = "database_wanted"
_UNREACHABLE = """\
This is a unit test: it uses none of the fixtures of a database, so no PostgreSQL is started for it.
If it needs one, mark it with pytest.mark.django_db."""


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_load_initial_conftests(early_config: pytest.Config) -> Generator[None]:
    """Give the session a data directory and the address of a database of its own, unless the environment names them.

    Workers of pytest-xdist inherit both.
    """
    if "SENSORFUSION_DATA" not in os.environ:
        os.environ["SENSORFUSION_DATA"] = _temporary(early_config)
    if "DATABASE_URL" not in os.environ:
        # Nobody misses this data after a crash. Tests of crashes start servers of their own.
        directory = Path(_temporary(early_config))
        server = early_config.stash[_server] = EmbeddedPostgres(directory, durable=False)
        early_config.stash[_wanted] = directory / "wanted"
        early_config.add_cleanup(server.stop)
        os.environ["DATABASE_URL"] = server.url
    return (yield)


def pytest_collection_finish(session: pytest.Session) -> None:
    """Start the server if a selected test needs it; a worker asks for it."""
    if all(kinds.of(item) in kinds.WITHOUT_DATABASE for item in session.items) or session.config.option.collectonly:
        return
    if server := session.config.stash.get(_server, None):
        server.start()
    elif wanted := getattr(session.config, "workerinput", {}).get(_WANTED):
        Path(wanted).touch()


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_setupnodes(config: pytest.Config, specs: list[Any]) -> None:
    """Give every worker a data directory of its own; its database is pytest-django's affair."""
    for spec in specs:
        spec.env["SENSORFUSION_DATA"] = _temporary(config)


@pytest.hookimpl(optionalhook=True)
def pytest_configure_node(node: Any) -> None:
    if wanted := node.config.stash.get(_wanted, None):
        node.workerinput[_WANTED] = str(wanted)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_node_collection_finished(node: Any) -> None:
    """Start the server if this worker asks for it and no other did before."""
    wanted = node.config.stash.get(_wanted, None)
    if wanted and wanted.exists():
        wanted.unlink()
        del node.config.stash[_wanted]
        node.config.stash[_server].start()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Say what to do where a unit test looked for a database."""
    report = yield
    away = call.excinfo and isinstance(call.excinfo.value, psycopg.OperationalError)
    if away and kinds.of(item) in kinds.WITHOUT_DATABASE:
        report.sections.append(("No database", _UNREACHABLE))
    return report


@pytest.fixture(scope="session")
def django_db_keepdb(request: pytest.FixtureRequest) -> bool:
    """Leave the test databases on a server of our own: they go with it, and a session that is open yet is no error."""
    return _server in request.config.stash or _WANTED in getattr(request.config, "workerinput", {})


def _temporary(config: pytest.Config) -> str:
    # Not below pytest's own directory, which only its owner may enter: as root the server has another account.
    directory = tempfile.mkdtemp(prefix="sensorfusion-test-")
    config.add_cleanup(lambda: shutil.rmtree(directory, ignore_errors=True))
    return directory
