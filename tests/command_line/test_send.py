"""`sensorfusion send`: arguments, output and exit status."""

import json
import sys
from pathlib import Path
from typing import Any

import pytest

from sensorfusion import __main__ as command_line
from sensorfusion.clients.python.sensorfusion_client import Client, KeyRefused, Unreachable
from sensorfusion.command_line import send
from sensorfusion.terminal.programs import run_program
from tests.senders.stand_ins import Server, client_of

KEY = ("--key", "sf_key")


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Server:
    """A server in place of the network; neither key nor URL in the environment."""
    server = Server()

    def client(url: str, key: str, **options: Any) -> Client:
        server.stored["asked"] = (url, key)
        return client_of(server, give_up_after_s=0, **options)

    monkeypatch.setattr(send, "Client", client)
    monkeypatch.setattr(send, "KEY_FILE", tmp_path / "home" / "key")
    for name in ("SENSORFUSION_KEY", "SENSORFUSION_URL"):
        monkeypatch.delenv(name, raising=False)
    return server


def stored(server: Server) -> list[Any]:
    return [values for at, values in server.stored.items() if at != "asked"]


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("temperature=21.4", {"temperature": 21.4}),
        ("humidity=60", {"humidity": 60}),
        ("temperature=70.1°F", {"temperature": {"value": 70.1, "unit": "°F"}}),
        ("wind_speed=12 mph", {"wind_speed": {"value": 12, "unit": "mph"}}),
        ("temperature=-1e1", {"temperature": -10.0}),
        ("occupancy=true", {"occupancy": True}),
        ("condition=Rain", {"condition": "Rain"}),
        ('condition="3 clouds"', {"condition": "3 clouds"}),
    ],
)
def test_values_are_understood_as_people_write_them(server: Server, written: str, meant: dict[str, Any]) -> None:
    assert run_program(send, "send", [written, *KEY]) == 0

    assert stored(server) == [meant]


def test_receipt_is_told_in_words(server: Server, capsys: pytest.CaptureFixture[str]) -> None:
    at = ("--at", "2026-11-22T06:00:00Z")

    run_program(send, "send", ["temperature=21.4", *at, *KEY])
    run_program(send, "send", ["temperature=21.4", *at, *KEY])

    assert capsys.readouterr().out.splitlines() == [
        "Stored: 1 reading, on the server's disk as change 1.",
        "Known already: 1 reading; nothing changed.",
    ]


def test_refusal_is_told_and_ends_with_1(server: Server, capsys: pytest.CaptureFixture[str]) -> None:
    server.refuses = lambda reading: "out_of_range"

    assert run_program(send, "send", ["temperature=9000", *KEY]) == 1

    assert capsys.readouterr().out == "Refused: because (out_of_range)\n"


@pytest.mark.parametrize(("trouble", "status"), [(Unreachable("no route"), 3), (KeyRefused("unknown key"), 4)])
def test_what_was_not_taken_ends_with_a_status_of_its_own(
    server: Server, tmp_path: Path, capsys: pytest.CaptureFixture[str], trouble: Exception, status: int
) -> None:
    server.trouble = lambda batch: trouble

    assert run_program(send, "send", ["temperature=1", *KEY]) == status
    assert str(trouble) in capsys.readouterr().err
    assert run_program(send, "send", ["temperature=2", *KEY, "--spool", str(tmp_path / "spool")]) == status
    assert "where 1 reading wait" in capsys.readouterr().out


def test_what_waits_in_the_spool_goes_along(server: Server, tmp_path: Path) -> None:
    spool = ("--spool", str(tmp_path / "spool"))
    server.trouble = lambda batch: Unreachable("no route")
    run_program(send, "send", ["temperature=1", *KEY, *spool])
    server.trouble = lambda batch: None

    assert run_program(send, "send", [*KEY, *spool]) == 0

    assert stored(server) == [{"temperature": 1}]


@pytest.mark.parametrize(
    "arguments",
    [
        [],
        ["temperature"],
        ["=21"],
        ["temperature="],
        ["temperature=1", "--at", "yesterday"],
        ["temperature=1", "--at", "2026-11-22T06:00:00"],
        ["temperature=1", "--key-file", "/nonexistent"],
    ],
)
def test_what_cannot_be_understood_ends_with_2(server: Server, arguments: list[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        run_program(send, "send", arguments)

    assert ended.value.code == 2
    assert stored(server) == []


def test_key_is_looked_for_where_it_is_said(server: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def used() -> str:
        assert run_program(send, "send", ["temperature=1", *given]) == 0
        return str(server.stored["asked"][1])

    given: list[str] = []
    send.KEY_FILE.parent.mkdir()
    send.KEY_FILE.write_text("sf_home\n")
    assert used() == "sf_home"
    monkeypatch.setenv("SENSORFUSION_KEY", "sf_environment")
    assert used() == "sf_environment"
    (tmp_path / "key").write_text("sf_file\n")
    given += ["--key-file", str(tmp_path / "key")]
    assert used() == "sf_file"
    given += ["--key", "sf_argument"]
    assert used() == "sf_argument"


def test_json_is_for_programs(server: Server, capsys: pytest.CaptureFixture[str]) -> None:
    run_program(send, "send", ["temperature=1", *KEY, "--json"])

    said = json.loads(capsys.readouterr().out)
    assert said == {"accepted": 1, "duplicates": 0, "rejected": [], "seq": 1, "kept": ""}


def test_sending_starts_no_database_and_makes_no_data_directory(
    server: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("DATABASE_URL", raising=False)
    monkeypatch.delenv("SENSORFUSION_DATA", raising=False)
    monkeypatch.setattr(sys, "argv", ["sensorfusion", "send", "temperature=1", *KEY])

    with pytest.raises(SystemExit) as ended:
        command_line.main()

    assert ended.value.code == 0
    assert [path.name for path in tmp_path.iterdir()] == []
