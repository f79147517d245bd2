"""The installation's secret key: generated once and stored in the data directory, readable by its owner only."""

import secrets
from pathlib import Path

from sensorfusion.config.directory import make_private
from sensorfusion.config.locks import FileLock

FILE_NAME = "secret_key"


def secret_key(data: Path) -> str:
    """Return the key stored in `data`; create the directory and generate the key if they are missing.

    The file is read and written under its lock: when two processes start at once, the first one writes the key and the
    second one waits and reads it. A file that a crash left empty is filled in the same way.
    """
    make_private(data)
    with FileLock(data / FILE_NAME) as lock:
        lock.exclusive()
        if kept := lock.read():
            return kept
        lock.write(secrets.token_urlsafe(50))
        return lock.read()
