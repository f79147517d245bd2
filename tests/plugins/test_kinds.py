"""The kinds of tests, tested by a pytest session over a generated file."""

import subprocess
import sys
from pathlib import Path

import pytest

from tests.crash.platform import ROOT, environment

pytestmark = pytest.mark.postgres

TESTS = """\
import psycopg
import pytest
from sensorfusion.events.postgres import conninfo

def test_plain():
    pass

@pytest.mark.sockets
def test_socket():
    with psycopg.connect(conninfo().replace("test_sensorfusion", "sensorfusion")) as link:
        link.execute("SELECT 1")

def test_reaches_for_a_database():
    psycopg.connect(conninfo())
"""


def session(directory: Path, *options: str) -> "subprocess.CompletedProcess[str]":
    """Run pytest over the generated tests, with its own database if it starts one."""
    file = directory / "test_few.py"
    file.write_text(TESTS, encoding="utf-8")
    command: list[str | Path] = [
        sys.executable,
        "-m",
        "pytest",
        "-p",
        "no:cacheprovider",
        "-c",
        ROOT / "pyproject.toml",
        *options,
        file,
    ]
    return subprocess.run(command, cwd=ROOT, env=environment(), capture_output=True, text=True, check=False)


def test_tests_are_chosen_by_kind_and_counted_with_workers_too(tmp_path: Path) -> None:
    for workers in ("0", "2"):
        done = session(tmp_path, "-n", workers, "-m", "sockets or unit", "-k", "not reaches")

        assert done.returncode == 0, done.stdout + done.stderr
        assert "Passed by kind: 1 unit, 0 postgres, 0 redis, 1 sockets, 0 browser, 0 crash, 0 js" in done.stdout
        assert done.stdout.rstrip().splitlines()[-1].strip("= ").startswith("2 passed")


def test_a_unit_test_that_wants_a_database_is_told_how_to_get_one(tmp_path: Path) -> None:
    done = session(tmp_path, "-m", "unit")

    assert done.returncode == 1
    assert "1 failed, 1 passed, 1 deselected" in done.stdout
    assert "mark it with pytest.mark.django_db" in done.stdout
