"""Django's connections and those that are opened beside it have the same parameters."""

import os
import subprocess
from typing import Any

import psycopg
import pytest
from django.db import connections
from psycopg.conninfo import conninfo_to_dict

from sensorfusion.backup.pg_dump import programs
from sensorfusion.config import database_url
from sensorfusion.events.postgres import conninfo
from sensorfusion.readings.storage.connections import pool
from tests import pgbouncer

pytestmark = pytest.mark.django_db

# Parameters of DATABASE_URL, and the query and the result by which the server shows them.
SHOWN = {
    "application_name=weather": ("SELECT current_setting('application_name')", "weather"),
    "connect_timeout=3": ("SELECT 1", 1),
    "options=-csearch_path%3Dpublic": ("SELECT current_setting('search_path')", "public"),
    "options=-c%20statement_timeout%3D54321": ("SELECT current_setting('statement_timeout')", "54321ms"),
    "target_session_attrs=read-write": ("SELECT current_setting('transaction_read_only')", "off"),
    "sslmode=disable&gssencmode=disable&keepalives_idle=30": ("SELECT 1", 1),
    "client_encoding=utf-8": ("SELECT current_setting('client_encoding')", "UTF8"),
}


@pytest.fixture(params=SHOWN)
def shown(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> tuple[str, str, Any]:
    """Use the test database with another parameter, for new connections of every kind."""
    to = conninfo_to_dict(conninfo())
    url = f"postgresql://{to['user']}:{to.get('password', '')}@/{to['dbname']}?host={to['host']}"
    url += f"&port={to['port']}" if to.get("port") else ""
    changed = database_url.django_settings(f"{url}&{request.param}", connections=18)
    for name, value in changed.items():  # in place: every thread and task has its own connection with this dictionary
        monkeypatch.setitem(connections["default"].settings_dict, name, value)
    query, expected = SHOWN[request.param]
    return request.param, query, expected


def test_parameter_reaches_djangos_connections(shown: tuple[str, str, Any]) -> None:
    _, query, expected = shown
    wrapper = connections["default"].copy()
    given = wrapper.get_connection_params()
    assert given.items() >= conninfo_to_dict(conninfo()).items()
    given.pop("pool", None)
    given.pop("cursor_factory")
    with psycopg.connect(**given) as link:
        row = link.execute(query.encode()).fetchone()

    assert row == (expected,)


def test_parameter_reaches_connections_beside_django(shown: tuple[str, str, Any]) -> None:
    _, query, expected = shown
    with psycopg.connect(conninfo()) as link:
        row = link.execute(query.encode()).fetchone()

    assert row == (expected,)


async def test_parameter_reaches_the_event_loops_pool(shown: tuple[str, str, Any]) -> None:
    _, query, expected = shown
    async with pool() as opened, opened.connection() as link:
        row = await (await link.execute(query.encode())).fetchone()

    assert row == (expected,)


def test_parameter_reaches_the_programs_of_postgresql(shown: tuple[str, str, Any]) -> None:
    _, query, expected = shown
    _, directory = programs()
    if not (directory / "psql").exists():
        pytest.skip("the programs of PostgreSQL have no psql here")

    done = subprocess.run(
        [directory / "psql", "--no-psqlrc", "--tuples-only", "--no-align", f"--command={query}", conninfo()],
        capture_output=True,
        text=True,
        check=True,
    )

    assert done.stdout.strip() == str(expected)


def test_first_server_of_several_that_can_write_is_used_by_all(monkeypatch: pytest.MonkeyPatch) -> None:
    to = conninfo_to_dict(conninfo())
    changed = database_url.django_settings(
        f"postgresql://{to['user']}@/{to['dbname']}?host=/nowhere,{to['host']}", connections=18
    )
    for name, value in changed.items():
        monkeypatch.setitem(connections["default"].settings_dict, name, value)
    given = connections["default"].copy().get_connection_params()

    for each in (
        {name: given[name] for name in given if name not in ("pool", "cursor_factory")},
        {"conninfo": conninfo()},
    ):
        with psycopg.connect(**each) as link:
            assert link.info.host == to["host"]
            assert link.info.get_parameters()["target_session_attrs"] == "read-write"


def test_sessions_behind_a_pooler_are_in_utc_too() -> None:
    database = conninfo_to_dict(conninfo())["dbname"]
    with psycopg.connect(conninfo(), autocommit=True) as link:
        link.execute(f"ALTER DATABASE {database} SET timezone = 'Asia/Tokyo'".encode())
        try:
            with pgbouncer.running(pool_mode="session") as url, psycopg.connect(database_url.conninfo(url)) as behind:
                row = behind.execute("SELECT current_setting('TimeZone')").fetchone()
        finally:
            link.execute(f"ALTER DATABASE {database} RESET timezone".encode())

    assert row == ("UTC",)


def test_sessions_are_in_utc_whoever_opens_them_and_without_options() -> None:
    with psycopg.connect(conninfo()) as link:
        row = link.execute("SELECT setting, source FROM pg_settings WHERE name = 'TimeZone'").fetchone()

    assert row == ("UTC", "client")
    assert os.environ["PGTZ"] == "UTC"
    assert "options" not in conninfo()
