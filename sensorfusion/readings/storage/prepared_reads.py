"""Runs statements that read what is stored as prepared ones, so that PostgreSQL plans each once per connection.

Readings and rollups are partitioned by month, so planning a statement takes longer than executing it. Django's own
cursors bind parameters on the client, which makes every statement a new one; these bind on the server.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from django.db import connection, transaction
from django.db.backends.postgresql.base import ServerBindingCursor
from django.db.backends.utils import CursorWrapper

# Otherwise PostgreSQL plans the first five executions for their parameters, and some again, as a plan for one month
# looks cheaper than one for all months, whose partitions are pruned when it is executed.
_SNAPSHOT = """
SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY; SET LOCAL plan_cache_mode = force_generic_plan
"""


def fetch(statement: str, values: Mapping[str, Any]) -> list[tuple[Any, ...]]:
    """Return the rows of a statement, whose text should not depend on the values."""
    with _cursor() as cursor:
        cursor.execute(statement, values)
        return list(cursor.fetchall())


def fetch_one(statement: str, values: Mapping[str, Any]) -> tuple[Any, ...] | None:
    """Return the first row of a statement, None if it has none."""
    with _cursor() as cursor:
        cursor.execute(statement, values)
        row: tuple[Any, ...] | None = cursor.fetchone()
        return row


@contextmanager
def snapshot() -> Iterator[None]:
    """Run all statements in one snapshot: rollups, their calendar and readings must be consistent.

    Otherwise this race loses readings: we plan to read an hour raw; it is rolled up, and retention removes its
    readings; our query finds none.
    """
    if connection.in_atomic_block:  # the caller chose its isolation level
        yield
        return
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute(_SNAPSHOT)
        yield


def _cursor() -> CursorWrapper:
    connection.ensure_connection()
    made: Any = connection.make_debug_cursor if connection.queries_logged else connection.make_cursor
    binding: Any = ServerBindingCursor
    wrapped: CursorWrapper = made(binding(connection.connection))
    return wrapped
