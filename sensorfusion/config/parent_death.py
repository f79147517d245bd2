"""Stop child processes when their parent dies, even when the parent is killed with SIGKILL."""

import ctypes
import multiprocessing
import signal
import sys

_PR_SET_PDEATHSIG = 1  # linux/prctl.h

# Loaded before any fork: between fork and exec the child must not import or allocate, because another thread may have
# held the import or malloc lock at the fork.
_libc = ctypes.CDLL(None) if sys.platform == "linux" else None


def interrupt_with_parent() -> None:
    """Ask the kernel to send this process SIGINT when its parent dies; for `preexec_fn`. Does nothing outside Linux."""
    if _libc:
        _libc.prctl(_PR_SET_PDEATHSIG, signal.SIGINT, 0, 0, 0)


def worker_ends_with_parent() -> None:
    """Ask the kernel to send this process SIGTERM when its supervisor dies; does nothing in a process without one."""
    if _libc and multiprocessing.parent_process():
        _libc.prctl(_PR_SET_PDEATHSIG, signal.SIGTERM, 0, 0, 0)
