"""The viewers count what a server sends, for any splitting into chunks."""

import asyncio
import struct
from typing import Any

import pytest

from benchmarks.viewers import Listener, Viewer
from tests.patience import PATIENCE_S

READING = b'{"sensor":"a","seq":1}'


class Transport(asyncio.Transport):
    """Records what is written."""

    def __init__(self) -> None:
        self.written = b""

    def write(self, data: bytes | bytearray | memoryview) -> None:
        self.written += data


def _frame(payload: bytes, opcode: int = 1) -> bytes:
    size = len(payload)
    first = 0x80 | opcode
    if size < 126:
        return bytes((first, size)) + payload
    head = struct.pack("!BBH", first, 126, size) if size < 65536 else struct.pack("!BBQ", first, 127, size)
    return head + payload


@pytest.fixture
async def counts() -> dict[str, int]:
    return {"frames": 0, "readings": 0}


@pytest.fixture
async def viewer(counts: dict[str, int]) -> Viewer:
    def add(name: str, number: int = 1) -> None:
        counts[name] += number

    made = Viewer(
        b"GET", b"", on_frame=lambda: add("frames"), on_readings=lambda n: add("readings", n), on_lost=lambda: None
    )
    made.connection_made(Transport())
    made.data_received(b"HTTP/1.1 101 Switching Protocols\r\n\r\n")
    return made


@pytest.mark.parametrize("step", [1, 2, 3, 7, 100, 1_000_000])
async def test_frames_and_readings_are_counted_however_they_are_cut(
    viewer: Viewer, counts: dict[str, int], step: int
) -> None:
    stream = b"".join(_frame(READING * many) for many in (1, 4, 6, 30)) + _frame(READING * 4_000)

    for start in range(0, len(stream), step):
        viewer.data_received(stream[start : start + step])

    assert counts == {"frames": 5, "readings": 4_041}


@pytest.mark.parametrize("step", [1, 100])
async def test_ping_is_answered_with_its_own_bytes(viewer: Viewer, counts: dict[str, int], step: int) -> None:
    stream = _frame(b"hello", opcode=9) + _frame(READING)

    for start in range(0, len(stream), step):
        viewer.data_received(stream[start : start + step])

    transport = viewer._transport
    assert isinstance(transport, Transport)
    assert transport.written.endswith(bytes((0x8A, 0x85)) + bytes(4) + b"hello")
    assert counts == {"frames": 1, "readings": 1}


async def test_refused_handshake_is_told() -> None:
    refused = Viewer(b"GET", b"", on_frame=lambda: None, on_readings=lambda n: None, on_lost=lambda: None)
    transport: Any = Transport()
    refused.connection_made(transport)

    refused.data_received(b"HTTP/1.1 403 Forbidden\r\n\r\n")

    with pytest.raises(ConnectionError, match="403"):
        await asyncio.wait_for(refused.shaken, PATIENCE_S)


@pytest.mark.parametrize("step", [1, 2, 3, 7, 100, 1_000_000])
async def test_events_are_counted_however_they_are_cut(counts: dict[str, int], step: int) -> None:
    def add(name: str, number: int = 1) -> None:
        counts[name] += number

    listener = Listener(
        b"GET", b"", on_frame=lambda: add("frames"), on_readings=lambda n: add("readings", n), on_lost=lambda: None
    )
    listener.connection_made(Transport())
    listener.data_received(b"HTTP/1.1 200 OK\r\n\r\n")
    stream = b"".join(b"id: a.1\ndata: " + READING * many + b"\n\n:\n\n" for many in (1, 4, 6, 30))

    for start in range(0, len(stream), step):
        listener.data_received(stream[start : start + step])

    assert counts == {"frames": 4, "readings": 41}
