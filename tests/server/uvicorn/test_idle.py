"""An idle connection is closed some time after its last answer; a request moves no timer, but it moves this end."""

from collections.abc import Callable, Coroutine
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

import uvicorn
from uvicorn.server import ServerState

from sensorfusion.ingest.doors.http import Headers, Response
from sensorfusion.server.fast_path import DOORS
from sensorfusion.server.uvicorn.http import DoorProtocol

KEEP_ALIVE_S = 75
REQUEST = b"POST /readings HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n\r\n{}"


@dataclass
class Timer:
    """A timer of the loop."""

    due_at: float
    callback: Callable[[], None]
    is_cancelled: bool = False

    def cancel(self) -> None:
        self.is_cancelled = True


@dataclass
class Loop:
    """An event loop whose time the test sets, and whose tasks it runs."""

    now: float = 0.0
    timers: list[Timer] = field(default_factory=list)
    tasks: list[Coroutine[Any, Any, None]] = field(default_factory=list)

    def time(self) -> float:
        return self.now

    def call_later(self, delay_s: float, callback: Callable[[], None]) -> Timer:
        self.timers.append(Timer(self.now + delay_s, callback))
        return self.timers[-1]

    def create_task(self, coroutine: Coroutine[Any, Any, None]) -> object:
        self.tasks.append(coroutine)
        return object()

    def run_tasks(self) -> None:
        while self.tasks:
            with suppress(StopIteration):
                self.tasks.pop().send(None)

    def reach(self, now: float) -> None:
        self.now = now
        for timer in [each for each in self.timers if each.due_at <= now]:
            self.timers.remove(timer)
            if not timer.is_cancelled:
                timer.callback()

    @property
    def waiting(self) -> int:
        return sum(not each.is_cancelled for each in self.timers)


class Transport:
    """A transport that keeps nothing."""

    is_closed = False

    def write(self, _: bytes) -> None: ...

    def close(self) -> None:
        self.is_closed = True

    def is_closing(self) -> bool:
        return self.is_closed

    def get_extra_info(self, _: str, default: object = None) -> object:
        return default


def connected(loop: Loop) -> tuple[DoorProtocol, Transport]:
    async def door(_: Headers, __: bytes, ___: str) -> Response:
        return Response(200, b"{}")

    async def application(_: object, __: object, ___: object) -> None: ...

    config = uvicorn.Config(application, log_config=None, timeout_keep_alive=KEEP_ALIVE_S)
    protocol = DoorProtocol(config, ServerState(), {DOORS: {b"/readings": door}}, _loop=loop)  # type: ignore[arg-type]
    transport = Transport()
    protocol.connection_made(transport)  # type: ignore[arg-type]  # as far as it is used
    return protocol, transport


def receive(protocol: DoorProtocol, loop: Loop, data: bytes) -> None:
    protocol.data_received(data)
    loop.run_tasks()


def test_an_idle_connection_is_closed_some_time_after_its_last_answer() -> None:
    loop = Loop()
    protocol, transport = connected(loop)

    receive(protocol, loop, REQUEST)
    loop.reach(60)
    receive(protocol, loop, REQUEST)
    loop.reach(KEEP_ALIVE_S + 1)
    assert not transport.is_closed
    assert protocol.idle_since() == 60

    loop.reach(60 + KEEP_ALIVE_S - 0.5)
    assert not transport.is_closed
    loop.reach(60 + KEEP_ALIVE_S)
    assert transport.is_closed


def test_a_connection_with_half_a_request_is_not_idle() -> None:
    loop = Loop()
    protocol, transport = connected(loop)
    receive(protocol, loop, REQUEST)

    loop.reach(KEEP_ALIVE_S - 1)
    receive(protocol, loop, REQUEST[:-1])
    loop.reach(KEEP_ALIVE_S)
    assert not transport.is_closed
    assert protocol.idle_since() is None

    receive(protocol, loop, REQUEST[-1:])
    assert protocol.idle_since() == KEEP_ALIVE_S
    loop.reach(2 * KEEP_ALIVE_S)
    assert transport.is_closed


def test_many_requests_need_one_timer_and_a_closed_connection_none() -> None:
    loop = Loop()
    protocol, _ = connected(loop)

    for now in range(10):
        loop.reach(now)
        receive(protocol, loop, REQUEST)
    assert loop.waiting == 1

    protocol.connection_lost(None)
    assert loop.waiting == 0
