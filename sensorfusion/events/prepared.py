"""Runs SQL statements as prepared ones, so that PostgreSQL parses and plans each once per connection.

Django's own cursors bind parameters on the client, which makes every statement a new one; these bind on the server.
`Columns` lets such a statement return models, where building a query of the ORM takes longer than answering it.
"""

from collections.abc import Mapping, Sequence
from typing import Any, Generic, TypeVar

from django.db import connection, models
from django.db.backends.postgresql.base import ServerBindingCursor
from django.db.backends.utils import CursorWrapper
from psycopg.pq import Format

M = TypeVar("M", bound=models.Model)


def fetch(statement: str, values: Mapping[str, Any], *, binary: bool = False) -> list[tuple[Any, ...]]:
    """Return the rows of a statement, whose text should not depend on the values.

    :param binary: PostgreSQL sends them as it has them, which is much cheaper for many numbers and instants. The
        statement must cast JSON to text, as it would arrive decoded.
    """
    with _cursor(binary=binary) as cursor:
        cursor.execute(statement, values)
        return list(cursor.fetchall())


def fetch_binary(statement: str, values: Mapping[str, Any]) -> list[tuple[Any, ...]]:
    """Return the rows of a statement with long columns, which the server sends as they are instead of as text."""
    with _cursor() as cursor:
        cursor.cursor.format = Format.BINARY
        cursor.execute(statement, values)
        return list(cursor.fetchall())


def fetch_one(statement: str, values: Mapping[str, Any]) -> tuple[Any, ...] | None:
    """Return the first row of a statement, None if it has none."""
    with _cursor() as cursor:
        cursor.execute(statement, values)
        row: tuple[Any, ...] | None = cursor.fetchone()
        return row


def _cursor(*, binary: bool = False) -> CursorWrapper:
    connection.ensure_connection()
    made: Any = connection.make_debug_cursor if connection.queries_logged else connection.make_cursor
    binding: Any = ServerBindingCursor
    cursor = binding(connection.connection)
    if binary:
        cursor.format = Format.BINARY
    wrapped: CursorWrapper = made(cursor)
    return wrapped


class Columns(Generic[M]):
    """All columns of a model in the list of a SELECT, and the model that a row of them stands for."""

    def __init__(self, model: type[M], table: str) -> None:
        """`table` is the table's name or alias in the statement."""
        fields = model._meta.concrete_fields
        self._model = model
        self._names = [field.attname for field in fields]
        self._converted = [
            (place, field.from_db_value) for place, field in enumerate(fields) if hasattr(field, "from_db_value")
        ]
        self.sql = ", ".join(f'{table}."{field.column}"' for field in fields)

    def __len__(self) -> int:
        return len(self._names)

    def made_of(self, row: Sequence[Any]) -> M:
        """Return the model of a row, as the ORM does."""
        values = list(row)
        for place, convert in self._converted:
            values[place] = convert(values[place], None, connection)
        return self._model.from_db(connection.alias, self._names, values)
