"""The embedded database for a command: the running server, or one started for the duration of the command."""

import contextlib
import time
from collections.abc import Iterator
from pathlib import Path

from sensorfusion.config.directory import make_private
from sensorfusion.config.locks import FileLock
from sensorfusion.postgres.cluster import EmbeddedError
from sensorfusion.postgres.embedded import EmbeddedPostgres, Owned

# Another process needs about a second to start or stop the server; crash recovery takes longer.
WAIT_S = 60


@contextlib.contextmanager
def database_for_command(data: Path) -> Iterator[str]:
    """Yield the URL of the embedded server of `data`.

    Running commands hold a shared lock on `postgres.users`. The command that started the server acquires the exclusive
    lock before it stops the server, so it waits until no other command uses it.

    :raises EmbeddedError: if no server runs and none can be started.
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
            raise EmbeddedError("Another process is starting or stopping the database and has not finished in time.")
        time.sleep(0.1)
