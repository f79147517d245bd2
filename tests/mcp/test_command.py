"""`sensorfusion mcp`: what it says where it cannot begin."""

import socket
from importlib.util import find_spec

import pytest

from sensorfusion.mcp import command
from sensorfusion.terminal.errors import CommandLineError
from sensorfusion.terminal.programs import run_program


@pytest.fixture
def token(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SENSORFUSION_TOKEN", "sft_of-a-test")


def test_without_a_token_it_says_where_to_make_one(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.delenv("SENSORFUSION_TOKEN", raising=False)
    with pytest.raises(SystemExit) as ended:
        run_program(command, "mcp", [])

    assert ended.value.code == 2
    assert "make one with the scope read on the account page" in capsys.readouterr().err


@pytest.mark.usefixtures("token")
def test_without_its_library_it_says_how_to_install_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(command, "find_spec", lambda name: None if name == "mcp" else find_spec(name))
    with pytest.raises(CommandLineError, match=r"pip install 'sensorfusion\[mcp\]'"):
        run_program(command, "mcp", [])


@pytest.mark.usefixtures("token")
def test_a_port_that_is_taken_is_named() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(CommandLineError, match=f"Port {port} of 127.0.0.1 cannot be used"):
            run_program(command, "mcp", ["--http", str(port)])


@pytest.mark.parametrize("port", ["99999", "-1", "http"])
def test_a_port_that_is_none_is_refused(port: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        run_program(command, "mcp", [f"--http={port}"])

    assert ended.value.code == 2
    assert "is no port, such as 8765" in capsys.readouterr().err


def test_help_has_examples(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        run_program(command, "mcp", ["--help"])

    said = capsys.readouterr().out
    assert "sensorfusion mcp --http 8765" in said
    assert "examples:" in said
