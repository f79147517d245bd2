"""Which errors of the database the request caused, by errors that a real PostgreSQL raises."""

import psycopg
import pytest

from sensorfusion.events.postgres import conninfo
from sensorfusion.postgres.faults import is_of_request, one_line

OF_REQUEST = {
    "number_too_large": "SELECT 1e308::numeric::int",
    "no_uuid": "SELECT 'x'::uuid",
    "nul_in_json": r"""SELECT '"\u0000"'::jsonb::text""",
    "date_out_of_range": "SELECT '400000-01-01'::timestamptz",
    "broken_constraint": "CREATE TEMP TABLE mark (a int CHECK (a > 1)); INSERT INTO mark VALUES (1)",
    "taken": "CREATE TEMP TABLE mark (a int UNIQUE); INSERT INTO mark VALUES (1), (1)",
    "index_entry_too_large": "CREATE TEMP TABLE mark (a text UNIQUE);"
    " INSERT INTO mark SELECT string_agg(md5(n::text), '') FROM generate_series(1, 5000) AS n",
}
OF_DATABASE = {
    "read_only": "SET TRANSACTION READ ONLY; CREATE TABLE mark (a int)",
    "table_gone": "SELECT * FROM there_is_none",
    "statement_gone": "EXECUTE there_is_none",
    "cancelled": "SET LOCAL statement_timeout = '1ms'; SELECT pg_sleep(9)",
    "not_allowed": "SET LOCAL ROLE pg_monitor; CREATE TABLE public.mark (a int)",
}


def raised(statements: str) -> psycopg.Error:
    with psycopg.connect(conninfo()) as link, pytest.raises(psycopg.Error) as found:
        link.execute(statements.encode())
    return found.value


@pytest.mark.django_db
@pytest.mark.parametrize("statements", OF_REQUEST.values(), ids=OF_REQUEST)
def test_what_the_data_caused_is_the_requests_fault(statements: str) -> None:
    assert is_of_request(raised(statements))


@pytest.mark.django_db
@pytest.mark.parametrize("statements", OF_DATABASE.values(), ids=OF_DATABASE)
def test_everything_else_is_the_databases_fault(statements: str) -> None:
    assert not is_of_request(raised(statements))


@pytest.mark.django_db
def test_text_that_the_driver_refuses_is_the_requests_fault() -> None:
    with psycopg.connect(conninfo()) as link:
        with pytest.raises(psycopg.DataError) as nul:
            link.execute("SELECT %s::text", ["a\0b"])
        with pytest.raises(UnicodeError) as half:
            link.execute("SELECT %s::text", ["\ud800"])

    assert is_of_request(nul.value)
    assert is_of_request(half.value)


def test_lost_connection_and_bugs_are_not_the_requests_fault() -> None:
    with pytest.raises(psycopg.OperationalError) as away:
        psycopg.connect("host=127.0.0.1 port=1")

    assert not is_of_request(away.value)
    assert not is_of_request(ZeroDivisionError())


def test_errors_are_told_in_one_line() -> None:
    assert one_line(psycopg.Error("one\n\ttwo\n")) == "one two"
    assert one_line(TimeoutError()) == "TimeoutError"
