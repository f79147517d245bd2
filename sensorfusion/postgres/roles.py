"""The roles of the embedded server: a superuser for its starter, and the application's, which only owns its database.

An injected statement reaches the tables of the application, but no program and no file of the host: PostgreSQL
gives those (`COPY … FROM PROGRAM`, `pg_read_file`) to superusers.
"""

from pathlib import Path
from typing import LiteralString

import psycopg

from sensorfusion.postgres import postmaster
from sensorfusion.postgres.postmaster import DATABASE, ROLE, SUPERUSER

# Earlier releases made a cluster whose first role, which must remain a superuser, was the application's. It is renamed,
# and the application gets a new role and all that was its own. A session cannot rename its own role, therefore a third
# one does, which no commit contains.
_RENAME: LiteralString = f"""
CREATE ROLE renaming SUPERUSER;
SET SESSION AUTHORIZATION renaming;
ALTER ROLE {ROLE} RENAME TO {SUPERUSER};
CREATE ROLE {ROLE} LOGIN;
ALTER DATABASE {DATABASE} OWNER TO {ROLE};
RESET SESSION AUTHORIZATION;
DROP ROLE renaming
"""
# What an application can own in the schema of ours; sequences and indexes of tables follow them.
_OWNED: LiteralString = f"""
SELECT format('ALTER %s %s OWNER TO {ROLE}', kind, name) FROM (
    SELECT CASE relkind WHEN 'v' THEN 'VIEW' WHEN 'm' THEN 'MATERIALIZED VIEW' WHEN 'S' THEN 'SEQUENCE' ELSE 'TABLE' END
           AS kind, oid::regclass::text AS name, relnamespace AS namespace, oid, relowner AS owner
    FROM pg_class WHERE relkind IN ('r', 'p', 'v', 'm')
       OR relkind = 'S' AND NOT EXISTS (SELECT FROM pg_depend WHERE objid = pg_class.oid AND deptype IN ('a', 'i'))
    UNION ALL SELECT 'ROUTINE', oid::regprocedure::text, pronamespace, oid, proowner FROM pg_proc
    UNION ALL SELECT 'TYPE', format_type(oid, NULL), typnamespace, oid, typowner FROM pg_type
    WHERE typtype IN ('e', 'd')
) AS objects
WHERE namespace = 'public'::regnamespace AND owner <> (SELECT oid FROM pg_roles WHERE rolname = '{ROLE}')
  AND NOT EXISTS (SELECT FROM pg_depend WHERE objid = objects.oid AND deptype = 'e')
"""


def prepare(sockets: Path) -> None:
    """Make the application's role and its database, if they are missing.

    :raises psycopg.Error: if that fails; the next start does the rest.
    """
    if _is_superuser(sockets):
        _make_database(postmaster.address(sockets, "postgres"))
        with psycopg.connect(postmaster.address(sockets, DATABASE)) as link:
            link.execute(_RENAME)
            _give(link)
    _make_database(postmaster.address(sockets, "postgres", role=SUPERUSER))


def _is_superuser(sockets: Path) -> bool:
    """Return whether the application's role is a superuser, as in a cluster of an earlier release."""
    try:
        with psycopg.connect(postmaster.address(sockets, "postgres")) as link:
            return (
                link.execute("SELECT 1 FROM pg_roles WHERE rolname = current_user AND rolsuper").fetchone() is not None
            )
    except psycopg.OperationalError:  # there is no such role yet
        return False


def _make_database(superuser: str) -> None:
    with psycopg.connect(superuser, autocommit=True) as link:
        if not link.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [ROLE]).fetchone():
            link.execute(f"CREATE ROLE {ROLE} LOGIN")
        if not link.execute("SELECT 1 FROM pg_database WHERE datname = %s", [DATABASE]).fetchone():
            link.execute(f"CREATE DATABASE {DATABASE} OWNER {ROLE}")


def _give(link: psycopg.Connection) -> None:
    """Make the application the owner of everything in its schema."""
    for (statement,) in link.execute(_OWNED).fetchall():
        link.execute(statement)
