"""The tests of the pages' scripts, which run in Node."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest

TESTS = Path(__file__).parents[1] / "js"
SLOWEST_S = 120  # a process for each file; seconds when the machine is idle


def test_the_scripts_own_tests_pass() -> None:
    node = shutil.which("node")
    if node is None and not os.environ.get("CI"):
        pytest.skip("Node is not installed; it runs tests/js")
    assert node, "CI needs Node to run tests/js"

    run = subprocess.run(
        [node, "--import", "./register.js", "--test", *sorted(each.name for each in TESTS.glob("*.test.js"))],
        cwd=TESTS,
        capture_output=True,
        text=True,
        timeout=SLOWEST_S,
        check=False,
    )

    assert run.returncode == 0, run.stdout + run.stderr
