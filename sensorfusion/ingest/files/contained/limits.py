"""Limits of a process on itself, set before it opens a file; systems without them have the time limit only."""

import os
from contextlib import suppress
from pathlib import Path
from typing import Final

PROCESSOR_S: Final = 900  # a file of the largest accepted size takes minutes
_NICE: Final = 5  # behind the server


def limit_this_process(*, memory_bytes: int) -> None:
    """Limit the memory that is taken from now on, and the processor time."""
    with suppress(ImportError, OSError, ValueError):
        import resource

        os.nice(_NICE)
        resource.setrlimit(resource.RLIMIT_CPU, (PROCESSOR_S, PROCESSOR_S))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        most = _taken() + memory_bytes
        resource.setrlimit(resource.RLIMIT_AS, (most, most))


def _taken() -> int:
    """Return the size of the address space, which libraries have a large part of before they do anything."""
    pages = int(Path("/proc/self/statm").read_text().split()[0])
    return pages * os.sysconf("SC_PAGE_SIZE")
