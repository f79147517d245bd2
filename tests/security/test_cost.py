"""What a stored reading costs does not depend on what is stored: one statement, and not a look at history."""

import os
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from sensorfusion.events.postgres import conninfo
from sensorfusion.ingest.steps.batch import Draft, Outcome, Source
from sensorfusion.ingest.storing.connection import Session
from sensorfusion.ingest.storing.rows import Parcel
from tests.conftest import Cast
from tests.ingest.conftest import read

pytestmark = pytest.mark.django_db(transaction=True)
START = datetime(2026, 11, 2, tzinfo=UTC)
SCANS = "SELECT coalesce(sum(seq_scan + idx_scan), 0) FROM pg_stat_user_tables WHERE relname LIKE 'reading%'"


@pytest.fixture
def session() -> Iterator[Session]:
    with Session(conninfo()) as session:
        yield session


class Wire:
    """What the session's connection asks the server, as libpq traces it."""

    def __init__(self, session: Session, log: Path) -> None:
        assert session._connection is not None
        self.connection = session._connection
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


def group(cast: Cast, first: int, count: int, parcels: int = 1) -> list[Parcel]:
    """Readings of consecutive seconds, in so many requests."""
    source = Source(cast.sensor.pk, str(cast.sensor.uuid))
    drafts = [Draft(START + timedelta(seconds=first + each), {"temperature": 20.5}) for each in range(count)]
    size = count // parcels
    return [Parcel(source, START, drafts[at : at + size]) for at in range(0, count, size)]


def scans(session: Session) -> int:
    """How often anybody looked into a table of readings, once the session's own count is told."""
    assert session._connection is not None
    session._connection.execute("SELECT pg_stat_force_next_flush()")
    session._connection.execute("SELECT 1")
    return int(read(SCANS)[0])


@pytest.mark.parametrize("stored", [10, 5_000])
@pytest.mark.parametrize(("count", "parcels"), [(1, 1), (50, 1), (50, 50)])
def test_a_plain_group_is_one_statement_that_reads_no_history(
    cast: Cast, session: Session, tmp_path: Path, stored: int, count: int, parcels: int
) -> None:
    session.store(group(cast, 0, stored))
    session.store(group(cast, stored, 1))  # the second write is what every further one is like
    before = scans(session)

    with Wire(session, tmp_path / "wire") as wire:
        answers = session.store(group(cast, stored + 1, count, parcels)).answers

    assert sum(one.accepted for one in answers if isinstance(one, Outcome)) == count
    assert wire.statements == 1
    assert scans(session) == before


def test_the_count_of_statements_is_no_constant(cast: Cast, session: Session, tmp_path: Path) -> None:
    session.store(group(cast, 0, 10))

    with Wire(session, tmp_path / "wire") as wire:
        before = scans(session)
        session.store(group(cast, 5, 1))  # a duplicate has to be looked up
        after = scans(session)

    assert wire.statements > 1
    assert after > before
