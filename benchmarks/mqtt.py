"""One reading per MQTT message, QoS 1, through Mosquitto, against one reading per POST at the same server."""

import contextlib
import os
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from benchmarks import drive
from benchmarks.cpu import Window
from benchmarks.scale import Scale, alone, pick
from benchmarks.stand import Database, Failed, Server, Stand
from benchmarks.table import Line, ratios, show, spread

TITLE = "One reading per MQTT message"
CONNECTIONS = 64  # of the JSON door; the broker has one publisher
HEAD = ("case", "readings/s", "server µs", "PostgreSQL µs", "broker µs", "elsewhere")
WITHIN_S = 120
BROKER = shutil.which("mosquitto", path=f"{os.environ.get('PATH', '')}:/usr/sbin:/usr/local/sbin")
CONNECT = b"\x10\x12\x00\x04MQTT\x04\x02\x00\x3c\x00\x06bench1"
_CONFIGURATION = """\
listener {port} 127.0.0.1
allow_anonymous true
max_inflight_messages 1000
max_queued_messages 1000000
"""


@dataclass(slots=True)
class Case:
    name: str
    per_s: list[float] = field(default_factory=list)
    counts: list[int] = field(default_factory=list)
    windows: list[Window] = field(default_factory=list)

    def keep(self, count: int, seconds: float, window: Window) -> None:
        self.per_s.append(count / seconds)
        self.counts.append(count)
        self.windows.append(window)

    def micros(self, process: str) -> list[float]:
        return [window.micros(process, count) for window, count in zip(self.windows, self.counts, strict=True)]

    def cells(self) -> tuple[str, ...]:
        costs = [spread(self.micros(name)) if name in self.windows[0].cpu_s else "–" for name in _PROCESSES]
        return self.name, spread(self.per_s), *costs, spread([window.elsewhere for window in self.windows], ".1f")


_PROCESSES = ("server", "postgres", "broker")


def run(stand: Stand, scale: Scale) -> Sequence[Line]:
    if not BROKER:
        print(f"{TITLE}: not measured, there is no Mosquitto on this machine.")
        return []
    rounds, messages = pick(scale, full=7, quick=3, tiny=1), pick(scale, full=50_000, quick=10_000, tiny=300)
    seconds = pick(scale, full=5, quick=2, tiny=1)
    database = stand.database()
    ours, door = Case(f"MQTT, {len(stand.cast.sensors)} sensors"), Case(f"POST, {CONNECTIONS} connections")
    keys = [sensor.key for sensor in stand.cast.sensors]
    with broker(stand) as (port, pid), _fetching_from(port), stand.platform(database) as server:
        _publish(stand, database, server, port, pid, 200, base=0)  # fills caches, creates the partition
        for number in range(rounds):
            ours.keep(messages, *_publish(stand, database, server, port, pid, messages, base=1 + number * messages))
            done = drive.load(stand, server, keys, connections=CONNECTIONS, seconds=seconds)
            door.keep(done.result.answers, done.result.answers / done.result.per_s, done.window)
    show(TITLE, HEAD, [case.cells() for case in (ours, door)])
    share, by_cpu = ratios(ours.per_s, door.per_s), ratios(door.micros("server"), ours.micros("server"))
    measured = f"{spread(ours.per_s)}/s of {spread(door.per_s)}/s"
    ratio = f"{spread(share, '.0%')}; by server CPU {spread(by_cpu, '.0%')}"
    return [Line("one reading per MQTT message, of the JSON door", "–", "–", measured, ratio, None)]


def _publish(
    stand: Stand, database: Database, server: Server, port: int, broker: int, count: int, *, base: int
) -> tuple[float, Window]:
    """Publish as fast as the broker accepts; return the seconds until everything was stored, and the cost."""
    before = database.readings()
    packets = _packets([sensor.uuid for sensor in stand.cast.sensors], count, base)
    meter, began = stand.meter(server, broker=broker), time.perf_counter()
    with socket.create_connection(("127.0.0.1", port)) as link:
        link.sendall(CONNECT)
        _read(link, 4)
        _send_and_hear(link, packets, 4 * count)
        _wait_for(database, before + count)
    seconds, window = time.perf_counter() - began, meter.stop()
    if (stored := database.readings() - before) != count:
        raise Failed(f"{count} messages were published, {stored} readings are stored.")
    return seconds, window


def _packets(uuids: Sequence[str], count: int, base: int) -> bytes:
    """Return PUBLISH packets of MQTT 3.1.1 with QoS 1; every reading has an instant of its own."""
    parts = []
    for number in range(count):
        topic = f"sf/v1/{uuids[number % len(uuids)]}/readings".encode()
        at = 1_760_000_000 + (base + number) * 0.01
        payload = b'{"observed_at":%.2f,"values":{"temperature":%.1f,"humidity":60,"pressure":1013.2}}' % (
            at,
            number % 30,
        )
        body = len(topic).to_bytes(2, "big") + topic + (number % 65_535 + 1).to_bytes(2, "big") + payload
        parts.append(b"\x32" + bytes((len(body) % 128 | 128, len(body) // 128)) + body)
    return b"".join(parts)


def _send_and_hear(link: socket.socket, packets: bytes, expected: int) -> None:
    """Send everything while reading the acknowledgements, so that neither side waits for the other."""
    left, heard = memoryview(packets), 0
    link.settimeout(WITHIN_S)
    while heard < expected:
        if left:
            left = left[link.send(left[:65_536]) :]
            link.setblocking(False)
            with contextlib.suppress(BlockingIOError):
                heard += len(link.recv(65_536))
            link.settimeout(WITHIN_S)
        else:
            heard += len(_read(link, 1, most=65_536))


def _read(link: socket.socket, least: int, *, most: int = 0) -> bytes:
    got = b""
    while len(got) < least:
        part = link.recv(most or least)
        if not part:
            raise Failed("The broker closed the connection.")
        got += part
    return got


def _wait_for(database: Database, readings: int) -> None:
    deadline = time.monotonic() + WITHIN_S
    with database.connect() as link:
        while True:
            row = link.execute("SELECT coalesce(sum(seq), 0) FROM sensor_state").fetchone()
            if row and int(row[0]) >= readings:
                return
            if time.monotonic() > deadline:
                raise Failed("The messages are not all stored in time.")
            time.sleep(0.02)


@contextlib.contextmanager
def broker(stand: Stand) -> Iterator[tuple[int, int]]:
    """Run Mosquitto; yields its port and its process."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    path = stand.directory / "mosquitto.conf"
    path.write_text(_CONFIGURATION.format(port=port))
    assert BROKER
    process = subprocess.Popen([BROKER, "-c", path], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        _wait_until_it_listens(port)
        yield port, process.pid
    finally:
        process.terminate()
        process.wait(10)


def _wait_until_it_listens(port: int) -> None:
    deadline = time.monotonic() + 10
    while True:
        with contextlib.suppress(OSError):
            socket.create_connection(("127.0.0.1", port), 1).close()
            return
        if time.monotonic() > deadline:
            raise Failed("The broker did not start.")
        time.sleep(0.02)


@contextlib.contextmanager
def _fetching_from(port: int) -> Iterator[None]:
    """Make servers that are started within the context subscribe to the broker."""
    os.environ["MQTT_URL"] = f"mqtt://127.0.0.1:{port}"
    try:
        yield
    finally:
        del os.environ["MQTT_URL"]


if __name__ == "__main__":
    alone("mqtt", __doc__, run)
