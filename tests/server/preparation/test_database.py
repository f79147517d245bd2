"""Preparations before the server starts."""

import os
from typing import Any

import pytest
from pytest_django import Settings

from sensorfusion.events.postgres import conninfo
from sensorfusion.server.preparation import database


@pytest.fixture
def said() -> list[str]:
    return []


def test_database_that_does_not_answer_is_waited_for_and_then_named(
    monkeypatch: pytest.MonkeyPatch, said: list[str]
) -> None:
    monkeypatch.setattr(database, "conninfo", lambda: "host=/nowhere")

    with pytest.raises(database.DatabaseAway, match="/nowhere"):
        database.wait_for_database(said.append, within_s=0.1)

    assert said == ["Waiting for the database…"]


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ("dbname=nowhere", 'database "nowhere" does not exist'),
        ("user=nobody_of_ours", "authentication failed"),
        ("options='-c no_such_setting=1'", "unrecognized configuration parameter"),
        ("options='-c statement_timeout=never'", "invalid value for parameter"),
    ],
)
def test_database_that_refuses_us_is_not_waited_for(
    monkeypatch: pytest.MonkeyPatch, said: list[str], changed: str, words: str
) -> None:
    monkeypatch.setattr(database, "conninfo", lambda: f"{conninfo()} {changed}")

    with pytest.raises(database.DatabaseRefuses, match=words) as refused:
        database.wait_for_database(said.append)

    assert said == []
    assert refused.value.status == 2
    assert str(refused.value).startswith("The database refuses the connection that DATABASE_URL describes: ")
    assert "\n" not in str(refused.value)


@pytest.mark.parametrize(
    "words",
    [
        "connection refused",
        "FATAL:  the database system is starting up",
        "FATAL:  the database system is shutting down",
        "FATAL:  sorry, too many clients already",
        "FATAL:  server login has been failing, cached error: connect failed (server_login_retry)",
        'could not translate host name "db" to address: Name or service not known',
        'connection to server on socket "/run/.s.PGSQL.5432" failed: No such file or directory',
    ],
)
def test_state_that_passes_is_waited_for(words: str) -> None:
    assert not database._PERMANENT.search(words)


@pytest.mark.parametrize(
    "words",
    [
        'FATAL:  password authentication failed for user "x"',
        'FATAL:  Peer authentication failed for user "x"',
        'FATAL:  role "x" does not exist',
        'FATAL:  no pg_hba.conf entry for host "192.0.2.7", user "x", database "y", no encryption',
        "server does not support SSL, but SSL was required",
        'root certificate file "/x" does not exist',
        "SSL error: certificate verify failed",
        "fe_sendauth: no password supplied",
        "FATAL:  no such database: x",
        "FATAL:  unsupported startup parameter: options",
    ],
)
def test_fault_that_stays_is_not_waited_for(words: str) -> None:
    assert database._PERMANENT.search(words)


@pytest.mark.django_db
def test_tables_that_are_up_to_date_are_left_alone(said: list[str]) -> None:
    assert database.pending_migrations() == 0

    database.migrate(said.append)

    assert said == []


def test_address_is_used_by_this_process_and_those_it_starts(
    monkeypatch: pytest.MonkeyPatch, settings: Settings
) -> None:
    default: dict[str, Any] = {}
    monkeypatch.setitem(settings.DATABASES, "default", default)
    monkeypatch.setenv("DATABASE_URL", "")

    database.use("postgresql://sensorfusion@/other?host=/run/there")

    assert (default["NAME"], default["HOST"]) == ("other", "/run/there")
    assert os.environ["DATABASE_URL"].endswith("host=/run/there")
