"""Child process: many WebSocket clients on raw sockets that only count frames, and readings in them; or of events.

The counters are in a memory-mapped file, where the parent process reads them without disturbing this one. The process
ends when its input is closed.
"""

import argparse
import asyncio
import base64
import mmap
import os
import struct
import sys
from collections.abc import Callable
from pathlib import Path
from typing import cast

import uvloop

from benchmarks.serve import raise_file_limit

# The counters of each process, as numbers of eight bytes.
READY, FRAMES, READINGS, LOST = range(4)
FIELDS = 4
# Connections opened at once: with thousands of simultaneous handshakes the first ones would wait too long.
AT_ONCE = 100
_MARK = b'"seq":'
_EVENT = b"data: "  # as long
_CLOSE, _PING, _PONG = 8, 9, 10
# MQTT 3.1.1: a client without a name of its own, and the first byte of two answers.
CONNECT = b"\x10\x0c\x00\x04MQTT\x04\x02\x00\x3c\x00\x00"
_CONNACK, _SUBACK = b"\x20", b"\x90"


def mapped(path: Path) -> memoryview:
    """Map the file of counters; it holds the numbers of all processes one after the other."""
    with path.open("r+b") as file:
        return memoryview(mmap.mmap(file.fileno(), 0)).cast("Q")


def text_frame(text: str) -> bytes:
    """Return a masked text frame, as clients must send; the mask is zero, which is allowed."""
    payload = text.encode()
    return _client_frame(1, payload)


def _client_frame(opcode: int, payload: bytes) -> bytes:
    size = len(payload)
    head = bytes((0x80 | opcode, 0x80 | size)) if size < 126 else struct.pack("!BBH", 0x80 | opcode, 0xFE, size)
    return head + bytes(4) + payload


class Viewer(asyncio.Protocol):
    """One client. `on_frame` is called after each data frame, `on_readings` with the number of readings received."""

    answer = b"HTTP/1.1 101"

    def __init__(
        self,
        request: bytes,
        said: bytes,
        *,
        on_frame: Callable[[], None],
        on_readings: Callable[[int], None],
        on_lost: Callable[[], None],
    ) -> None:
        self.shaken = asyncio.get_running_loop().create_future()
        self._request = request
        self._said = said
        self._on_frame, self._on_readings, self._on_lost = on_frame, on_readings, on_lost
        self._head: bytes | None = b""  # of the handshake, until it is complete
        self._partial = b""  # of a frame's header
        self._left = 0
        self._opcode = 0
        self._control = b""
        self._tail = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.Transport", transport)
        self._transport.write(self._request)

    def data_received(self, data: bytes) -> None:
        if self._head is not None:
            self._head += data
            head, end, data = self._head.partition(b"\r\n\r\n")
            if not end:
                return
            if not head.startswith(self.answer):
                self.shaken.set_exception(ConnectionError(head[:100].decode()))
                return
            self._head = None
            self._transport.write(self._said)
            self.shaken.set_result(None)
        if data:
            if found := self._marks(_MARK, data):
                self._on_readings(found)
            self._walk(data)
            self._tail = data[-5:] if len(data) >= 5 else (self._tail + data)[-5:]

    def _marks(self, mark: bytes, data: bytes) -> int:
        """Count a mark of six bytes; if two chunks share it, five bytes of each have it."""
        return data.count(mark) + (self._tail + data[:5]).count(mark)

    def _walk(self, data: bytes) -> None:
        """Go from header to header."""
        at, size = 0, len(data)
        while at < size:
            if not self._left:
                at = self._begin(data, at)
                if at < 0:
                    return
            taken = min(self._left, size - at)
            if self._opcode >= _CLOSE:
                self._control += data[at : at + taken]
            self._left -= taken
            at += taken
            if not self._left:
                self._end()

    def _begin(self, data: bytes, at: int) -> int:
        """Read a header and return where its payload begins; -1 if it is incomplete."""
        known = len(self._partial)
        header = self._partial + data[at : at + 10]
        length = 2 if len(header) < 2 or (kind := header[1]) < 126 else 4 if kind == 126 else 10
        if len(header) < length:
            self._partial = header
            return -1
        self._partial = b""
        self._opcode, kind = header[0] & 15, header[1]
        self._left = kind if kind < 126 else int.from_bytes(header[2:length], "big")
        return at + length - known

    def _end(self) -> None:
        if self._opcode < _CLOSE:
            self._on_frame()
            return
        control, self._control = self._control, b""
        if self._opcode == _PING:
            self._transport.write(_client_frame(_PONG, control))

    def connection_lost(self, error: Exception | None) -> None:
        if not self.shaken.done():
            self.shaken.set_exception(ConnectionError(f"closed in the handshake: {error}"))
        self._on_lost()

    def close(self) -> None:
        self._transport.abort()


class Listener(Viewer):
    """A client of server-sent events."""

    answer = b"HTTP/1.1 200"

    def _walk(self, data: bytes) -> None:
        for _ in range(self._marks(_EVENT, data)):
            self._on_frame()


class Subscriber(Viewer):
    """A client of an MQTT broker; its frames are the readings."""

    answer = b""

    def __init__(self, request: bytes, said: bytes, **counters: Callable[..., None]) -> None:
        super().__init__(CONNECT, said, **counters)
        self._topic = request
        self._head = None

    def data_received(self, data: bytes) -> None:
        if not self.shaken.done():
            self._acknowledged(data)
            return
        if found := self._marks(_MARK, data):
            self._on_readings(found)
        self._tail = data[-5:] if len(data) >= 5 else (self._tail + data)[-5:]

    def _acknowledged(self, data: bytes) -> None:
        if data[:1] == _CONNACK:
            self._transport.write(subscribe(self._topic))
        elif data[:1] == _SUBACK:
            self.shaken.set_result(None)
        else:
            self.shaken.set_exception(ConnectionError(f"the broker answered {data[:20]!r}"))


def subscribe(topic: bytes) -> bytes:
    """Return a packet that asks for a topic with QoS 0."""
    body = b"\x00\x01" + len(topic).to_bytes(2, "big") + topic + b"\x00"
    return b"\x82" + bytes([len(body)]) + body


def request_of_events(path: str, token: str) -> bytes:
    return f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer {token}\r\n\r\n".encode()


def handshake(path: str, token: str) -> bytes:
    key = base64.b64encode(os.urandom(16)).decode()
    authorization = f"Authorization: Bearer {token}\r\n" if token else ""
    return (
        f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
        f"Sec-WebSocket-Key: {key}\r\nSec-WebSocket-Version: 13\r\n{authorization}\r\n"
    ).encode()


def topic(path: str, token: str) -> bytes:
    return path.encode()


# The clients by protocol, and what each asks for.
_CLIENTS: dict[str, tuple[type[Viewer], Callable[[str, str], bytes]]] = {
    "websocket": (Viewer, handshake),
    "events": (Listener, request_of_events),
    "mqtt": (Subscriber, topic),
}


async def watch(options: argparse.Namespace) -> None:
    first = options.slot * FIELDS
    counts = mapped(options.counts)[first : first + FIELDS]
    viewers = await _open(options, counts)
    await asyncio.get_running_loop().run_in_executor(None, sys.stdin.read)
    for viewer in viewers:
        viewer.close()


async def _open(options: argparse.Namespace, counts: memoryview) -> list[Viewer]:
    def on_frame() -> None:
        counts[FRAMES] += 1

    def on_readings(number: int) -> None:
        counts[READINGS] += number

    def on_lost() -> None:
        counts[LOST] += 1

    async def one() -> Viewer:
        request = ask(options.path, options.token)
        viewer = kind(request, said, on_frame=on_frame, on_readings=on_readings, on_lost=on_lost)
        async with doors:
            await loop.create_connection(lambda: viewer, "127.0.0.1", options.port)
            await viewer.shaken
        counts[READY] += 1
        return viewer

    loop, doors = asyncio.get_running_loop(), asyncio.Semaphore(AT_ONCE)
    kind, ask = _CLIENTS[options.protocol]
    said = text_frame(options.say) if options.say else b""
    return list(await asyncio.gather(*(one() for _ in range(options.number))))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--path", default="/ws/live/")
    parser.add_argument("--protocol", choices=_CLIENTS, default="websocket", help="of the connections")
    parser.add_argument("--token", default="")
    parser.add_argument("--say", default="", help="message each sends when it is connected")
    parser.add_argument("--number", type=int, required=True)
    parser.add_argument("--counts", type=Path, required=True)
    parser.add_argument("--slot", type=int, default=0, help="index of this process's numbers in the file")
    raise_file_limit()
    uvloop.run(watch(parser.parse_args()))


if __name__ == "__main__":
    main()
