"""Whose fault an error of the database is: the request's, whose data it cannot store, or the database's own.

Only the first is answered as an error of the client, which then gives up. Everything else (a read-only server, a full
disk, a lock, a lost connection, a missing table) may be over in a moment, so the client keeps its data and tries again.
"""

from typing import Final

import psycopg

# Classes of SQLSTATE: data exceptions, violated constraints, exceeded limits of a row or an index entry.
# Source: https://www.postgresql.org/docs/18/errcodes-appendix.html
_OF_REQUEST: Final = ("22", "23", "54")


def is_of_request(error: BaseException) -> bool:
    """Return whether the data of the request caused the error, so that sending it again cannot succeed."""
    if isinstance(error, psycopg.Error):
        # The driver refuses some values, such as texts with NUL, without asking the server.
        return error.sqlstate[:2] in _OF_REQUEST if error.sqlstate else isinstance(error, psycopg.DataError)
    return isinstance(error, UnicodeError | OverflowError)


def one_line(error: BaseException) -> str:
    """Return the error's text in one line; some errors of libpq have several, others none."""
    return " ".join(str(error).split()) or type(error).__name__
