"""The installation's secret key: made once, kept in the data directory, readable by its owner only."""

import os
import secrets
from pathlib import Path

FILE_NAME = "secret_key"


def secret_key(data: Path) -> str:
    """Return the key kept in `data`, making both the directory and the key when they are missing."""
    data.mkdir(parents=True, exist_ok=True)
    path = data / FILE_NAME
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return path.read_text().strip()
    with os.fdopen(descriptor, "w") as file:
        file.write(secrets.token_urlsafe(50))
    return path.read_text().strip()
