"""Gives up the database connection of a request while it waits for something else."""

from django.db import connection


def release_connection() -> None:
    """Return this thread's connection to the pool; the next query takes one again."""
    if not connection.in_atomic_block:
        connection.close()
