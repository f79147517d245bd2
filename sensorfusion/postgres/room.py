"""Room on the disks of the embedded database: PostgreSQL that had to end for want of it can no longer say so."""

import shutil
from pathlib import Path
from typing import Final

LITTLE_BYTES: Final = 16 << 20  # the next piece of the journal


def little_room(data: Path) -> str:
    """Return a sentence if a disk of the embedded database is full, else ""."""
    for directory in (data / "postgres" / "pg_wal", data / "postgres"):
        try:
            free = shutil.disk_usage(directory).free
        except OSError:  # there is no embedded database
            continue
        if free < LITTLE_BYTES:
            return f"The disk of the database's {directory.name} has {free >> 20} MB left: make room."
    return ""
