"""The shifted clock, tested by a pytest session over a generated file."""

import subprocess
import sys
from pathlib import Path

import pytest

from tests.crash.platform import ROOT, environment

pytestmark = pytest.mark.postgres  # a session of its own takes seconds, as those of test_kinds.py do

TESTS = """\
import time
from datetime import UTC, datetime

import pytest

STARTED = datetime.now(UTC)


@pytest.fixture
def set_up_at():
    return datetime.now(UTC)


def test_is_ahead(set_up_at):
    for now in (set_up_at, datetime.now(UTC), datetime.fromtimestamp(time.time(), UTC)):
        assert (now - STARTED).days == {days}


def test_goes_on():
    before = time.time()
    time.sleep(0.01)
    assert 0.01 <= time.time() - before < 60


@pytest.mark.real_clock
def test_is_left_alone(set_up_at):
    assert (set_up_at - STARTED).days == 0


def test_can_be_set_by_a_test(time_machine):
    time_machine.move_to("2020-01-01", tick=False)
    assert datetime.now(UTC).year == 2020
"""


def session(directory: Path, *options: str, days: int = 0) -> "subprocess.CompletedProcess[str]":
    """Run pytest over the generated tests, which expect the clock to be `days` ahead."""
    file = directory / "test_clock.py"
    file.write_text(TESTS.replace("{days}", str(days)), encoding="utf-8")
    command: list[str | Path] = [sys.executable, "-m", "pytest", "-p", "no:cacheprovider"]
    command += ["-c", ROOT / "pyproject.toml", *options, file]
    return subprocess.run(command, cwd=ROOT, env=environment(), capture_output=True, text=True, check=False)


@pytest.mark.parametrize(("workers", "ahead", "days"), [("0", "20w", 140), ("1", "5y", 1826), ("0", "50h", 2)])
def test_every_test_and_its_fixtures_see_the_clock_ahead(tmp_path: Path, workers: str, ahead: str, days: int) -> None:
    done = session(tmp_path, "-n", workers, f"--clock-ahead={ahead}", days=days)

    assert done.returncode == 0, done.stdout + done.stderr
    assert "4 passed" in done.stdout


def test_a_span_that_means_nothing_is_refused(tmp_path: Path) -> None:
    done = session(tmp_path, "--clock-ahead=soon")

    assert done.returncode != 0
    assert "--clock-ahead=soon: write hours, days, weeks or years, as 7h, 140d, 20w or 5y" in done.stdout + done.stderr
