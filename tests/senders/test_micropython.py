"""The MicroPython client, run by MicroPython, against the platform's own door."""

import asyncio
import os
import platform
import shutil
import ssl
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding

from tests.certificates import certificate_for
from tests.ingest.conftest import change, stored
from tests.patience import PATIENCE_S
from tests.senders.conftest import Line, Portal

ROOT = Path(__file__).parents[2]
CLIENT = ROOT / "sensorfusion" / "clients" / "micropython"
RECORDED = Path(__file__).parent / "recorded" / "micropython.http"
_MISSING = "no MicroPython found; it comes with the test dependencies on Linux"

pytestmark = [pytest.mark.sockets, pytest.mark.django_db(transaction=True)]

# A board whose clocks are controlled by the test; everything else is MicroPython's own.
BOARD = """
import sys, time
sys.path.insert(0, {client!r})
import sensorfusion

class Clock:
    ms, set = 0, {clock}
    def ticks_ms(self): return self.ms & 0x3fffffff
    def ticks_diff(self, a, b): return time.ticks_diff(a, b)
    def time_ns(self): return (self.set or 0) * 10**9 + self.ms * 10**6
    def time(self): return self.time_ns() // 10**9
    def gmtime(self, at=None): return time.gmtime(self.time() if at is None else at)

clock = sensorfusion.time = Clock()
client = sensorfusion.Client({url!r}, {key!r}, keep=30)
"""


def interpreter() -> str:
    beside = Path(sys.executable).parent / "micropython"
    found = shutil.which("micropython") or (str(beside) if beside.exists() else "")
    if not found:
        if os.environ.get("CI") and platform.machine() == "x86_64":  # other platforms have no build
            pytest.fail(_MISSING, pytrace=False)
        pytest.skip(_MISSING)
    return found


async def run(line: Line | Portal, script: str, *, clock: int = 0) -> list[str]:
    """Run a script on the board; return its output."""
    board = BOARD.format(client=str(CLIENT), clock=clock, url=line.url, key=line.key)
    command = await asyncio.create_subprocess_exec(
        interpreter(), "-c", board + script, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.STDOUT
    )
    said, _ = await asyncio.wait_for(command.communicate(), PATIENCE_S)
    assert command.returncode == 0, said.decode()
    return said.decode().splitlines()


async def test_request_is_the_recorded_one(line: Line) -> None:
    printed = await run(
        line, 'print(client.send(temperature=21.5, humidity=60, wind_speed=(12, "mph")))', clock=1795327200
    )

    assert line.recorded() == RECORDED.read_bytes().decode()
    assert printed == ["0"]
    assert stored() == [{"humidity": 60, "temperature": 21.5, "wind_speed": 5.3645}]
    assert stored("observed_at") == [datetime.fromtimestamp(1795327200, UTC)]


async def test_board_without_a_clock_takes_the_time_from_the_server(line: Line) -> None:
    await run(line, "client.add({'temperature': 1}); clock.ms += 60000; client.send(temperature=2)")

    first, second = stored("observed_at")
    assert abs(second - datetime.now(UTC)) < timedelta(seconds=30)
    assert timedelta(seconds=59) < second - first < timedelta(seconds=61)


async def test_what_waited_is_sent_later_with_its_own_time(line: Line) -> None:
    script = """
port, client.port = client.port, 1
print(client.send(temperature=1), client.trouble)
clock.ms += 600000
print(client.send(temperature=2))
client.port = port
clock.ms += 600000
print(client.send(temperature=3), client.trouble)
"""
    printed = await run(line, script, clock=1795327200)

    assert printed[0].startswith("1 no answer from 127.0.0.1")
    assert printed[1:] == ["2", "0 "]
    assert [each["temperature"] for each in stored()] == [1, 2, 3]
    assert [at.minute for at in stored("observed_at")] == [0, 10, 20]


async def test_it_does_not_knock_all_the_time(line: Line) -> None:
    change("UPDATE sensors_sensor SET status = 'paused'")

    printed = await run(
        line, "for n in range(5): print(client.send(temperature=n))\nprint(client.trouble)", clock=1795327200
    )

    assert printed[-1].startswith("This sensor is paused")
    assert len(line.requests) == 1


async def test_memory_is_bounded_and_the_oldest_make_room(line: Line) -> None:
    script = "client.port, port = 1, client.port\nfor n in range(100): client.send(temperature=n % 50)\n"
    script += "client.port = port; clock.ms += 600000\nprint(client.flush(), client.lost)"

    printed = await run(line, script, clock=1795327200)

    assert printed == ["0 70"]
    assert len(stored()) == 30
    assert len(line.requests) == 2  # batches of twenty


async def test_sending_again_changes_nothing(line: Line) -> None:
    script = """
client.send(temperature=1)
client._waiting.append([client._last_ms, 0, {"temperature": 1}])
print(client.flush())
"""
    assert await run(line, script, clock=1795327200) == ["0"]
    assert len(stored()) == 1


async def test_a_refused_value_is_told_and_does_not_block(line: Line) -> None:
    script = "print(client.send(temperature=9000), client.refused); print(client.send(temperature=1))"

    printed = await run(line, script, clock=1795327200)

    assert printed[0].startswith("0 temperature: 9000 °C is above")
    assert stored() == [{"temperature": 1}]


async def test_what_is_no_receipt_does_not_count_as_one(portal: Portal) -> None:
    printed = await run(portal, "print(client.send(temperature=1), client.trouble)", clock=1795327200)

    assert printed == ["1 the server answered 200"]


@pytest.mark.parametrize(("signed_by", "printed"), [("the server", ["0 "]), ("somebody else", ["1"])])
async def test_https_is_checked_against_the_given_authority(tmp_path: Path, signed_by: str, printed: list[str]) -> None:
    certificates = [certificate_for("localhost", tmp_path / each) for each in ("server", "other")]
    trusted = certificates[0 if signed_by == "the server" else 1]
    der = tmp_path / "authority.der"
    der.write_bytes(x509.load_pem_x509_certificate(trusted.read_bytes()).public_bytes(Encoding.DER))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificates[0])
    taken: list[bytes] = []

    async def take(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        taken.append(await reader.readuntil(b"\r\n\r\n"))
        body = b'{"accepted":1,"duplicates":0,"rejected":[],"seq":1}'
        writer.write(b"HTTP/1.0 200 OK\r\nContent-Length: %d\r\n\r\n" % len(body) + body)
        writer.close()

    async with await asyncio.start_server(take, "127.0.0.1", 0, ssl=context) as server:
        port = server.sockets[0].getsockname()[1]
        script = (
            f"client = sensorfusion.Client('https://localhost:{port}', 'k', cadata=open({str(der)!r}, 'rb').read())\n"
        )
        said = await run(Portal(port), script + "print(client.send(temperature=1), client.trouble)", clock=1795327200)

    assert said[0].startswith(printed[0])
    assert bool(taken) == (signed_by == "the server")
