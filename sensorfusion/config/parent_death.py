"""Ties a child process to its parent, so that none is left behind when the parent is killed outright."""

import ctypes
import multiprocessing
import signal
import sys

_PR_SET_PDEATHSIG = 1  # linux/prctl.h

# Found before any fork: between fork and exec nothing may be imported or allocated that another thread could hold.
_libc = ctypes.CDLL(None) if sys.platform == "linux" else None


def interrupt_with_parent() -> None:
    """Ask the kernel to send this process SIGINT when its parent ends; for `preexec_fn`, and only Linux can."""
    if _libc:
        _libc.prctl(_PR_SET_PDEATHSIG, signal.SIGINT, 0, 0, 0)


def worker_ends_with_parent() -> None:
    """Ask the kernel to send this process SIGTERM when its supervisor ends; does nothing in a process without one."""
    if _libc and multiprocessing.parent_process():
        _libc.prctl(_PR_SET_PDEATHSIG, signal.SIGTERM, 0, 0, 0)
