"""Ends connections whose server does not answer, from another thread or from the event loop.

A server that dies silently, or a proxy that no longer forwards, leaves calls waiting for ever: libpq and psycopg have
no time limit for an answer. Cancelling does not help, because it waits for the same server. After its socket was shut
down, the call fails at once with `psycopg.OperationalError`, as after any lost connection.
"""

import asyncio
import contextlib
import os
import socket
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

import psycopg

Connection = psycopg.Connection[Any] | psycopg.AsyncConnection[Any]


def cut(connection: Connection) -> None:
    """Shut the connection's socket down; do nothing if it is closed already."""
    # A duplicate of the descriptor, which belongs to libpq.
    with (
        contextlib.suppress(OSError, psycopg.Error),
        socket.socket(fileno=os.dup(connection.pgconn.socket)) as link,
    ):
        link.shutdown(socket.SHUT_RDWR)


@asynccontextmanager
async def answering(connection: Connection, within_s: float) -> AsyncIterator[Callable[[], bool]]:
    """Cut the connection if the block takes longer; yield a function that tells whether that was so.

    :raises psycopg.OperationalError: by whatever waits for the server then.
    """
    loop = asyncio.get_running_loop()
    due_at = loop.time() + within_s
    timer = loop.call_at(due_at, cut, connection)
    try:
        yield lambda: loop.time() >= due_at
    finally:
        timer.cancel()
