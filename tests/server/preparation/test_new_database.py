"""A new database is made by recorded statements, and is the one that the migrations make."""

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest

from sensorfusion.backup.pg_dump import programs
from sensorfusion.postgres.embedded import EmbeddedPostgres
from sensorfusion.server.preparation import new_database
from sensorfusion.server.preparation.migrations import installed, is_new, pending
from sensorfusion.server.preparation.new_database import heading, make

Link = psycopg.Connection[Any]
# Of pg_dump: a word that differs in each file.
_RESTRICTED = re.compile(r"^\\(un)?restrict .*$", re.MULTILINE)


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    embedded = EmbeddedPostgres(tmp_path_factory.mktemp("new"))
    try:
        yield embedded.start()
    finally:
        embedded.stop()


@pytest.fixture
def link(server: str) -> Iterator[Link]:
    with psycopg.connect(server, autocommit=True) as link:
        link.execute("DROP SCHEMA public CASCADE; CREATE SCHEMA public")
        yield link


def dumped(url: str) -> str:
    _, folder = programs()
    said = subprocess.run([folder / "pg_dump", "--inserts", url], capture_output=True, text=True, check=True).stdout
    return _RESTRICTED.sub("", re.sub(r"'\d{4}-\d\d-\d\d \d\d:[^']*'", "'then'", said))


def migrated(url: str, data: Path) -> None:
    environment = {**os.environ, "DATABASE_URL": url, "SENSORFUSION_DATA": str(data)}
    command = [sys.executable, "-m", "sensorfusion", "migrate", "--verbosity", "0"]
    subprocess.run(command, env=environment, check=True, capture_output=True)


def test_recorded_statements_are_those_of_the_installed_migrations() -> None:
    first_line = new_database.RECORDED.read_text(encoding="utf-8").partition("\n")[0]

    assert f"{first_line}\n" == heading(), "run: make schema"


def test_it_is_the_database_that_the_migrations_make(server: str, link: Link, tmp_path: Path) -> None:
    migrated(server, tmp_path)
    by_migrations = dumped(server)
    link.execute("DROP SCHEMA public CASCADE; CREATE SCHEMA public")

    assert make(link)

    assert dumped(server) == by_migrations
    assert pending(link) == set()


def test_all_migrations_of_a_new_database_are_pending(link: Link) -> None:
    assert is_new(link)
    assert pending(link) == installed()
    assert ("sensors", "0001_initial") in installed()


def test_a_migration_that_was_not_applied_is_pending(link: Link) -> None:
    make(link)
    link.execute("DELETE FROM django_migrations WHERE (app, name) = ('sensors', '0001_initial')")

    assert pending(link) == {("sensors", "0001_initial")}


def test_a_database_with_a_table_is_left_to_the_migrations(link: Link) -> None:
    link.execute("CREATE TABLE other ()")

    assert not make(link)

    assert is_new(link)


def test_statements_of_other_migrations_are_not_used(
    link: Link, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = tmp_path / "other.sql"
    other.write_text("-- The migrations of another release\nCREATE TABLE sensors_sensor ()")
    monkeypatch.setattr(new_database, "RECORDED", other)

    assert not make(link)

    assert is_new(link)
