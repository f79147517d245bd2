"""A reading to 1,000 connections: the platform, Mosquitto by MQTT, and a plain Django site by Channels, in turns."""

import contextlib
import json
import socket
from collections.abc import Iterator, Sequence

from benchmarks import bodies
from benchmarks.audience import Poster, audience, in_stream, of_platform
from benchmarks.fanout import HEAD, Side
from benchmarks.mqtt import BROKER, CONNECT, broker
from benchmarks.peers.program import Program
from benchmarks.peers.recipe.program import Recipe
from benchmarks.scale import Scale, pick
from benchmarks.stand import Server, Stand
from benchmarks.table import ratios, show, spread

TOPIC = "readings"
PROCESSES = 2  # of the viewers


@contextlib.contextmanager
def _platform(stand: Stand, size: int) -> Iterator[Side]:
    clock = bodies.instants()
    with (
        stand.platform(stand.database()) as server,
        of_platform(stand, server, size, PROCESSES) as viewers,
    ):
        poster = Poster(server, key=stand.cast.sensors[0].key)
        yield Side("SensorFusion", server, viewers, lambda: poster.post(bodies.small_reading(next(clock))))


@contextlib.contextmanager
def _recipe(stand: Stand, size: int) -> Iterator[Side]:
    clock, recipe = bodies.instants(), Recipe(stand)
    with recipe.running() as server, audience(stand, server, size, path="/live/", processes=PROCESSES) as viewers:
        poster = Poster(server, path=recipe.path, status=201)

        def post() -> None:
            values = {"temperature": 21.43, "humidity": 60.2}
            poster.post(json.dumps({"sensor": recipe.keys()[0], "observed_at": next(clock), **values}))

        yield Side("plain Django", server, viewers, post)


@contextlib.contextmanager
def _mosquitto(stand: Stand, size: int) -> Iterator[Side]:
    clock, sensor = bodies.instants(), stand.cast.sensors[0]
    with broker(stand) as (port, pid):
        server = Server("broker", pid, port)
        with (
            audience(stand, server, size, protocol="mqtt", path=TOPIC, processes=PROCESSES) as viewers,
            socket.create_connection(("127.0.0.1", port)) as link,
        ):
            link.sendall(CONNECT)
            link.recv(4)
            yield Side("Mosquitto", server, viewers, lambda: link.sendall(_publish(in_stream(sensor, 1, next(clock)))))


def _publish(text: str) -> bytes:
    """Return a packet with QoS 0; its length has two bytes."""
    body = len(TOPIC).to_bytes(2, "big") + TOPIC.encode() + text.encode()
    return b"\x30" + bytes((len(body) % 128 | 128, len(body) // 128)) + body


def run(stand: Stand, scale: Scale, kinds: Sequence[type[Program]]) -> None:
    size, rounds = pick(scale, full=1_000, quick=1_000, tiny=20), pick(scale, full=7, quick=3, tiny=1)
    posts = pick(scale, full=60, quick=40, tiny=3)
    sides = {"SensorFusion": _platform, "plain Django": _recipe, "Mosquitto": _mosquitto}
    if not BROKER:
        sides.pop("Mosquitto")
        print("Mosquitto: not measured, the package mosquitto is not installed.")
    with contextlib.ExitStack() as stack:
        measured = [stack.enter_context(make(stand, size)) for make in sides.values()]
        for side in measured:
            side.run(stand, 3)
            side.windows.clear()
        for _ in range(rounds):
            for side in measured:
                side.run(stand, posts)
    rows = [(*side.cells(), spread(ratios(measured[0].micros, side.micros), ".2f") + " ×") for side in measured]
    show(f"A reading to {size:,} connections", (*HEAD, "SensorFusion's CPU"), rows)
