"""Backup and restore, without starting the platform."""

import contextlib
import os
import stat
import zipfile
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import msgspec
import psycopg
import pytest

from sensorfusion.backup import pg_dump, restore
from sensorfusion.backup import save as backup
from sensorfusion.backup.archive import DUMP, MANIFEST, Archive, BadArchive, Manifest
from sensorfusion.clock import utc_now
from sensorfusion.events.postgres import conninfo
from sensorfusion.postgres import cluster
from sensorfusion.readings.stored import months
from sensorfusion.readings.stored.partitions import REMOVAL_LOCK
from sensorfusion.terminal.errors import CommandLineError
from tests.conftest import Cast
from tests.storing import every, store

NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)


@contextlib.contextmanager
def no_bar(*_: object) -> Iterator[restore.Step]:
    yield lambda position, rows: None


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """A data directory of a platform that uses an external database."""
    data = tmp_path / "data"
    (data / "static").mkdir(parents=True)
    (data / "static" / "page.css").write_text("collected again")
    (data / "secret_key").write_text("the installation's\n")
    return data


@pytest.fixture
def archive(transactional_db: None, data: Path, cast: Cast, tmp_path: Path) -> Path:
    """A backup of the cast with forty readings over two months."""
    store(cast.sensor, [(at, {"temperature": 21.4}) for at in every(86_400, 40, until=NOON)])
    take(data, tmp_path / "all.sfb")
    return tmp_path / "all.sfb"


@pytest.fixture
def empty(transactional_db: None) -> Iterator[str]:
    """Another database on the same server, empty."""
    here = os.environ["DATABASE_URL"]
    with psycopg.connect(conninfo(), autocommit=True) as link:
        name = f"{link.info.dbname}_restored"
        link.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)".encode())
        link.execute(f"CREATE DATABASE {name}".encode())
        yield urlunsplit(urlsplit(here)._replace(path=f"/{name}"))
        link.execute(f"DROP DATABASE {name} WITH (FORCE)".encode())


def take(data: Path, to: Path) -> Manifest:
    return backup.create_backup(url=conninfo(), data=data, to=to, now=utc_now, progress=no_bar)


def put_back(path: Path, *, into: Path, url: str, force: bool = False) -> Manifest:
    with Archive(path) as archive:
        return restore.put_back(archive=archive, data=into, url=url, force=force, now=utc_now(), progress=no_bar)


def rows(url: str, query: str) -> list[tuple[object, ...]]:
    with psycopg.connect(url) as link:
        return link.execute(query.encode()).fetchall()


def rewritten(path: Path, **replaced: bytes) -> Path:
    """Return a copy of the archive with members replaced."""
    changed = path.with_name("changed.sfb")
    with zipfile.ZipFile(path) as old, zipfile.ZipFile(changed, "w") as new:
        for name in old.namelist():
            new.writestr(name, replaced.pop(name, b"") or old.read(name))
        for name, text in replaced.items():
            new.writestr(name, text)
    return changed


def test_what_was_saved_is_there_again(archive: Path, empty: str, tmp_path: Path) -> None:
    manifest = put_back(archive, into=tmp_path / "new", url=empty)

    everything = "SELECT * FROM reading ORDER BY sensor_id, seq"
    assert rows(empty, everything) == rows(conninfo(), everything)
    assert manifest.counts.readings == 40
    assert rows(empty, "SELECT seq FROM sensor_state") == [(40,)]
    assert rows(empty, "SELECT role, (sensor).name FROM sensor_right WHERE may_own ORDER BY operator_id") == [
        ("owner", "Orchard station"),
        ("owner", "Harbour station"),
    ]
    assert rows(empty, "SELECT count(*) FROM pg_inherits WHERE inhparent = 'reading'::regclass") >= [(2,)]


def test_files_of_the_data_directory_come_along_but_for_what_is_made_anew(
    archive: Path, empty: str, tmp_path: Path
) -> None:
    put_back(archive, into=tmp_path / "new", url=empty)

    assert (tmp_path / "new" / "secret_key").read_text() == "the installation's\n"
    assert stat.S_IMODE((tmp_path / "new" / "secret_key").stat().st_mode) == 0o600
    assert not (tmp_path / "new" / "static").exists()


def test_only_its_owner_can_read_a_backup_and_none_is_left_half_made(archive: Path, data: Path) -> None:
    assert stat.S_IMODE(archive.stat().st_mode) == 0o600
    assert list(archive.parent.glob("*.part")) == []
    with pytest.raises(CommandLineError, match="exists already"):
        take(data, archive)
    with pytest.raises(CommandLineError, match="inside of the data directory"):
        take(data, data / "mine.sfb")


def test_manifest_says_what_is_in_it(archive: Path, cast: Cast) -> None:
    with Archive(archive) as opened:
        manifest = opened.manifest

    assert str(manifest.counts) == "40 readings (sensors: 2, sites: 2, operators: 4)"
    assert set(manifest.members) == {DUMP, "files/secret_key"}
    assert "readings.0001_initial" in manifest.migrations


def test_archive_that_was_cut_off_is_refused_before_anything_is_touched(
    archive: Path, empty: str, tmp_path: Path
) -> None:
    whole = archive.read_bytes()
    for length in (0, 100, len(whole) // 2, len(whole) - 10):
        archive.write_bytes(whole[:length])
        with pytest.raises(BadArchive, match="is no backup, or is cut off"):
            put_back(archive, into=tmp_path / "new", url=empty)

    assert not (tmp_path / "new").exists()
    assert rows(empty, "SELECT 1 FROM pg_tables WHERE schemaname = 'public'") == []


def test_archive_with_a_changed_byte_is_refused(archive: Path, empty: str, tmp_path: Path) -> None:
    text = bytearray(archive.read_bytes())
    text[5_000] ^= 1
    archive.write_bytes(text)

    with pytest.raises(BadArchive, match=r"database\.dump"):
        put_back(archive, into=tmp_path / "new", url=empty)


@pytest.mark.parametrize(
    ("replaced", "why"),
    [
        ({"files/secret_key": b"mine"}, "damaged or was modified: files/secret_key"),
        ({"files/../../etc/passwd": b"root"}, "does not match its manifest"),
        ({MANIFEST: b"{}"}, "manifest cannot be read"),
    ],
)
def test_archive_that_was_changed_is_refused(
    archive: Path, empty: str, tmp_path: Path, replaced: dict[str, bytes], why: str
) -> None:
    with pytest.raises(BadArchive, match=why):
        put_back(rewritten(archive, **replaced), into=tmp_path / "new", url=empty)


def test_archive_of_a_newer_release_is_refused(archive: Path, empty: str, tmp_path: Path) -> None:
    with Archive(archive) as opened:
        newer = msgspec.structs.replace(opened.manifest, version="9.0", migrations=["readings.9999_unheard_of"])

    changed = rewritten(archive, **{MANIFEST: msgspec.json.encode(newer)})
    with pytest.raises(CommandLineError, match=r"SensorFusion 9\.0 made this backup.*readings.9999"):
        put_back(changed, into=tmp_path / "new", url=empty)


def test_zip_of_something_else_is_refused(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "letters.zip", "w") as letters:
        letters.writestr("dear.txt", "Dear")

    with pytest.raises(BadArchive, match=r"no backup: it has no manifest\.json"):
        Archive(tmp_path / "letters.zip")


def test_database_in_use_is_never_replaced(archive: Path, tmp_path: Path) -> None:
    with pytest.raises(restore.NotEmpty, match="--force replaces an unused one"):
        put_back(archive, into=tmp_path / "new", url=conninfo())
    with pytest.raises(restore.NotEmpty, match="in use: it has 40 readings"):
        put_back(archive, into=tmp_path / "new", url=conninfo(), force=True)


def test_month_whose_removal_was_cut_short_is_not_saved_and_is_no_table_of_another_program(
    archive: Path, data: Path, empty: str, tmp_path: Path
) -> None:
    with psycopg.connect(conninfo(), autocommit=True) as link:
        with link.transaction():
            months.set_aside(link, (2026, 10))
        try:
            take(data, tmp_path / "later.sfb")
            with pytest.raises(restore.NotEmpty, match="in use: it has 20 readings"):
                put_back(archive, into=tmp_path / "new", url=conninfo(), force=True)
        finally:
            months.drop_left(link)

    put_back(tmp_path / "later.sfb", into=tmp_path / "new", url=empty)
    assert rows(empty, "SELECT relname FROM pg_class WHERE relname LIKE 'removed%'") == []
    assert rows(empty, "SELECT count(*) FROM reading") == [(20,)]


def test_force_replaces_tables_that_nobody_has_used(archive: Path, empty: str, tmp_path: Path) -> None:
    put_back(archive, into=tmp_path / "new", url=empty)
    with psycopg.connect(empty) as link:
        link.execute("TRUNCATE accounts_operator, sensors_site, sensors_sensor, reading CASCADE")

    put_back(archive, into=tmp_path / "new", url=empty, force=True)

    assert rows(empty, "SELECT count(*) FROM reading") == [(40,)]


def test_tables_of_something_else_are_never_dropped(archive: Path, empty: str, tmp_path: Path) -> None:
    with psycopg.connect(empty) as link:
        link.execute("CREATE TABLE letters (text text)")

    with pytest.raises(restore.NotEmpty, match=r"tables of another program \(letters\)"):
        put_back(archive, into=tmp_path / "new", url=empty, force=True)


def test_secret_key_that_is_there_already_is_kept_aside(archive: Path, empty: str, tmp_path: Path) -> None:
    (tmp_path / "new").mkdir()
    (tmp_path / "new" / "secret_key").write_text("another\n")

    with pytest.raises(restore.NotEmpty, match="secret_key exists already"):
        put_back(archive, into=tmp_path / "new", url=empty)
    put_back(archive, into=tmp_path / "new", url=empty, force=True)

    assert (tmp_path / "new" / "secret_key").read_text() == "the installation's\n"
    assert (tmp_path / "new" / "secret_key.before-restore").read_text() == "another\n"


def test_dump_that_breaks_off_leaves_the_database_as_it_was(archive: Path, empty: str) -> None:
    with Archive(archive) as opened:
        whole = b"".join(opened.read(DUMP))

    with pytest.raises(pg_dump.DumpFailed, match="could not finish"):
        pg_dump.load(url=empty, chunks=[whole[: len(whole) - 500]])

    assert rows(empty, "SELECT 1 FROM pg_tables WHERE schemaname = 'public'") == []


def test_server_newer_than_our_programs_is_refused() -> None:
    newest = max(cluster.installed())

    pg_dump.check_version((newest - 4) * 10_000)
    with pytest.raises(
        pg_dump.DumpFailed, match=f"is PostgreSQL {newest + 1}, and the installed programs are of version {newest}"
    ):
        pg_dump.check_version((newest + 1) * 10_000)


def test_programs_of_the_system_do_where_the_embedded_ones_are_left_out(monkeypatch: pytest.MonkeyPatch) -> None:
    embedded = pg_dump.programs()

    def nothing() -> dict[int, Path]:
        raise cluster.EmbeddedError("left out")

    monkeypatch.setattr(cluster, "installed", nothing)
    monkeypatch.setenv("PATH", str(embedded[1]))
    assert pg_dump.programs() == embedded
    monkeypatch.setenv("PATH", "/nowhere")
    with pytest.raises(pg_dump.DumpFailed, match="Install PostgreSQL's client programs"):
        pg_dump.programs()


def test_password_is_not_among_the_arguments_of_a_program() -> None:
    with pg_dump._named("postgresql://sensors:a%3Ab@db.example.org:5433/weather") as (argument,):
        address, _, file = argument.partition(" passfile=")

        assert address == "--dbname=user=sensors dbname=weather host=db.example.org port=5433"
        assert Path(file).read_text() == "*:*:*:*:a\\:b\n"
        assert stat.S_IMODE(Path(file).stat().st_mode) == 0o600
    assert not Path(file).exists()


def test_database_that_does_not_answer_is_named(data: Path, tmp_path: Path) -> None:
    with pytest.raises(CommandLineError, match="does not answer"):
        backup.create_backup(
            url="host=/nowhere dbname=none", data=data, to=tmp_path / "a.sfb", now=utc_now, progress=no_bar
        )

    assert not (tmp_path / "a.sfb").exists()


def test_database_without_tables_has_nothing_to_save(empty: str, data: Path, tmp_path: Path) -> None:
    with pytest.raises(CommandLineError, match="no tables yet"):
        backup.create_backup(url=empty, data=data, to=tmp_path / "a.sfb", now=utc_now, progress=no_bar)

    assert list(tmp_path.glob("a.sfb*")) == []


def test_nothing_is_removed_while_a_backup_is_taken(transactional_db: None, data: Path, tmp_path: Path) -> None:
    free: list[bool] = []

    @contextlib.contextmanager
    def look(total: int) -> Iterator[restore.Step]:
        with psycopg.connect(conninfo()) as link:
            row = link.execute("SELECT pg_try_advisory_xact_lock(%s)", [REMOVAL_LOCK]).fetchone()
            free.append(bool(row and row[0]))
        yield lambda position, rows: None

    backup.create_backup(url=conninfo(), data=data, to=tmp_path / "all.sfb", now=utc_now, progress=look)

    assert free == [False]
