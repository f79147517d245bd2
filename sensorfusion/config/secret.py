"""The installation's secret key: made once, kept in the data directory, readable by its owner only."""

import secrets
from pathlib import Path

from sensorfusion.config.directory import make_private
from sensorfusion.config.locks import FileLock

FILE_NAME = "secret_key"


def secret_key(data: Path) -> str:
    """Return the key kept in `data`, making both the directory and the key when they are missing.

    Who finds the file empty fills it, and everybody looks under the file's lock: of two processes that start at once,
    one writes and the other waits and reads. A file left empty by a crash is filled the same way.
    """
    make_private(data)
    with FileLock(data / FILE_NAME) as lock:
        lock.exclusive()
        if kept := lock.read():
            return kept
        lock.write(secrets.token_urlsafe(50))
        return lock.read()
