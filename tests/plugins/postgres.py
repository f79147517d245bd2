"""One PostgreSQL per session if DATABASE_URL names none, started when a selected test needs a database.

Django reads the database's URL when its settings are imported, long before the tests are collected; the socket path of
an embedded server is known before the server runs. Under pytest-xdist the workers collect the tests, but the server is
started by the process that started the workers, because it ends with its starter: a worker requests it by creating a
file, and it is started before the first test is handed out.
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
from sensorfusion.postgres.postmaster import ROLE
from tests.plugins import kinds

_server = pytest.StashKey[EmbeddedPostgres]()
_wanted = pytest.StashKey[Path]()
_WANTED = "database_wanted"
_UNREACHABLE = """\
This is a unit test: it uses none of the fixtures of a database, so no PostgreSQL is started for it.
If it needs one, mark it with pytest.mark.django_db."""


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_load_initial_conftests(early_config: pytest.Config) -> Generator[None]:
    """Set a data directory and the URL of the session's own database, unless the environment names them.

    Workers of pytest-xdist inherit both.
    """
    if "SENSORFUSION_DATA" not in os.environ:
        os.environ["SENSORFUSION_DATA"] = _temporary(early_config)
    if "DATABASE_URL" not in os.environ:
        # This data is disposable after a crash. Crash tests start servers of their own.
        directory = Path(_temporary(early_config))
        server = early_config.stash[_server] = EmbeddedPostgres(directory, durable=False)
        early_config.stash[_wanted] = directory / "wanted"
        early_config.add_cleanup(server.stop)
        os.environ["DATABASE_URL"] = server.url
    return (yield)


@pytest.hookimpl(tryfirst=True)  # before xdist reports the collection, which the server is started by
def pytest_collection_finish(session: pytest.Session) -> None:
    """Start the server if a selected test needs it; a worker requests it instead."""
    if all(kinds.of(item) in kinds.WITHOUT_DATABASE for item in session.items) or session.config.option.collectonly:
        return
    if server := session.config.stash.get(_server, None):
        _start(server)
    elif wanted := getattr(session.config, "workerinput", {}).get(_WANTED):
        Path(wanted).touch()


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_setupnodes(config: pytest.Config, specs: list[Any]) -> None:
    """Give every worker its own data directory; pytest-django creates its database."""
    for spec in specs:
        spec.env["SENSORFUSION_DATA"] = _temporary(config)


@pytest.hookimpl(optionalhook=True)
def pytest_configure_node(node: Any) -> None:
    if wanted := node.config.stash.get(_wanted, None):
        node.workerinput[_WANTED] = str(wanted)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_node_collection_finished(node: Any) -> None:
    """Start the server if this worker requests it and it is not running."""
    wanted = node.config.stash.get(_wanted, None)
    if wanted and wanted.exists():
        wanted.unlink()
        del node.config.stash[_wanted]
        _start(node.config.stash[_server])


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Add a remedy to the report of a unit test that tried to use a database."""
    report = yield
    away = call.excinfo and isinstance(call.excinfo.value, psycopg.OperationalError)
    if away and kinds.of(item) in kinds.WITHOUT_DATABASE:
        report.sections.append(("No database", _UNREACHABLE))
    return report


@pytest.fixture(scope="session")
def django_db_keepdb(request: pytest.FixtureRequest) -> bool:
    """Keep the test databases on our own server: they are deleted with it, and an open session is no error then."""
    return _server in request.config.stash or _WANTED in getattr(request.config, "workerinput", {})


def _start(server: EmbeddedPostgres) -> None:
    """Start the server and let the application's role make the databases of the tests; it is no superuser."""
    server.start()
    with psycopg.connect(server.superuser_url) as link:
        link.execute(f"ALTER ROLE {ROLE} CREATEDB")


def _temporary(config: pytest.Config) -> str:
    # Not in pytest's own directory, which only its owner may enter: under root the server runs as another account.
    directory = tempfile.mkdtemp(prefix="sensorfusion-test-")
    config.add_cleanup(lambda: shutil.rmtree(directory, ignore_errors=True))
    return directory
