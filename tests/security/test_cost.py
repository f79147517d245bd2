"""The cost of storing a reading is independent of the stored ones: one statement, without reading the history."""

import os
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from sensorfusion.events.postgres import conninfo
from sensorfusion.ingest.steps.batch import Draft, Outcome, Source
from sensorfusion.ingest.storing.connection import WriterConnection
from sensorfusion.ingest.storing.rows import WriteRequest
from tests.conftest import Cast
from tests.ingest.conftest import read

pytestmark = pytest.mark.django_db(transaction=True)
START = datetime(2026, 11, 2, tzinfo=UTC)
SCANS = "SELECT coalesce(sum(seq_scan + idx_scan), 0) FROM pg_stat_user_tables WHERE relname LIKE 'reading%'"


@pytest.fixture
def writer() -> Iterator[WriterConnection]:
    with WriterConnection(conninfo()) as writer:
        yield writer


class Wire:
    """The requests of the writer's connection, as traced by libpq."""

    def __init__(self, writer: WriterConnection, log: Path) -> None:
        assert writer._connection is not None
        self.connection = writer._connection
        self._log = log

    def __enter__(self) -> "Wire":
        self._file = os.open(self._log, os.O_CREAT | os.O_WRONLY | os.O_TRUNC)
        self.connection.pgconn.trace(self._file)
        return self

    def __exit__(self, *_: object) -> None:
        self.connection.pgconn.untrace()
        os.close(self._file)

    @property
    def statements(self) -> int:
        said = [line.split("\t") for line in self._log.read_text(errors="replace").splitlines()]
        return sum(len(line) > 3 and line[1] == "F" and line[3] in ("Execute", "Query") for line in said)


def group(cast: Cast, first: int, count: int, write_requests: int = 1) -> list[WriteRequest]:
    """Return readings of consecutive seconds, in `requests` requests."""
    source = Source(cast.sensor.pk, str(cast.sensor.uuid))
    drafts = [Draft(START + timedelta(seconds=first + each), {"temperature": 20.5}) for each in range(count)]
    size = count // write_requests
    return [WriteRequest(source, START, drafts[at : at + size]) for at in range(0, count, size)]


def scans(writer: WriterConnection) -> int:
    """Return the number of scans of the reading tables, after the connection has reported its own."""
    assert writer._connection is not None
    writer._connection.execute("SELECT pg_stat_force_next_flush()")
    writer._connection.execute("SELECT 1")
    return int(read(SCANS)[0])


@pytest.mark.parametrize("stored", [10, 5_000])
@pytest.mark.parametrize(("count", "write_requests"), [(1, 1), (50, 1), (50, 50)])
def test_a_plain_group_is_one_statement_that_reads_no_history(
    cast: Cast, writer: WriterConnection, tmp_path: Path, stored: int, count: int, write_requests: int
) -> None:
    writer.store(group(cast, 0, stored))
    writer.store(group(cast, stored, 1))  # the second write is typical of all later ones
    before = scans(writer)

    with Wire(writer, tmp_path / "wire") as wire:
        answers = writer.store(group(cast, stored + 1, count, write_requests)).answers

    assert sum(one.accepted for one in answers if isinstance(one, Outcome)) == count
    assert wire.statements == 1
    assert scans(writer) == before


def test_the_count_of_statements_is_no_constant(cast: Cast, writer: WriterConnection, tmp_path: Path) -> None:
    writer.store(group(cast, 0, 10))

    with Wire(writer, tmp_path / "wire") as wire:
        before = scans(writer)
        writer.store(group(cast, 5, 1))  # a duplicate has to be looked up
        after = scans(writer)

    assert wire.statements > 1
    assert after > before
