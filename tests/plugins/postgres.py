"""One PostgreSQL for the whole session where DATABASE_URL names none, started before Django reads its settings."""

import os
import shutil
import tempfile
from collections.abc import Generator
from pathlib import Path

import pytest

from sensorfusion.config.embedded import EmbeddedPostgres


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_load_initial_conftests(early_config: pytest.Config) -> Generator[None]:
    """Give the session a data directory and a database of its own, unless the environment names them."""
    if "SENSORFUSION_DATA" not in os.environ:
        os.environ["SENSORFUSION_DATA"] = _temporary(early_config)
    if "DATABASE_URL" not in os.environ:
        # Nobody misses this data after a crash. Tests of crashes start servers of their own.
        server = EmbeddedPostgres(Path(_temporary(early_config)), durable=False)
        early_config.add_cleanup(server.stop)
        os.environ["DATABASE_URL"] = server.start()
    return (yield)


def _temporary(config: pytest.Config) -> str:
    # Not below pytest's own directory, which only its owner may enter: as root the server has another account.
    directory = tempfile.mkdtemp(prefix="sensorfusion-test-")
    config.add_cleanup(lambda: shutil.rmtree(directory, ignore_errors=True))
    return directory
