"""The Arduino library, compiled for this computer, against the platform's own door."""

import asyncio
import os
import shutil
import subprocess
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tests.ingest.conftest import change, stored
from tests.patience import PATIENCE_S
from tests.senders.conftest import Line, Portal

ROOT = Path(__file__).parents[2]
LIBRARY = ROOT / "sensorfusion" / "clients" / "arduino" / "SensorFusion" / "src"
BOARD = Path(__file__).parent / "board"
RECORDED = Path(__file__).parent / "recorded" / "arduino.http"
_MISSING = "no C++ compiler found; install g++ or clang++ to test the Arduino library"
OK = "1 waiting 0 lost 0 refused 0: "

pytestmark = [pytest.mark.sockets, pytest.mark.django_db(transaction=True)]


@pytest.fixture(scope="module")
def board(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Compile a board's program, as strictly as possible in the language of Arduino cores."""
    compiler = shutil.which("g++") or shutil.which("clang++")
    if not compiler:
        if os.environ.get("CI"):
            pytest.fail(_MISSING, pytrace=False)
        pytest.skip(_MISSING)
    program = tmp_path_factory.mktemp("board") / "board"
    options = ["-std=c++11", "-Wall", "-Wextra", "-Werror", "-fsanitize=undefined", "-fno-sanitize-recover"]
    source = [f"-I{LIBRARY}", f"-I{BOARD}", str(BOARD / "main.cpp"), "-o", str(program)]
    compiled = subprocess.run([compiler, *options, *source], capture_output=True, text=True)
    assert compiled.returncode == 0, compiled.stderr
    return program


async def run(board: Path, line: Line | Portal, *commands: str, path: str = "") -> list[str]:
    """Run commands on the board; return its output."""
    program = await asyncio.create_subprocess_exec(
        board, "127.0.0.1", str(line.port), line.key, *filter(None, [path]),
        stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.STDOUT,
    )  # fmt: skip
    said, _ = await asyncio.wait_for(program.communicate("\n".join([*commands, ""]).encode()), PATIENCE_S)
    assert program.returncode == 0, said.decode()
    return said.decode().splitlines()


async def test_request_is_the_recorded_one(board: Path, line: Line) -> None:
    printed = await run(
        board,
        line,
        "clock 1795327200",
        "add temperature 21.47 1",
        "add humidity 60 0",
        "add wind_speed 12 0 mph",
        "send",
    )

    assert line.recorded() == RECORDED.read_bytes().decode()
    assert printed == ["1", "1", "1", OK]
    assert stored() == [{"humidity": 60, "temperature": 21.5, "wind_speed": 5.3645}]
    assert stored("observed_at") == [datetime.fromtimestamp(1795327200, UTC)]


async def test_path_of_the_servers_address_is_before_the_doors(board: Path, line: Line) -> None:
    await run(board, line, "clock 1795327200", "add temperature 21.47 1", "send", path="/sf")

    assert line.recorded().startswith("POST /sf/api/v1/readings HTTP/1.0\r\n")


async def test_numbers_are_written_without_the_boards_printf(board: Path, line: Line) -> None:
    written = {"-0.04 1": 0, "-0.06 1": -0.1, "9.96 1": 10, "-12.345 2": -12.35, "3.0004 3": 3, "79.5 0": 80}
    commands = [command for each in written for command in (f"add temperature {each}", "send", "later 1000")]

    await run(board, line, "clock 1795327200", *commands)

    assert [each["temperature"] for each in stored()] == list(written.values())


async def test_what_is_no_number_or_does_not_fit_is_left_out(board: Path, line: Line) -> None:
    printed = await run(
        board, line, "clock 1795327200", "add temperature nan 1", "add temperature 1e12 1",
        *[f"add quantity_with_a_long_name_{n} 1 0" for n in range(10)], "send",
    )  # fmt: skip

    assert printed[:2] == ["0", "0"]
    assert printed.count("1") == 6
    assert printed[-1] == OK
    assert len(stored()[0]) == 6


async def test_board_without_a_clock_takes_the_time_from_the_server(board: Path, line: Line) -> None:
    await run(
        board, line, "offline", "add temperature 1 1", "send", "later 60000", "online", "add temperature 2 1", "send"
    )

    first, second = stored("observed_at")
    assert abs(second - datetime.now(UTC)) < timedelta(seconds=30)
    assert timedelta(seconds=59) < second - first < timedelta(seconds=61)


async def test_what_waited_is_sent_later_with_its_own_time(board: Path, line: Line) -> None:
    printed = await run(
        board, line, "clock 1795327200", "offline", "add temperature 1 0", "send", "later 600000",
        "add temperature 2 0", "send", "later 600000", "online", "add temperature 3 0", "send",
    )  # fmt: skip

    assert printed[1] == "0 waiting 1 lost 0 refused 0: no answer from 127.0.0.1"
    assert printed[-1] == OK
    assert [each["temperature"] for each in stored()] == [1, 2, 3]
    assert [at.minute for at in stored("observed_at")] == [0, 10, 20]


async def test_memory_is_bounded_and_the_oldest_make_room(board: Path, line: Line) -> None:
    commands = [command for n in range(30) for command in (f"add temperature {n} 0", "send", "later 1000")]

    printed = await run(board, line, "clock 1795327200", "offline", *commands, "online", "later 600000", "send")

    assert printed[-1] == "1 waiting 0 lost 6 refused 0: "
    assert [each["temperature"] for each in stored()] == list(range(6, 30))


async def test_it_does_not_knock_all_the_time(board: Path, line: Line) -> None:
    change("UPDATE sensors_sensor SET status = 'paused'")

    printed = await run(board, line, "clock 1795327200", *["add temperature 1 0", "send"] * 5)

    assert "the server answered 403" in printed[-1]
    assert len(line.requests) == 1


async def test_a_refused_reading_is_counted_and_does_not_block(board: Path, line: Line) -> None:
    printed = await run(
        board, line, "clock 1795327200", "add temperature 9000 0", "send", "later 1000", "add temperature 1 0", "send"
    )

    assert printed[-1] == "1 waiting 0 lost 0 refused 1: "
    assert stored() == [{"temperature": 1}]


async def test_what_is_no_receipt_does_not_count_as_one(board: Path, portal: Portal) -> None:
    printed = await run(board, portal, "clock 1795327200", "add temperature 1 0", "send")

    assert printed[-1] == "0 waiting 1 lost 0 refused 0: the server answered 200: <html>Sign in</html>"
