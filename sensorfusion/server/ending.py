"""The end of a process that must not take longer than service managers wait before they kill it.

Threads that wait for a database that does not answer cannot be interrupted, and Python waits for them before it exits.
"""

import logging
import os
import sys
import threading

_log = logging.getLogger(__name__)


def exit_unless_done(within_s: float, status: int) -> threading.Timer:
    """Exit from the process after this time, unless the returned timer is cancelled before."""
    timer = threading.Timer(within_s, _exit, [within_s, status])
    timer.daemon = True
    timer.start()
    return timer


def _exit(within_s: float, status: int) -> None:
    _log.error("Something did not end within %g s and is abandoned; nothing that was acknowledged is lost", within_s)
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(status)
