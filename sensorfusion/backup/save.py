"""Writes backups while the platform runs: a snapshot of the database and the files of the data directory."""

import contextlib
import os
from collections.abc import Callable, Iterator
from pathlib import Path

import psycopg
from django.db.migrations.recorder import MigrationRecorder

from sensorfusion import __version__
from sensorfusion.backup import pg_dump
from sensorfusion.backup.archive import CHUNK, DUMP, FILES, FORMAT, Counts, Manifest, Packing, packing
from sensorfusion.clock import Clock
from sensorfusion.readings.stored.partitions import REMOVAL_LOCK
from sensorfusion.readings.stored.selection import COUNT_ALL
from sensorfusion.terminal.errors import CommandLineError

# Recreated at every start, or valid for one running process only. pg_dump saves the database itself.
_LEFT_OUT = (
    "postgres",
    "postgres-new-*",
    "postgres.log*",
    "postgres.lock",
    "postgres.users",
    "lock",
    "socket",
    "static",
)
LOCAL_CONF = "postgres/local.conf"

_COUNTS = f"""
SELECT (SELECT count(*) FROM accounts_operator), (SELECT count(*) FROM sensors_site),
       (SELECT count(*) FROM sensors_sensor), ({COUNT_ALL})
"""
_SIZES = """
SELECT format('"%s.%s"', nspname, relname), pg_table_size(pg_class.oid)
FROM pg_class JOIN pg_namespace ON pg_namespace.oid = relnamespace
WHERE relkind = 'r' AND nspname NOT IN ('pg_catalog', 'information_schema')
"""
_DUMPING = "dumping contents of table "

Step = Callable[[int, int], None]


def create_backup(
    *, url: str, data: Path, to: Path, now: Clock, progress: Callable[[int], contextlib.AbstractContextManager[Step]]
) -> Manifest:
    """Write a backup into a new file and return its manifest.

    It contains everything that was committed before it began, so every reading acknowledged by then: pg_dump uses the
    snapshot of the transaction that counts the rows. `progress` is called with the number of bytes to read.

    :raises CommandLineError: if the backup fails or the file cannot be written; no file is left then.
    """
    if to.resolve().is_relative_to(data.resolve()):
        raise CommandLineError(
            f"{to} is inside of the data directory, and would be lost with it. Choose a place elsewhere."
        )
    with _connected(url) as link, packing(to) as pack:
        version = pg_dump.server_version(link)
        link.execute("SELECT pg_advisory_lock_shared(%s)", [REMOVAL_LOCK])
        with link.transaction():
            link.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
            taken_at = now()
            snapshot = _one(link, "SELECT pg_export_snapshot()")
            counts = counted(link)
            _save_database(link, pack, url=url, snapshot=snapshot, progress=progress)
            migrations = applied(link)
        for name, path in _files(data):
            with pack.member(FILES + name) as member, path.open("rb") as file:
                while chunk := file.read(CHUNK):
                    member.write(chunk)
        manifest = Manifest(
            format=FORMAT,
            version=__version__,
            taken_at=taken_at,
            postgresql=version,
            migrations=migrations,
            counts=counts,
            members=pack.members,
        )
        pack.finish(manifest)
    return manifest


def counted(link: psycopg.Connection) -> Counts:
    """Count the rows of user data."""
    row = link.execute(_COUNTS).fetchone()
    assert row
    return Counts(*row)


def applied(link: psycopg.Connection) -> list[str]:
    """List the applied migrations as `app.name`."""
    table = MigrationRecorder.Migration._meta.db_table
    rows = link.execute(f"SELECT app || '.' || name FROM {table} ORDER BY 1".encode())
    return [str(row[0]) for row in rows]


@contextlib.contextmanager
def _connected(url: str) -> Iterator[psycopg.Connection]:
    try:
        with psycopg.connect(url, autocommit=True) as link:
            yield link
    except psycopg.OperationalError as error:
        raise CommandLineError(f"The database does not answer: {str(error).strip()}") from None
    except psycopg.errors.UndefinedTable:
        raise CommandLineError(
            "The database has no tables yet, so there is nothing to save. `up` or `migrate` creates them."
        ) from None


def _one(link: psycopg.Connection, query: str) -> str:
    row = link.execute(query.encode()).fetchone()
    assert row
    return str(row[0])


def _save_database(
    link: psycopg.Connection,
    pack: Packing,
    *,
    url: str,
    snapshot: str,
    progress: Callable[[int], contextlib.AbstractContextManager[Step]],
) -> None:
    sizes: dict[str, int] = dict(link.execute(_SIZES).fetchall())
    reached = 0

    def told(line: str) -> None:
        nonlocal reached
        _, _, table = line.partition(_DUMPING)
        reached += sizes.pop(table, 0)

    with progress(sum(sizes.values())) as step, pack.member(DUMP) as member:
        for chunk in pg_dump.dump(url=url, snapshot=snapshot, told=told):
            member.write(chunk)
            step(reached, member.bytes // 1_000_000)


def _files(data: Path) -> Iterator[tuple[str, Path]]:
    """Yield the files of the data directory that are not recreated: path below the directory, full path."""
    kept = [top for top in sorted(data.iterdir()) if not any(top.match(pattern) for pattern in _LEFT_OUT)]
    for path in (inner for top in kept for inner in (top, *sorted(top.rglob("*")))):
        if path.is_file() and not path.is_symlink():
            yield path.relative_to(data).as_posix(), path
    local = data / LOCAL_CONF
    if os.access(local, os.R_OK):
        yield LOCAL_CONF, local
