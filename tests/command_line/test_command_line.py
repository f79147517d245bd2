"""Output of the command line: help, and errors without tracebacks."""

import sys
from pathlib import Path

import pytest

from sensorfusion import __main__ as command_line
from sensorfusion.command_line import help as command_help
from sensorfusion.config import env


def run(monkeypatch: pytest.MonkeyPatch, *arguments: str, **environment: str) -> int:
    monkeypatch.setattr(sys, "argv", ["sensorfusion", *arguments])
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    with pytest.raises(SystemExit) as ended:
        command_line.main()
    assert isinstance(ended.value.code, int)
    return ended.value.code


def test_unusable_variable_ends_with_2_and_its_name(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(monkeypatch, "up", DEBUG="maybe") == 2

    assert capsys.readouterr().err == "sensorfusion: DEBUG is 'maybe': write 1 or 0.\n"


def test_several_workers_without_redis_are_refused(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(monkeypatch, "up", "--workers", "2") == 2

    assert "Set REDIS_URL" in capsys.readouterr().err


@pytest.mark.parametrize("workers", ["0", "-2"])
def test_fewer_than_one_worker_is_refused(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], workers: str
) -> None:
    assert run(monkeypatch, "up", f"--workers={workers}") == 2

    assert (
        capsys.readouterr().err == f"sensorfusion: --workers is {workers}: write the number of processes, such as 1.\n"
    )


def test_data_option_without_a_directory_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    assert run(monkeypatch, "migrate", "--data") == 2


@pytest.mark.parametrize("arguments", [["--data", "/srv/sf", "migrate"], ["migrate", "--data=/srv/sf"]])
def test_data_option_may_stand_anywhere(monkeypatch: pytest.MonkeyPatch, arguments: list[str]) -> None:
    monkeypatch.setenv("SENSORFUSION_DATA", "elsewhere")

    assert command_line._take_data_directory(arguments) == ["migrate"]
    assert env.current().data == Path("/srv/sf")


def test_overview_names_every_command_of_ours_with_a_line_and_djangos_by_name() -> None:
    shown = command_help.commands()

    ours, djangos = shown.split("Django's commands:")
    assert "  up " in ours
    assert "  doctor " in ours
    assert all(len(line) < 120 for line in shown.splitlines())
    assert "migrate" in djangos.split()
