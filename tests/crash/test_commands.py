"""Commands use the running embedded database, or start one while they need it."""

import subprocess
import sys
from pathlib import Path

import pytest

from tests.crash.conftest import Start
from tests.crash.platform import command, environment, processes_on
from tests.patience import PATIENCE_S

pytestmark = pytest.mark.crash
WAIT_FOR_INPUT = "import sys; print('in', flush=True); sys.stdin.read()"


def test_command_starts_the_database_and_stops_it_again(directory: Path) -> None:
    done = command("migrate", "--data", directory / "data")

    assert done.returncode == 0, done.stderr
    assert (directory / "data" / "postgres" / "PG_VERSION").exists()
    assert processes_on(directory) == []


def test_command_uses_the_database_of_a_running_platform(data: Path, start: Start) -> None:
    platform = start(data)

    done = command("showmigrations", "--plan", "--data", data)

    assert "[X]" in done.stdout
    assert "[ ]" not in done.stdout
    assert platform.get("/readyz").status_code == 200


def test_command_that_started_the_database_waits_for_those_who_borrowed_it(directory: Path) -> None:
    data = directory / "data"
    starter, borrower = (_shell(data) for _ in range(2))

    _end_input(starter)  # its own work is done: it must not stop the database that the other one uses
    with pytest.raises(subprocess.TimeoutExpired):
        starter.wait(1)
    _end_input(borrower)

    assert (borrower.wait(PATIENCE_S), starter.wait(PATIENCE_S)) == (0, 0)
    assert processes_on(directory) == []


def test_asking_for_help_makes_no_data_directory(directory: Path) -> None:
    for question in (["help"], ["--help"], [], ["migrate", "--help"], ["version"]):
        done = command(*question, given={"SENSORFUSION_DATA": str(directory / "data")})

        assert done.returncode == 0, done.stderr

    assert list(directory.iterdir()) == []


def _shell(data: Path) -> "subprocess.Popen[str]":
    """A command that uses the database until its standard input is closed."""
    shell = subprocess.Popen(
        [sys.executable, "-m", "sensorfusion", "shell", "--no-imports", "--data", data, "--command", WAIT_FOR_INPUT],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        env=environment(),
    )
    assert shell.stdout
    with shell.stdout as output:
        assert output.readline() == "in\n"
    return shell


def _end_input(shell: "subprocess.Popen[str]") -> None:
    assert shell.stdin
    shell.stdin.close()
