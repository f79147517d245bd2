"""The address of the server that runs on a data directory, for commands of the same machine."""

import contextlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

_NAME: Final = "address"


@contextmanager
def published(data: Path, address: str) -> Iterator[None]:
    """Keep the address in the data directory while the block runs."""
    (data / _NAME).write_text(address)
    try:
        yield
    finally:
        (data / _NAME).unlink(missing_ok=True)


def read(data: Path) -> str:
    """Return the address, or an empty string if no server runs; that of a killed server is still there."""
    with contextlib.suppress(OSError):
        return (data / _NAME).read_text()
    return ""
