"""The embedded database for a command: the server that is running, or one started for as long as the command runs."""

import contextlib
import time
from collections.abc import Iterator
from pathlib import Path

from sensorfusion.config.directory import make_private
from sensorfusion.config.locks import FileLock
from sensorfusion.postgres.cluster import EmbeddedError
from sensorfusion.postgres.embedded import EmbeddedPostgres, Owned

# Another process that is starting or stopping the server takes about a second; recovery after a crash takes longer.
WAIT_S = 60


@contextlib.contextmanager
def database_for_command(data: Path) -> Iterator[str]:
    """Yield the address of the embedded server of `data`.

    Commands at work hold `postgres.users` together. The one that started the server waits at its end until it can hold
    that file alone: nobody is left who borrowed it.

    :raises EmbeddedError: if there is no server and none can be started.
    """
    make_private(data)
    server = EmbeddedPostgres(data)
    with FileLock(data / "postgres.users") as users:
        users.shared()
        url, started = _start_or_find(server)
        try:
            yield url
        finally:
            if started:
                users.exclusive()
                server.stop()


def _start_or_find(server: EmbeddedPostgres) -> tuple[str, bool]:
    deadline = time.monotonic() + WAIT_S
    while True:
        try:
            return server.start(), True
        except Owned:
            if url := server.running_url():
                return url, False
        if time.monotonic() > deadline:
            raise EmbeddedError("Another process is starting or stopping the database, and has not finished.")
        time.sleep(0.1)
