"""Prepared statements executed through libpq: prepared again if missing, and failing with psycopg's own errors."""

from collections.abc import Iterator

import psycopg
import pytest

from sensorfusion.events.postgres import conninfo
from sensorfusion.ingest.storing.arrays import integers
from sensorfusion.ingest.storing.prepared import Prepared, prepare

pytestmark = pytest.mark.django_db(transaction=True)

DIVIDE = Prepared("divide", "SELECT 1 / each FROM unnest($1::int[]) AS each", parameters=1)


@pytest.fixture
def connection() -> Iterator[psycopg.Connection]:
    with psycopg.connect(conninfo(), autocommit=True) as connection:
        yield connection


def test_a_statement_is_planned_once_however_often_it_is_prepared(connection: psycopg.Connection) -> None:
    prepare(connection, [DIVIDE, DIVIDE])
    DIVIDE.run(connection, [integers([1, 2])])

    planned = connection.execute("SELECT name, generic_plans + custom_plans FROM pg_prepared_statements").fetchall()
    assert planned == [("divide", 1)]


def test_one_that_is_not_prepared_says_so(connection: psycopg.Connection) -> None:
    with pytest.raises(psycopg.errors.InvalidSqlStatementName):
        DIVIDE.run(connection, [integers([1])])


def test_one_that_cannot_be_planned_says_why(connection: psycopg.Connection) -> None:
    with pytest.raises(psycopg.errors.UndefinedTable, match="nowhere"):
        Prepared("wrong", "SELECT FROM nowhere", parameters=0).prepare(connection)


def test_what_postgresql_refuses_is_raised_as_psycopg_would(connection: psycopg.Connection) -> None:
    DIVIDE.prepare(connection)

    with pytest.raises(psycopg.errors.DivisionByZero):
        DIVIDE.run(connection, [integers([0])])
    DIVIDE.run(connection, [integers([1])])


def test_a_connection_that_died_is_an_operational_error(connection: psycopg.Connection) -> None:
    DIVIDE.prepare(connection)
    with psycopg.connect(conninfo(), autocommit=True) as other:
        other.execute("SELECT pg_terminate_backend(%s, 5000)", [connection.info.backend_pid])

    for _ in range(2):  # first an error from the server, then no connection
        with pytest.raises(psycopg.OperationalError):
            DIVIDE.run(connection, [integers([1])])
    assert connection.closed
