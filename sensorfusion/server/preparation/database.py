"""Waits for the database, makes its tables, or brings them up to date."""

import os
import re
import time
from collections.abc import Callable

import psycopg
from django.conf import settings
from django.core.management import call_command
from django.db import connection

from sensorfusion.config import database_url
from sensorfusion.events.postgres import conninfo
from sensorfusion.postgres import requirements
from sensorfusion.server.preparation import migrations, new_database
from sensorfusion.terminal.errors import CommandLineError

Say = Callable[[str], None]

# A database that is started together with us (compose, systemd) needs seconds; after a minute DATABASE_URL is wrong.
DATABASE_WITHIN_S = 60
# Errors that waiting does not change. PostgreSQL's words are its only sign: libpq keeps no code of a failed connect. In
# another language than English they are waited for.
_PERMANENT = re.compile(
    "|".join(
        [
            r"authentication failed|no password supplied|no pg_hba\.conf entry|permission denied for database",
            r"(?:role|user|database|file) \".*\" does not exist|no such (?:user|database)",
            r"unrecognized configuration parameter|invalid value for parameter|unsupported startup parameter",
            r"does not support SSL|certificate verify failed",
        ]
    )
)
# Any number that nothing else in this database uses as an advisory lock; these are the letters "sf-m".
MIGRATION_LOCK = 0x73662D6D


class DatabaseAway(CommandLineError):
    """The database did not answer in time; the message is the database's own."""


class DatabaseRefuses(CommandLineError):
    """The database, or libpq, says that the connection will never work; the message is its own."""

    status = 2


def use(url: str) -> None:
    """Make this process and its children use a database; must be called before the first connection."""
    os.environ["DATABASE_URL"] = url
    settings.DATABASES["default"].update(
        database_url.django_settings(url, connections=settings.ENVIRONMENT.database_connections)
    )


def fit_connections(say: Say, *, workers: int) -> None:
    """Behind a connection pooler, make all processes together open no more connections than it gives.

    :raises Unsuitable: if these are too few.
    """
    most = settings.ENVIRONMENT.database_connections
    given = requirements.connections_given(conninfo(), most * workers) // workers
    if given < database_url.LEAST_CONNECTIONS:
        raise requirements.too_small(given)
    if given < most:
        say(f"The connection pooler gives {given} connections to a process: no more will be opened")
        _use_connections(given)


def _use_connections(connections: int) -> None:
    """Make this process and its children open no more connections; must be called before the first one of Django's."""
    os.environ["DATABASE_CONNECTIONS"] = str(connections)
    of_django, settings.EVENT_LOOP_CONNECTIONS = database_url.shares(connections)
    settings.DATABASES["default"]["OPTIONS"]["pool"]["max_size"] = of_django


def wait_for_database(say: Say, *, within_s: float = DATABASE_WITHIN_S) -> None:
    """Wait until the database answers, and check that it has what the platform needs.

    :raises DatabaseAway: if it does not answer in time.
    :raises DatabaseRefuses: if it refuses the account, the database or a parameter.
    :raises Unsuitable: if it lacks something.
    """
    _wait(say, within_s)
    requirements.require(conninfo())


def _wait(say: Say, within_s: float) -> None:
    deadline = time.monotonic() + within_s
    told = False
    while True:
        said = requirements.why_away(conninfo())
        if not said:
            return
        if _PERMANENT.search(said):
            raise DatabaseRefuses(f"The database refuses the connection that DATABASE_URL describes: {said}")
        if time.monotonic() > deadline:
            raise DatabaseAway(said)
        if not told:
            say("Waiting for the database…")
            told = True
        time.sleep(0.5)


def pending_migrations() -> int:
    """Count the migrations that have not been applied."""
    with psycopg.connect(conninfo(), autocommit=True) as link:
        return len(migrations.pending(link))


def migrate(say: Say) -> None:
    """Make the tables, or apply migrations; when several hosts start at once, one does and the others wait."""
    began = time.monotonic()
    with psycopg.connect(conninfo(), autocommit=True) as link:
        link.execute("SELECT pg_advisory_lock(%s)", [MIGRATION_LOCK])
        if new_database.make(link):
            say(f"Database made in {time.monotonic() - began:.1f} s")
        elif pending := migrations.pending(link):
            call_command("migrate", verbosity=0, interactive=False)
            say(f"Database brought up to date: {len(pending)} migrations in {time.monotonic() - began:.1f} s")


def release_connections() -> None:
    """Close this thread's connection and its pool: it asks nothing any more, and poolers give few connections."""
    connection.close()
    connection.close_pool()  # type: ignore[attr-defined]  # PostgreSQL's has one
