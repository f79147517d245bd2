"""What must be in place before the server starts: a database that answers, its tables, the collected static files."""

import hashlib
import os
import time
from collections.abc import Callable
from pathlib import Path

import psycopg
from django.conf import settings
from django.contrib.staticfiles import finders
from django.core.management import call_command
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from sensorfusion.config.settings import database
from sensorfusion.events.postgres import conninfo
from sensorfusion.terminal.errors import CommandLineError

Say = Callable[[str], None]

# A database that was started together with us (compose, systemd) needs seconds; after a minute DATABASE_URL is wrong.
DATABASE_WITHIN_S = 60
# Any number will do that nobody else uses in this database; these are the letters "sf-m".
MIGRATION_LOCK = 0x73662D6D


class DatabaseAway(CommandLineError):
    """The database did not answer in time; the message is the database's own."""


def use(url: str) -> None:
    """Point this process, and those it starts, at a database; nothing may have connected before."""
    os.environ["DATABASE_URL"] = url
    settings.DATABASES["default"].update(database(url))


def wait_for_database(say: Say, *, within_s: float = DATABASE_WITHIN_S) -> None:
    """Return when the database answers.

    :raises DatabaseAway: if it does not in time.
    """
    deadline = time.monotonic() + within_s
    told = False
    while True:
        try:
            psycopg.connect(conninfo()).close()
            return
        except psycopg.OperationalError as error:
            if time.monotonic() > deadline:
                raise DatabaseAway(str(error).strip()) from None
        if not told:
            say("Waiting for the database…")
            told = True
        time.sleep(0.5)


def pending_migrations() -> int:
    """Count the migrations that are not applied yet."""
    executor = MigrationExecutor(connection)
    return len(executor.migration_plan(executor.loader.graph.leaf_nodes()))


def migrate(say: Say) -> None:
    """Bring the tables up to date; of several hosts that start at once, one does it and the others wait."""
    began = time.monotonic()
    with psycopg.connect(conninfo(), autocommit=True) as link:
        link.execute("SELECT pg_advisory_lock(%s)", [MIGRATION_LOCK])
        pending = pending_migrations()
        if pending:
            call_command("migrate", verbosity=0, interactive=False)
            say(f"Database brought up to date: {pending} migrations in {time.monotonic() - began:.1f} s")


def collect_static(say: Say) -> None:
    """Collect the static files if any changed since the last time."""
    root = Path(settings.STATIC_ROOT)
    seal = root / ".collected"
    found = _fingerprint()
    if seal.exists() and seal.read_text() == found:
        return
    began = time.monotonic()
    call_command("collectstatic", verbosity=0, interactive=False)
    seal.write_text(found)
    say(f"Static files collected in {time.monotonic() - began:.1f} s")


def _fingerprint() -> str:
    """Digest the name, size and time of every static file there is; reading them all would take as long as copying."""
    digest = hashlib.sha256()
    for finder in finders.get_finders():
        for path, storage in finder.list([]):
            status = os.stat(storage.path(path))
            digest.update(f"{path} {status.st_size} {status.st_mtime_ns}\n".encode())
    return digest.hexdigest()
