"""Prepared statements with binary parameters, executed directly through libpq.

psycopg's `execute` handles any query and any value. For the one statement of every commit, its cursor, adaptation and
five steps, each of which may wait for the interpreter lock, cost more than the work itself (docs/decisions/0016).
"""

from collections.abc import Iterable, Sequence

import psycopg
from psycopg.pq import ConnStatus, ExecStatus, Format
from psycopg.pq.abc import PGconn, PGresult

_DONE = (ExecStatus.TUPLES_OK, ExecStatus.COMMAND_OK)


class Prepared:
    """One named statement. Its parameters are encoded by `storing.arrays`; its result rows are not read."""

    def __init__(self, name: str, query: str, *, parameters: int) -> None:
        self._name, self._query = name.encode(), query.encode()
        self._formats = [Format.BINARY] * parameters

    def prepare(self, connection: psycopg.Connection) -> None:
        """Prepare the statement on the connection, unless it is prepared already."""
        result = connection.pgconn.prepare(self._name, self._query)
        if result.status not in _DONE:
            error = _error(connection.pgconn, result)
            if not isinstance(error, psycopg.errors.DuplicatePreparedStatement):
                raise error

    def run(self, connection: psycopg.Connection, parameters: Sequence[bytes]) -> None:
        """Execute the statement and wait for the result; outside a transaction it commits by itself.

        :raises psycopg.errors.InvalidSqlStatementName: it is not prepared on this connection, or no longer, because
            psycopg deallocates prepared statements after DDL.
        """
        link = connection.pgconn
        result = link.exec_prepared(self._name, parameters, self._formats)
        if result.status not in _DONE:
            raise _error(link, result)


def prepare(connection: psycopg.Connection, statements: Iterable[Prepared]) -> None:
    for statement in statements:
        statement.prepare(connection)


def _error(link: PGconn, result: PGresult) -> psycopg.Error:
    if link.status == ConnStatus.BAD:  # the error comes from libpq and not from PostgreSQL, so there is no SQLSTATE
        return psycopg.OperationalError(link.get_error_message())
    return psycopg.errors.error_from_result(result)
