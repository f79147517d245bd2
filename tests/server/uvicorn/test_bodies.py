"""All unfinished bodies together are bounded: the oldest is answered 503 with Retry-After, and the others go on."""

import asyncio
import contextlib

import pytest

from sensorfusion.server.uvicorn import bodies
from sensorfusion.server.uvicorn.bodies import BODIES, MOST_HELD, Bodies
from sensorfusion.server.uvicorn.http import DoorProtocol
from tests.patience import PATIENCE_S
from tests.server.uvicorn.test_http import HEAD, Served, serving

SMALL, LARGE = 60_000, 200_000  # on the fast path, and beside it
PATHS = {SMALL: b"/door", LARGE: b"/elsewhere"}


class Held:
    """A connection that has nothing to say."""

    is_refused = False

    def refuse_body(self) -> None:
        self.is_refused = True


def test_the_oldest_make_room(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bodies, "MOST_IN_FLIGHT", 100)
    held, every = Bodies(), [Held() for _ in range(4)]
    for each in every[:3]:
        held.hold(each, 30)
    held.hold(every[0], 40)  # it has gone on, and is the oldest still
    held.hold(every[3], 50)

    assert [each.is_refused for each in every] == [True, True, False, False]
    assert held.total == 80


def test_what_is_complete_is_forgotten() -> None:
    held, one = Bodies(), Held()
    held.hold(one, MOST_HELD * 100)
    assert held.total == MOST_HELD  # the rest of an upload is on disk

    for _ in range(2):
        held.release(one)

    assert held.total == 0


async def begin(served: Served, size: int) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    """Send a head and half of a body, and wait until both have arrived."""
    before = BODIES.total
    reader, writer = await served.open()
    writer.write(b"POST " + PATHS[size] + b" HTTP/1.1\r\n" + HEAD + b"Content-Length: %d\r\n\r\n" % size)
    await asyncio.sleep(0.01)
    writer.write(b"x" * (size // 2))
    async with asyncio.timeout(PATIENCE_S):
        while BODIES.total < before + size // 2:  # noqa: ASYNC110 - there is no event
            await asyncio.sleep(0.01)
    return reader, writer


@pytest.mark.sockets
@pytest.mark.parametrize("size", [SMALL, LARGE])
async def test_a_client_that_is_refused_reads_why_although_it_sends_on(
    size: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with serving(DoorProtocol) as served:
        first = await begin(served, size)
        monkeypatch.setattr(bodies, "MOST_IN_FLIGHT", size // 2 + 10)
        second_reader, second_writer = await served.open()
        second_writer.write(b"POST " + PATHS[size] + b" HTTP/1.1\r\n" + HEAD + b"Content-Length: %d\r\n\r\n" % size)
        await asyncio.sleep(0.01)
        second_writer.write(b"x" * (size // 2))
        first[1].write(b"x" * (size // 2))
        said = await asyncio.wait_for(first[0].readuntil(b"\r\n\r\n"), PATIENCE_S)
        monkeypatch.setattr(bodies, "MOST_IN_FLIGHT", 2 * size)
        second_writer.write(b"x" * (size // 2))
        other = await asyncio.wait_for(second_reader.readline(), PATIENCE_S)
        for writer in (first[1], second_writer):
            writer.close()
            with contextlib.suppress(ConnectionError):
                await writer.wait_closed()

    assert said.startswith(b"HTTP/1.1 503 ")
    assert b"retry-after: 1" in said.lower()
    assert other.startswith(b"HTTP/1.1 200 ")
    assert BODIES.total == 0


@pytest.mark.sockets
async def test_a_lost_connection_holds_nothing() -> None:
    async with serving(DoorProtocol) as served:
        _, writer = await begin(served, SMALL)
        assert BODIES.total >= SMALL // 2  # a connection of the test before may have some bytes still
        writer.transport.abort()
        async with asyncio.timeout(PATIENCE_S):
            while BODIES.total >= SMALL // 2:  # noqa: ASYNC110 - until the server knows
                await asyncio.sleep(0.01)
