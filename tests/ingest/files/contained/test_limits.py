"""A process that limits itself cannot take more."""

import subprocess
import sys

import pytest

TRY = """
from sensorfusion.ingest.files.contained.limits import limit_this_process
limit_this_process(memory_bytes={limit})
try:
    bytearray(100 << 20)
except MemoryError:
    print("refused")
else:
    print("taken")
"""


@pytest.mark.skipif(sys.platform != "linux", reason="other systems have no limit of the address space")
@pytest.mark.parametrize(("limit_mb", "told"), [(50, "refused"), (300, "taken")])
def test_memory_beyond_the_limit_is_refused(limit_mb: int, told: str) -> None:
    run = subprocess.run(
        [sys.executable, "-c", TRY.format(limit=limit_mb << 20)], capture_output=True, text=True, check=True
    )

    assert run.stdout.strip() == told
