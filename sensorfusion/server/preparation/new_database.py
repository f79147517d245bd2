"""Makes a new database by the statements that all migrations execute on one, recorded in `new_database.sql`.

Django executes them, too, but derives every model before and after each operation from the one before: ten times as
long. The recorded ones are used only if they are those of the installed migrations, and the database has no tables.
`make schema` records them (`release/database_schema.py`), and a test compares the two databases.
"""

from pathlib import Path
from typing import Any, Final

import psycopg

from sensorfusion.server.preparation.migrations import digest, installed, is_new

RECORDED: Final = Path(__file__).with_name("new_database.sql")
_TABLES: Final = "SELECT count(*) FROM pg_class WHERE relnamespace = current_schema()::regnamespace"


def heading() -> str:
    """Return the first line of statements that are those of the installed migrations."""
    return f"-- The migrations {digest(installed())}, recorded by `make schema`.\n"


def make(link: psycopg.Connection[Any]) -> bool:
    """Make the tables of a database if it has none; return whether that was done."""
    if not is_new(link) or link.execute(_TABLES).fetchone() != (0,):
        return False
    recorded = RECORDED.read_text(encoding="utf-8") if RECORDED.exists() else ""
    if not recorded.startswith(heading()):
        return False
    with link.transaction():
        link.execute(recorded.encode())
    return True
