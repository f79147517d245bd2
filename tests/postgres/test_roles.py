"""The roles of the embedded server, with a real one."""

import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from sensorfusion.postgres import cluster
from sensorfusion.postgres.embedded import EmbeddedPostgres

pytestmark = pytest.mark.postgres

# What PostgreSQL gives to superusers only, and an injected statement would begin with.
HARMFUL = (
    "COPY (SELECT 1) TO PROGRAM 'true'",
    "SELECT pg_read_file('PG_VERSION')",
    "CREATE ROLE another SUPERUSER",
    "ALTER SYSTEM SET log_statement = 'all'",
    "SET SESSION AUTHORIZATION postgres",
    "CREATE DATABASE another",
)
OWNERS = """
SELECT DISTINCT pg_get_userbyid(owner) FROM (
    SELECT relowner AS owner, relnamespace AS namespace FROM pg_class
    UNION ALL SELECT proowner, pronamespace FROM pg_proc UNION ALL SELECT typowner, typnamespace FROM pg_type
) AS objects WHERE namespace = 'public'::regnamespace
"""
EARLIER = """
CREATE TYPE colour AS ENUM ('red');
CREATE TABLE reading (id bigserial PRIMARY KEY, day date NOT NULL, shade colour, UNIQUE (id, day));
CREATE TABLE part (id bigint GENERATED ALWAYS AS IDENTITY, day date) PARTITION BY RANGE (day);
CREATE TABLE part_1 PARTITION OF part FOR VALUES FROM ('2026-01-01') TO ('2027-01-01');
CREATE SEQUENCE apart;
CREATE VIEW "with space" AS SELECT * FROM reading;
CREATE MATERIALIZED VIEW kept AS SELECT * FROM reading;
CREATE FUNCTION twice(n int) RETURNS int LANGUAGE sql AS 'SELECT 2 * n';
INSERT INTO reading (day, shade) VALUES ('2026-03-01', 'red');
"""


@pytest.fixture
def data() -> Iterator[Path]:
    # Not in pytest's directory, which only its owner may enter: under root the server runs as another account.
    directory = tempfile.mkdtemp(prefix="sf-roles-")
    yield Path(directory) / "data"
    shutil.rmtree(directory)


@pytest.fixture
def server(data: Path) -> Iterator[EmbeddedPostgres]:
    server = EmbeddedPostgres(data, durable=False)
    yield server
    server.stop()


def test_application_can_make_tables_and_cannot_leave_its_database(server: EmbeddedPostgres) -> None:
    with psycopg.connect(server.start(), autocommit=True) as link:
        link.execute("CREATE TABLE reading (at timestamptz)")
        for statement in HARMFUL:
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                link.execute(statement)


def test_cluster_of_an_earlier_release_keeps_its_data_and_takes_the_superuser_from_the_application(
    data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _make_as_earlier_releases_did(data, monkeypatch)
    server = EmbeddedPostgres(data, durable=False)

    with psycopg.connect(server.start(), autocommit=True) as link:
        assert link.execute('SELECT day::text, shade FROM "with space"').fetchall() == [("2026-03-01", "red")]
        assert link.execute(OWNERS).fetchall() == [("sensorfusion",)]
        assert link.execute("SELECT rolname FROM pg_roles WHERE rolcanlogin ORDER BY 1").fetchall() == [
            ("postgres",), ("sensorfusion",)
        ]  # fmt: skip
        for statement in HARMFUL:
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                link.execute(statement)
        link.execute("ALTER TABLE reading ADD COLUMN more int")
        link.execute("DROP TABLE part; DROP SEQUENCE apart; DROP FUNCTION twice; ALTER TYPE colour ADD VALUE 'green'")
    server.stop()


def test_half_made_cluster_of_an_earlier_release_gets_its_database(data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    _make_as_earlier_releases_did(data, monkeypatch, database=False)
    server = EmbeddedPostgres(data, durable=False)

    with psycopg.connect(server.start()) as link:
        assert link.execute("SELECT current_user::text, current_database()::text").fetchone() == (
            "sensorfusion", "sensorfusion"
        )  # fmt: skip
    server.stop()


def test_log_holds_no_value_of_a_statement(server: EmbeddedPostgres, data: Path) -> None:
    with psycopg.connect(server.start(), autocommit=True) as link:
        link.execute("CREATE TABLE operator (email text UNIQUE, password text)")
        for _ in range(2):
            try:
                link.execute("INSERT INTO operator VALUES (%s, %s)", ["ada@example.org", "argon2$secret"])
            except psycopg.errors.UniqueViolation:
                break
        with pytest.raises(psycopg.errors.UndefinedTable):
            link.execute("INSERT INTO nowhere VALUES ('argon2$secret')")

    text = (data / "postgres.log").read_text()
    assert "duplicate key value violates unique constraint" in text
    assert "ada@" not in text
    assert "argon2" not in text


def _make_as_earlier_releases_did(data: Path, monkeypatch: pytest.MonkeyPatch, *, database: bool = True) -> None:
    """Make a cluster whose superuser is the application's role, as the first release did."""
    with monkeypatch.context() as patched:
        patched.setattr(cluster, "SUPERUSER", "sensorfusion")
        patched.setattr("sensorfusion.postgres.roles.prepare", lambda sockets: None)
        earlier = EmbeddedPostgres(data, durable=False)
        url = earlier.start()
        with psycopg.connect(url.replace("/sensorfusion?", "/postgres?"), autocommit=True) as link:
            if database:
                link.execute("CREATE DATABASE sensorfusion")
        if database:
            with psycopg.connect(url) as link:
                link.execute(EARLIER)
        earlier.stop()
