"""Statements that are planned once for a connection and called with binary parameters, straight from libpq.

psycopg's own `execute` is at home with any query and any value; for the one statement of every commit its cursor,
adaptation and five steps, each of which may have to wait for the interpreter, cost more than what they carry
(docs/decisions/0016).
"""

from collections.abc import Iterable, Sequence

import psycopg
from psycopg.pq import ConnStatus, ExecStatus, Format
from psycopg.pq.abc import PGconn, PGresult

_DONE = (ExecStatus.TUPLES_OK, ExecStatus.COMMAND_OK)


class Prepared:
    """One statement, by its name; its parameters are written in binary (`ingest.arrays`), its rows are not read."""

    def __init__(self, name: str, query: str, *, parameters: int) -> None:
        self._name, self._query = name.encode(), query.encode()
        self._formats = [Format.BINARY] * parameters

    def prepare(self, connection: psycopg.Connection) -> None:
        """Plan it; where it is planned already, it stays."""
        result = connection.pgconn.prepare(self._name, self._query)
        if result.status not in _DONE:
            error = _error(connection.pgconn, result)
            if not isinstance(error, psycopg.errors.DuplicatePreparedStatement):
                raise error

    def run(self, connection: psycopg.Connection, parameters: Sequence[bytes]) -> None:
        """Run it and wait for its end; outside of a transaction it is one by itself.

        :raises psycopg.errors.InvalidSqlStatementName: it is not prepared, or psycopg has dropped what was, as it does
            after DDL.
        """
        link = connection.pgconn
        result = link.exec_prepared(self._name, parameters, self._formats)
        if result.status not in _DONE:
            raise _error(link, result)


def prepare(connection: psycopg.Connection, statements: Iterable[Prepared]) -> None:
    for statement in statements:
        statement.prepare(connection)


def _error(link: PGconn, result: PGresult) -> psycopg.Error:
    if link.status == ConnStatus.BAD:  # libpq said it, not PostgreSQL, so there is no code to tell it by
        return psycopg.OperationalError(link.get_error_message())
    return psycopg.errors.error_from_result(result)
