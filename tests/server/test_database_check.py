"""The trial finds what a question would not, and leaves nothing behind."""

import psycopg
import pytest

from sensorfusion.events.postgres import conninfo
from sensorfusion.server import database_check
from tests.advisory_locks import holders
from tests.ingest.conftest import read

pytestmark = pytest.mark.django_db(transaction=True)


async def attempted(options: str = "") -> None:
    async with await psycopg.AsyncConnection.connect(conninfo(), autocommit=True, options=options) as link:
        await database_check.attempt(link)
        await database_check.attempt(link)


async def test_our_own_server_passes_and_keeps_nothing() -> None:
    await attempted()

    assert read("SELECT count(*) FROM reading") == [0]
    assert read("SELECT count(*) FROM sensor_state") == [0]
    assert holders(database_check._LOCK) == 0


async def test_read_only_server_does_not() -> None:
    with pytest.raises(psycopg.errors.ReadOnlySqlTransaction):
        await attempted("-c default_transaction_read_only=on")


@pytest.mark.parametrize("table", ["reading", "sensor_state"])
async def test_locked_table_is_found(table: str) -> None:
    with psycopg.connect(conninfo()) as other:
        other.execute(f"LOCK TABLE {table} IN ACCESS EXCLUSIVE MODE".encode())

        with pytest.raises(psycopg.errors.LockNotAvailable):
            await attempted()


async def test_a_file_is_written_for_which_a_full_disk_has_no_room() -> None:
    async with await psycopg.AsyncConnection.connect(conninfo()) as link:
        await link.execute(database_check._LIMITS)
        plan = await (await link.execute(f"EXPLAIN (ANALYZE) {database_check._FILE}".encode())).fetchall()

    # A full disk cannot be made here; what fails there is the file that the sort writes.
    assert any("external merge  Disk:" in line for [line] in plan)
