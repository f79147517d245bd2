"""Backpressure of one socket: send at once while the client keeps up, and stay small when it does not.

Almost every message goes straight into the transport: the coroutine `send` is stepped once and finishes in that step.
Only when the transport is full does it suspend; a task then completes it, and later messages wait in a queue. A queue
above its limits is conflated to the newest reading of each sensor, and a gap message names the range of changes that
were dropped. So a client that stays behind costs one reading per followed sensor until it reads again or is
disconnected.
"""

import asyncio
import logging
import types
from collections import deque
from collections.abc import Awaitable, Callable, Collection, Coroutine, Generator
from dataclasses import dataclass
from functools import partial
from typing import Any, Final, cast

from sensorfusion.events import tasks
from sensorfusion.events.messages import StoredReading
from sensorfusion.live import protocol
from sensorfusion.live.counts import Counts
from sensorfusion.live.protocol import CloseCode, Frame

Send = Callable[[dict[str, Any]], Coroutine[Any, Any, None]]
Write = Callable[[bytes], bool]
Line = Callable[[bytes], None]
Watch = Callable[[Callable[[Line | None], None]], None]

_log = logging.getLogger(__name__)

# The ASGI extension by which a server accepts prebuilt frames (server/uvicorn/websocket.py).
EXTENSION: Final = "sensorfusion.frame"
# By which it tells, now and at each change, how octets are written while the socket is open and has room; else None.
LINE: Final = "sensorfusion.line"


@dataclass(frozen=True, slots=True)
class Limits:
    """How far a socket may fall behind."""

    frames: int = 1_000  # at 50 frames/s, the most the hub makes, this is 20 s
    octets: int = 1024 * 1024
    notices: int = 1_000  # messages that cannot be conflated; a client with so many waiting does not read
    blocked_s: float = 30.0
    goodbye_s: float = 5.0  # the close message may find the transport full, too


LIMITS: Final = Limits()


class SocketGone(Exception):
    """The socket is closed or closing, so nothing more can be sent."""


@dataclass(slots=True)
class _Waiting:
    frame: Frame
    sent: "asyncio.Future[None] | None" = None
    is_notice: bool = False

    @property
    def may_be_thinned(self) -> bool:
        return self.sent is None and bool(self.frame.readings)


# The queue of an idle mailbox: an empty deque takes 760 bytes. Appending to it raises.
_NO_QUEUE: Final = cast("deque[_Waiting]", ())


class Mailbox:
    """Queues frames for one socket.

    Only `send` and `stop` wait; a mailbox has one task at most, and none while the client keeps up. `write` puts
    prebuilt octets into the transport and returns False if it could not; without it everything goes through `send`.
    `straight` is how the hub writes to an idle socket without asking anything; whatever makes the socket not idle, here
    or in the server, takes it away. It is None when `deliver` has to be called.
    `on_stuck` is called when not even the close message could be sent.
    """

    __slots__ = (
        "_closing", "_counts", "_gaps", "_idle", "_limits", "_line", "_newest", "_notices", "_octets", "_on_stuck",
        "_queue", "_send", "_task", "_thinnable", "_uuid_of", "_write", "frames", "straight",
    )  # fmt: skip

    def __init__(
        self,
        send: Send,
        *,
        uuid_of: Callable[[int], str],
        on_stuck: Callable[[], None],
        counts: Counts,
        write: Write | None = None,
        watch: Watch | None = None,
        limits: Limits = LIMITS,
    ) -> None:
        self._send = send
        self._write = write
        self._uuid_of = uuid_of
        self._on_stuck = on_stuck
        self._counts = counts
        self._limits = limits
        self.frames = 0  # that were given to it
        self._idle = True  # open with an empty queue
        self._line: Line | None = None
        self.straight: Line | None = None
        self._closing: CloseCode | None = None
        self._task: asyncio.Task[None] | None = None
        self._queue = _NO_QUEUE
        self._octets = 0
        self._thinnable = 0
        self._notices = 0
        self._newest: dict[int, StoredReading] = {}
        self._gaps: dict[int, tuple[int, int]] = {}
        if watch is not None:
            watch(self._on_line)

    def deliver(self, frame: Frame) -> None:
        """Send at once if the transport accepts it, else queue it; never waits and never raises."""
        self.frames += 1
        if not self._idle:
            self._wait_in_line(frame)
        elif self._write is None or not self._write(frame.octets):
            self._begin(frame)

    def leave_out(self, sensor: int, *, after: int, until: int) -> None:
        """Queue a gap message for changes that will not be sent, in their place in the queue."""
        if self._idle or not self._is_thinning:
            self.deliver(protocol.gap(self._uuid_of(sensor), after=after, until=until))
            return
        newest = self._newest.pop(sensor, None)
        begins, _ = self._gaps.get(sensor, (newest.seq - 1 if newest else after, 0))
        self._gaps[sensor] = begins, until

    async def send(self, frame: Frame) -> None:
        """Send after everything that is queued, at the speed of the client.

        :raises SocketGone: if the socket ends before.
        """
        if self._closing is not None:
            raise SocketGone
        if self._idle:
            self.deliver(frame)
            return
        sent = asyncio.get_running_loop().create_future()
        self._queue.append(_Waiting(frame, sent))
        await sent

    def forget(self, sensors: Collection[int]) -> None:
        """Remove every queued reading of these sensors."""
        if self._idle:
            return
        for sensor in sensors:
            self._newest.pop(sensor, None)
            self._gaps.pop(sensor, None)
        waiting, self._queue = self._queue, deque()
        self._octets = self._thinnable = 0
        for each in waiting:
            if not each.may_be_thinned or all(reading.sensor not in sensors for reading in each.frame.readings):
                self._append(each)
            elif kept := [reading for reading in each.frame.readings if reading.sensor not in sensors]:
                self._append(_Waiting(protocol.readings(kept)))

    def end(self, code: CloseCode, *, after_queue: bool = False) -> None:
        """Close the socket, at once or after the queue was sent. The first code given is the one that is sent."""
        if self._closing is not None:
            return
        self._closing = code
        if not after_queue:
            self._drop_queue()
        if self._task is None:
            self._set_idle(False)
            self._task = asyncio.create_task(self._run(None), name="live goodbye")

    async def stop(self) -> None:
        """Stop sending and end the task; for when the connection is closed."""
        self._set_idle(False)
        self._closing = self._closing or CloseCode.RESTART
        self._drop_queue()
        if self._task is not None:
            await tasks.end([self._task])

    async def finished(self) -> None:
        """Wait until nothing is being sent."""
        if self._task is not None:
            await asyncio.wait([self._task])

    @property
    def closing(self) -> CloseCode | None:
        """The code with which the socket was closed from here, if it was."""
        return self._closing

    def _on_line(self, line: Line | None) -> None:
        self._line = line
        self._set_idle(self._idle)

    def _set_idle(self, idle: bool) -> None:
        if idle:
            self._queue = _NO_QUEUE
        elif self._idle:
            self._queue = deque()
        self._idle = idle
        self.straight = self._line if idle else None

    @property
    def _is_thinning(self) -> bool:
        return bool(self._newest or self._gaps)

    def _begin(self, frame: Frame) -> None:
        sending = self._send(frame.event)
        try:
            blocked_on = sending.send(None)
        except StopIteration:
            return
        except Exception as error:  # raised by the server; whatever it is, the socket is unusable
            self._lost(error)
            return
        self._set_idle(False)
        self._task = asyncio.create_task(self._run(_seen_through(sending, blocked_on)), name="live sending")

    def _wait_in_line(self, frame: Frame) -> None:
        if self._closing is not None:
            return
        if not frame.readings:
            self._notices += 1
            self._queue.append(_Waiting(frame, is_notice=True))
            if self._notices > self._limits.notices:
                self._too_slow()
        elif self._is_thinning:
            self._thin_out(frame)
        else:
            self._append(_Waiting(frame))
            if self._thinnable > self._limits.frames or self._octets > self._limits.octets:
                self._thin_out_queue()

    def _append(self, waiting: _Waiting) -> None:
        self._queue.append(waiting)
        if waiting.may_be_thinned:
            self._thinnable += 1
            self._octets += len(waiting.frame.octets)

    def _thin_out_queue(self) -> None:
        waiting, self._queue = self._queue, deque()
        self._octets = self._thinnable = 0
        for each in waiting:
            if each.may_be_thinned:
                self._thin_out(each.frame)
            else:
                self._queue.append(each)

    def _thin_out(self, frame: Frame) -> None:
        for reading in frame.readings:
            left_out = self._newest.get(reading.sensor)
            if left_out is not None:
                after, _ = self._gaps.get(reading.sensor, (left_out.seq - 1, 0))
                self._gaps[reading.sensor] = after, reading.seq - 1
                self._counts.conflated += 1
            self._newest[reading.sensor] = reading

    async def _run(self, sending: Awaitable[None] | None) -> None:
        """Complete the blocked message, then send the queue, then the close message if there is one."""
        try:
            if sending is not None:
                async with asyncio.timeout(self._limits.blocked_s):
                    await sending
            await self._send_queue()
        except TimeoutError:
            self._too_slow()
        except Exception as error:  # raised by the server, as above
            self._lost(error)
            return
        if self._closing is not None:
            await self._say_goodbye(self._closing)
            return
        self._task = None
        self._set_idle(True)

    async def _send_queue(self) -> None:
        while self._queue or self._is_thinning:
            if not self._queue:
                self._queue_the_newest()
            waiting = self._queue.popleft()
            if waiting.may_be_thinned:
                self._thinnable -= 1
                self._octets -= len(waiting.frame.octets)
            self._notices -= waiting.is_notice
            if self._write is None or not self._write(waiting.frame.octets):
                async with asyncio.timeout(self._limits.blocked_s):
                    await self._send(waiting.frame.event)
            if waiting.sent is not None and not waiting.sent.done():
                waiting.sent.set_result(None)

    def _queue_the_newest(self) -> None:
        gaps, newest = self._gaps, list(self._newest.values())
        self._gaps, self._newest = {}, {}
        self._counts.gaps += len(gaps)
        for sensor, (after, until) in gaps.items():
            self._queue.append(_Waiting(protocol.gap(self._uuid_of(sensor), after=after, until=until)))
        for frame in protocol.in_frames(newest):
            self._append(_Waiting(frame))

    def _too_slow(self) -> None:
        if self._closing is None:
            self._counts.too_slow += 1
            self.end(CloseCode.TOO_SLOW)

    async def _say_goodbye(self, code: CloseCode) -> None:
        try:
            async with asyncio.timeout(self._limits.goodbye_s):
                await self._send({"type": "websocket.close", "code": int(code)})
        except TimeoutError:
            self._on_stuck()
        except Exception as error:  # raised by the server, as above
            self._lost(error)

    def _lost(self, error: Exception) -> None:
        """Stop without a message: the server tells the consumer that its client has disconnected."""
        if not isinstance(error, OSError):
            _log.warning("A live socket failed: %r", error)
        self._set_idle(False)
        self._closing = self._closing or CloseCode.RESTART
        self._drop_queue()

    def _drop_queue(self) -> None:
        for waiting in self._queue:
            if waiting.sent is not None and not waiting.sent.done():
                waiting.sent.set_exception(SocketGone())
        if self._queue:
            self._queue.clear()
        self._newest.clear()
        self._gaps.clear()
        self._octets = self._thinnable = self._notices = 0


@types.coroutine
def _seen_through(sending: Coroutine[Any, Any, None], blocked_on: Any) -> Generator[Any, Any, None]:
    """Continue a coroutine that was stepped once outside of a task, as if the task had made that step."""
    while True:
        try:
            yield blocked_on
        except BaseException as error:
            step = partial(sending.throw, error)
        else:
            step = partial(sending.send, None)
        try:
            blocked_on = step()
        except StopIteration:
            return
