"""The data directory: created when missing, readable by its owner only."""

import os
from pathlib import Path

from sensorfusion.terminal.errors import CommandLineError


def make_private(data: Path) -> None:
    """Create the data directory if it is missing. Other users may at most traverse it (`unprivileged.let_through`).

    :raises CommandLineError: if it cannot be created or is not writable.
    """
    try:
        data.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise CommandLineError(f"The data directory {data} cannot be created ({error.strerror}). {_REMEDY}") from None
    if not os.access(data, os.W_OK | os.X_OK):
        raise CommandLineError(f"The data directory {data} is not writable. {_REMEDY}")


_REMEDY = "Run this as its owner, or choose another one: --data DIR or SENSORFUSION_DATA."
