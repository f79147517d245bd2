"""The data directory: made when missing, and nobody else's business."""

import os
from pathlib import Path

from sensorfusion.terminal.errors import CommandLineError


def make_private(data: Path) -> None:
    """Make the data directory if there is none; others may at most pass through it (`unprivileged.let_through`).

    :raises CommandLineError: if it cannot be made or written.
    """
    try:
        data.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise CommandLineError(f"The data directory {data} cannot be made ({error.strerror}). {_REMEDY}") from None
    if not os.access(data, os.W_OK | os.X_OK):
        raise CommandLineError(f"The data directory {data} cannot be written. {_REMEDY}")


_REMEDY = "Run this as the user it belongs to, or name another: --data DIR or SENSORFUSION_DATA."
