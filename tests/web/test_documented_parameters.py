"""The API's own description is read once in a process, also by requests that come at the same time."""

import subprocess
import sys
from pathlib import Path

from tests.crash.platform import environment
from tests.patience import PATIENCE_S

# A new process, as the generator's classes change only when they are first used; threads switch as often as possible.
FIRST_REQUESTS = """
import sys, threading
from concurrent.futures import ThreadPoolExecutor
import django
django.setup()
from sensorfusion.web.documented_parameters import operations
sys.setswitchinterval(1e-5)
start = threading.Barrier(8)
def ask(_):
    start.wait()
    return len(operations())
with ThreadPoolExecutor(8) as pool:
    counts = set(pool.map(ask, range(8)))
print("operations:", *counts)
"""


def test_the_first_requests_of_a_process_may_come_at_once(tmp_path: Path) -> None:
    given = {"DJANGO_SETTINGS_MODULE": "sensorfusion.config.settings", "SENSORFUSION_DATA": str(tmp_path)}
    done = subprocess.run(
        [sys.executable, "-c", FIRST_REQUESTS],
        capture_output=True,
        text=True,
        env=environment(**given),
        timeout=PATIENCE_S,
    )

    assert done.returncode == 0, done.stderr
    label, count = done.stdout.split()
    assert label == "operations:"
    assert int(count) > 40
