"""The components of a server process run while it runs, and are stopped afterwards."""

import pytest

from sensorfusion.ingest.polling import poller
from sensorfusion.server.process import Process
from tests.advisory_locks import holders
from tests.ingest.conftest import until

pytestmark = pytest.mark.django_db(transaction=True)


async def test_process_polls_while_it_runs() -> None:
    process = Process()

    await process.started()
    await until(polls)
    await process.stop()

    await until(lambda: not polls())


def polls() -> bool:
    """Return whether the poller of some process holds its lock in this database."""
    return bool(holders(poller._LOCK))
