"""The Python client as a process of its own, killed repeatedly, against the platform's own door."""

import asyncio
import random
import sys
from pathlib import Path

import pytest

from sensorfusion.clients.python import sensorfusion_client
from sensorfusion.clients.python.sensorfusion_client import AsyncClient
from tests.ingest.conftest import stored
from tests.patience import PATIENCE_S
from tests.senders.conftest import Line

pytestmark = [pytest.mark.crash, pytest.mark.django_db(transaction=True)]

# Set up as on a small computer: the one file, and a script beside it.
SENDER = """
import sys
from sensorfusion_client import Client
client = Client(sys.argv[1], sys.argv[2], spool=sys.argv[3], timeout_s=5)
for number in range(int(sys.argv[4]), 10**6):
    client.send(level=number)
    print(number, flush=True)
"""


async def test_a_sender_that_is_killed_loses_nothing_and_sends_nothing_twice(line: Line, tmp_path: Path) -> None:
    taken: list[int] = []
    for start, url in ((0, "http://127.0.0.1:1"), (1000, line.url), (2000, line.url), (3000, "http://127.0.0.1:1")):
        taken += await until_killed(url, line.key, tmp_path, start=start)

    async with AsyncClient(line.url, line.key, spool=tmp_path) as client:
        last = await client.deliver()
        assert client.client.spool
        assert (last.kept, client.client.spool.count(), client.client.spool.lost) == ("", 0, 0)

    levels = [values["level"] for values in stored()]
    assert len(taken) > 30
    assert set(taken) <= set(levels)
    assert len(levels) == len(set(levels))
    assert len(levels) <= len(taken) + 4  # at most the reading that each process was sending when it was killed


async def until_killed(url: str, key: str, spool: Path, *, start: int) -> list[int]:
    """Send until it is killed after some readings; return those whose `send` had returned."""
    sender = await asyncio.create_subprocess_exec(
        sys.executable, "-c", SENDER, url, key, str(spool), str(start),
        stdout=asyncio.subprocess.PIPE, cwd=Path(sensorfusion_client.__file__).parent,
    )  # fmt: skip
    assert sender.stdout
    taken: list[int] = []
    enough = random.Random(start).randrange(8, 30)
    while text := await asyncio.wait_for(sender.stdout.readline(), PATIENCE_S):
        taken.append(int(text))
        if len(taken) == enough:
            sender.kill()
    await sender.wait()
    return taken
