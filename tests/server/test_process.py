"""The components of a server process run while it runs, and are stopped afterwards."""

import pytest

from sensorfusion.ingest.polling import poller
from sensorfusion.server.process import Process
from tests.ingest.conftest import read, until

pytestmark = pytest.mark.django_db(transaction=True)


async def test_process_polls_while_it_runs() -> None:
    process = Process()

    await process.started()
    await until(polls)
    await process.stop()

    await until(lambda: not polls())


def polls() -> bool:
    """Return whether the poller of some process holds its lock in this database."""
    held = f"SELECT 1 FROM pg_locks WHERE locktype = 'advisory' AND objid = {poller._LOCK}"
    return bool(read(f"{held} AND database = (SELECT oid FROM pg_database WHERE datname = current_database())"))
