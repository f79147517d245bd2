"""A process whose threads hang exits nevertheless, and one that ends in time is left alone."""

import subprocess
import sys

from tests.patience import PATIENCE_S

HANGS = """
import threading
from sensorfusion.server.ending import exit_unless_done

timer = exit_unless_done({within_s}, 7)
{then}
"""


def status(within_s: float, then: str) -> int:
    program = HANGS.format(within_s=within_s, then=then)
    return subprocess.run([sys.executable, "-c", program], timeout=PATIENCE_S, capture_output=True).returncode


def test_thread_that_hangs_does_not_keep_the_process() -> None:
    assert status(0.2, "threading.Thread(target=threading.Event().wait).start()") == 7


def test_process_that_ends_in_time_has_its_own_status() -> None:
    assert status(PATIENCE_S, "raise SystemExit(3)") == 3


def test_cancelled_exit_does_not_happen() -> None:
    assert status(0.2, "timer.cancel(); threading.Event().wait(0.5); raise SystemExit(4)") == 4
