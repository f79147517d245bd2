"""The environment of child processes: of programs that are not ours, and of our own."""

import os


def bare() -> dict[str, str]:
    """Return the variables that any program needs to start, without the settings and secrets of this one."""
    return {name: os.environ[name] for name in ("PATH", "SYSTEMROOT", "LD_LIBRARY_PATH") if name in os.environ}


def for_child(**more: str) -> dict[str, str]:
    """Return the environment of this process with additions, for a child process."""
    return {**os.environ, **more}
