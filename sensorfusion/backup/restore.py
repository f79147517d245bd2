"""Restores a backup into an empty data directory, or into the empty database that DATABASE_URL names.

Everything is verified before anything is written. The database is loaded in one transaction, so a failed restore leaves
nothing partial and can be repeated.
"""

import contextlib
import os
import shutil
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path

import psycopg
from django.apps import apps
from django.conf import settings
from django.db.migrations.loader import MigrationLoader
from psycopg import sql

from sensorfusion.backup import pg_dump
from sensorfusion.backup import save as backup
from sensorfusion.backup.archive import DUMP, FILES, Archive, Manifest
from sensorfusion.backup.save import LOCAL_CONF
from sensorfusion.config.directory import make_private
from sensorfusion.config.locks import Busy, only_one
from sensorfusion.postgres import cluster
from sensorfusion.postgres.embedded import EmbeddedPostgres
from sensorfusion.readings.stored.months import is_left
from sensorfusion.terminal.errors import CommandLineError

Step = Callable[[int, int], None]
Progress = Callable[[str, int], contextlib.AbstractContextManager[Step]]
_ELSEWHERE = "Restore into an empty one: another --data directory, or a database newly created by createdb."
KEPT_AS = ".before-restore"

_TABLES = """
SELECT relname, relispartition FROM pg_class JOIN pg_namespace ON pg_namespace.oid = relnamespace
WHERE nspname = 'public' AND relkind IN ('r', 'p')
"""
_FUNCTIONS = """
SELECT oid::regprocedure::text FROM pg_proc WHERE pronamespace = 'public'::regnamespace
AND NOT EXISTS (SELECT 1 FROM pg_depend WHERE objid = pg_proc.oid AND deptype = 'e')
"""
_OTHERS = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"


class NotEmpty(CommandLineError):
    """The target is not empty; the message says what is there."""


def put_back(*, archive: Archive, data: Path, url: str, force: bool, now: datetime, progress: Progress) -> Manifest:
    """Verify an archive and load it; without `url`, into the embedded database of `data`.

    With `force`, a database with tables is replaced as long as they hold no user data, as after a first start.

    :raises CommandLineError: if the archive cannot be used or the target is not empty; nothing is changed then.
    """
    _check_migrations(archive.manifest)
    with progress("Checking", archive.size) as step:
        _follow(archive.verify(), step)
    make_private(data)
    try:
        with only_one(data / "lock", now=now):
            _check_files(archive, data, force=force)
            with _database(data, url) as address:
                _load(archive, address, force=force, progress=progress)
                _write_files(archive, data)
    except Busy as holder:
        raise Busy(f"SensorFusion is running on {data} ({holder}). Stop it first.") from None
    return archive.manifest


def _check_migrations(manifest: Manifest) -> None:
    known = {".".join(key) for key in MigrationLoader(None).disk_migrations}
    if unknown := set(manifest.migrations) - known:
        raise CommandLineError(
            f"SensorFusion {manifest.version} made this backup, and its tables are newer than this release knows "
            f"({sorted(unknown)[0]}). Install that release or a later one."
        )


def _follow(sizes: Iterator[int], step: Step) -> None:
    position = 0
    for size in sizes:
        position += size
        step(position, position // 1_000_000)


def _check_files(archive: Archive, data: Path, *, force: bool) -> None:
    if force:
        return
    for name in archive.files:
        path = data / name
        if name != LOCAL_CONF and path.exists() and path.read_bytes() != b"".join(archive.read(FILES + name)):
            raise NotEmpty(
                f"{path} exists already and differs from the backup's. Name an empty directory with --data; "
                f"--force replaces it, and keeps it as {path.name}{KEPT_AS}."
            )


@contextlib.contextmanager
def _database(data: Path, url: str) -> Iterator[str]:
    """Yield the URL to load into; if loading fails, remove an embedded database that was created for it."""
    if url:
        yield url
        return
    directory = cluster.directory_in(data)
    is_new = not directory.exists()
    server = EmbeddedPostgres(data)
    try:
        yield server.start()
    except BaseException:
        server.stop()
        if is_new:
            shutil.rmtree(directory, ignore_errors=True)
        raise
    server.stop()


def _load(archive: Archive, url: str, *, force: bool, progress: Progress) -> None:
    try:
        with psycopg.connect(url, autocommit=True) as link:
            pg_dump.check_version(link.info.server_version)
            before = _clearing(link, force=force)
    except psycopg.OperationalError as error:
        raise CommandLineError(f"The database does not answer: {str(error).strip()}") from None
    with progress("Restoring", archive.manifest.members[DUMP].bytes) as step:
        pg_dump.load(url=url, chunks=_followed(archive.read(DUMP), step), before=before)
    with psycopg.connect(url, autocommit=True) as link:
        link.execute("ANALYZE")
        found = backup.counted(link)
    if found != archive.manifest.counts:
        raise CommandLineError(f"The restored database has {found}; the backup has {archive.manifest.counts}.")


def _followed(chunks: Iterator[bytes], step: Step) -> Iterator[bytes]:
    position = 0
    for chunk in chunks:
        yield chunk
        position += len(chunk)
        step(position, position // 1_000_000)


def _clearing(link: psycopg.Connection, *, force: bool) -> str:
    """Return the statements that empty the database; an empty string if there are no tables.

    :raises NotEmpty: if it holds tables of another program or user data, or is in use.
    """
    tables = {str(name): bool(is_part) for name, is_part in link.execute(_TABLES)}
    if not tables:
        return ""
    ours = {model._meta.db_table for model in apps.get_models(include_auto_created=True)}
    ours |= {"django_migrations", str(settings.CACHES["default"]["LOCATION"])}
    strange = sorted(name for name, is_part in tables.items() if not (is_part or name in ours or is_left(name)))
    if strange:
        raise NotEmpty(f"The database has tables of another program ({strange[0]}). {_ELSEWHERE}")
    if not force:
        raise NotEmpty(f"The database is not empty. {_ELSEWHERE} --force replaces an unused one.")
    found = backup.counted(link)
    if any((found.operators, found.sites, found.sensors, found.readings)):
        raise NotEmpty(f"The database is in use: it has {found}. {_ELSEWHERE}")
    others = link.execute(_OTHERS).fetchone()
    if others and others[0]:
        raise NotEmpty("The database is in use by another program. Stop every SensorFusion that uses it.")
    return _drops(link, tables)


def _drops(link: psycopg.Connection, tables: dict[str, bool]) -> str:
    statements = [
        sql.SQL("DROP TABLE {} CASCADE;").format(sql.Identifier("public", name)).as_string(link)
        for name, is_part in tables.items()
        if not is_part
    ]
    functions = [f"DROP FUNCTION {row[0]} CASCADE;" for row in link.execute(_FUNCTIONS)]
    return "\n".join([*statements, *functions, ""])


def _write_files(archive: Archive, data: Path) -> None:
    """Write each file under a temporary name and rename it; only its owner may read it."""
    for name in archive.files:
        path = data / name
        if name == LOCAL_CONF and not path.parent.exists():
            continue  # settings of the embedded database, which this installation does not use
        text = b"".join(archive.read(FILES + name))
        if path.exists() and path.read_bytes() == text:
            continue
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        if path.exists() and name != LOCAL_CONF:
            path.rename(path.with_name(path.name + KEPT_AS))
        _write(path, text)
        if name == LOCAL_CONF:
            cluster.find(data, durable=True).account.own(path)


def _write(path: Path, text: bytes) -> None:
    part = path.with_name(f"{path.name}.part")
    descriptor = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_CLOEXEC, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(text)
        file.flush()
        os.fsync(descriptor)
    part.rename(path)
