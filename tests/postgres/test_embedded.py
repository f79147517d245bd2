"""The embedded PostgreSQL, with a real server."""

import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from sensorfusion.postgres import cluster, postmaster
from sensorfusion.postgres.cluster import EmbeddedError
from sensorfusion.postgres.embedded import EmbeddedPostgres, Owned
from sensorfusion.postgres.for_commands import database_for_command

pytestmark = pytest.mark.postgres


@pytest.fixture
def data() -> Iterator[Path]:
    # Not in pytest's directory, which only its owner may enter: under root the server runs as another account.
    directory = tempfile.mkdtemp(prefix="sf-embedded-")
    yield Path(directory) / "data"
    shutil.rmtree(directory)


@pytest.fixture
def server(data: Path) -> Iterator[EmbeddedPostgres]:
    server = EmbeddedPostgres(data)
    yield server
    server.stop()


def test_server_keeps_every_promise_about_crashes(server: EmbeddedPostgres) -> None:
    with psycopg.connect(server.start()) as link:
        rows = link.execute(
            "SELECT name, setting FROM pg_settings WHERE name IN "
            "('fsync', 'synchronous_commit', 'full_page_writes', 'data_checksums', 'TimeZone', 'listen_addresses')"
        ).fetchall()

    assert dict(rows) == {
        "fsync": "on",
        "synchronous_commit": "on",
        "full_page_writes": "on",
        "data_checksums": "on",
        "TimeZone": "UTC",
        "listen_addresses": "",
    }


def test_text_is_unicode_wherever_the_server_was_made(server: EmbeddedPostgres) -> None:
    with psycopg.connect(server.start()) as link:
        row = link.execute("SELECT upper('žluť – °'), current_setting('server_encoding')").fetchone()

    assert row == ("ŽLUŤ – °", "UTF8")


def test_only_the_accounts_of_the_platform_may_connect(server: EmbeddedPostgres, data: Path) -> None:
    server.start()

    assert (data / "postgres" / "access.conf").read_text() == "local all all peer map=platform\n"
    assert (data / "socket").stat().st_mode & 0o777 == 0o700
    assert (data / "postgres").stat().st_mode & 0o777 == 0o700


def test_address_of_a_running_server_is_found_and_of_a_stopped_one_is_not(server: EmbeddedPostgres, data: Path) -> None:
    assert EmbeddedPostgres(data).running_url() is None

    url = server.start()
    assert EmbeddedPostgres(data).running_url() == url

    server.stop()
    assert EmbeddedPostgres(data).running_url() is None


def test_second_server_on_the_same_data_is_refused(server: EmbeddedPostgres, data: Path) -> None:
    server.start()

    with pytest.raises(Owned):
        EmbeddedPostgres(data).start()


def test_borrower_uses_the_server_that_runs_and_leaves_it_running(server: EmbeddedPostgres, data: Path) -> None:
    url = server.start()

    with database_for_command(data) as lent:
        assert lent == url

    assert server.running_url() == url


def test_data_of_a_version_that_is_not_installed_is_explained(data: Path) -> None:
    (data / "postgres").mkdir(parents=True)
    (data / "postgres" / "PG_VERSION").write_text("17\n")

    with pytest.raises(EmbeddedError, match=r"written by PostgreSQL 17; installed here: 18.*take a backup"):
        EmbeddedPostgres(data).start()


def test_directory_of_something_else_is_not_touched(data: Path) -> None:
    (data / "postgres").mkdir(parents=True)
    (data / "postgres" / "letter.txt").write_text("Dear")

    with pytest.raises(EmbeddedError, match="is not a PostgreSQL directory"):
        EmbeddedPostgres(data).start()

    assert (data / "postgres" / "letter.txt").read_text() == "Dear"


def test_own_settings_win_and_stay(server: EmbeddedPostgres, data: Path) -> None:
    server.start()
    server.stop()
    with (data / "postgres" / "local.conf").open("a") as file:
        file.write("work_mem = 7MB\n")

    again = EmbeddedPostgres(data)
    with psycopg.connect(again.start()) as link:
        row = link.execute("SHOW work_mem").fetchone()
    again.stop()

    assert row == ("7MB",)


def test_server_that_cannot_start_shows_the_end_of_its_log(server: EmbeddedPostgres, data: Path) -> None:
    server.start()
    server.stop()
    (data / "postgres" / "local.conf").write_text("shared_buffers = nonsense\n")

    with pytest.raises(EmbeddedError, match=r"did not start\. The end of .*postgres\.log:\n(.|\n)*nonsense"):
        EmbeddedPostgres(data).start()


def test_half_made_database_of_a_killed_start_is_replaced(server: EmbeddedPostgres, data: Path) -> None:
    (data / "postgres-new-killed" / "base").mkdir(parents=True)

    server.start()

    assert not list(data.glob("postgres-new-*"))


def test_large_log_is_put_aside(server: EmbeddedPostgres, data: Path) -> None:
    data.mkdir()
    (data / "postgres.log").write_bytes(b"x" * 10_000_001)

    server.start()

    assert (data / "postgres.log.1").stat().st_size == 10_000_001
    assert (data / "postgres.log").stat().st_size < 10_000


def test_process_that_took_a_dead_servers_number_is_not_taken_for_it(tmp_path: Path) -> None:
    pretender = postmaster.Postmaster(os.getpid(), "/nowhere", "ready")

    assert not postmaster.is_alive(pretender, tmp_path / "postgres")


def test_sessions_that_outlive_their_server_are_noticed(server: EmbeddedPostgres, data: Path) -> None:
    server.start()
    directory = data / "postgres"

    assert postmaster.works_in(directory)
    server.stop()
    assert not postmaster.works_in(directory)


def test_socket_of_a_long_path_is_elsewhere_and_nobody_elses(data: Path) -> None:
    long = data / ("long" * 30)
    long.mkdir(parents=True)

    directory = cluster.find(long, durable=False).make_socket_directory()

    assert directory.parent == Path(tempfile.gettempdir())
    assert directory.stat().st_mode & 0o777 == 0o700
    directory.rmdir()
    directory.symlink_to(tempfile.gettempdir())
    with pytest.raises(EmbeddedError, match="belongs to another user"):
        cluster.find(long, durable=False).make_socket_directory()
    directory.unlink()
