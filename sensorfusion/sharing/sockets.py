"""The sockets `/s/<token>/live/`, `/p/<address>/live/`: each sends what is shown, and accepts nothing."""

import asyncio
import logging
import time
from collections import Counter
from typing import Any, Final
from urllib.parse import parse_qs

from django.http.cookie import parse_cookie
from django.utils.translation import override

from sensorfusion.clock import Clock
from sensorfusion.domain.networks import network_of
from sensorfusion.events.control import Listener
from sensorfusion.events.messages import AccessChanged, Resumed, SensorChanged, ShareChanged, SiteShareChanged
from sensorfusion.events.tasks import Background, end
from sensorfusion.live.hub import DatabaseAway, Hub
from sensorfusion.live.protocol import CloseCode
from sensorfusion.live.reads import Readings
from sensorfusion.sharing.channels import Channel, Outlet
from sensorfusion.sharing.reader import Opened, PageReader, Reader
from sensorfusion.sharing.showing.languages import language_of_socket
from sensorfusion.web import origins
from sensorfusion.web.sockets.as_events import without_cookies
from sensorfusion.web.sockets.handshakes import admit
from sensorfusion.web.sockets.refused_sockets import refuse, refuse_origin
from sensorfusion.web.values.clock import CLOCKS, Habits, read_by
from sensorfusion.web.values.systems import normalised

# Anybody may open these sockets, so they have limits of their own beside those of operators.
MOST: Final = 2_000
MOST_OF_NETWORK: Final = 100
SENT_WITHIN_S: Final = 30.0
GONE: Final = 4404
_MOST_BYTES: Final = 1_024

_log = logging.getLogger(__name__)

Key = tuple[int, str, str, str]  # a share; the units, the clock and the language of its readers


class Shares:
    """The sockets of shares in this process, and the ASGI application that opens them."""

    reads: type[Reader] = Reader
    changes: type[ShareChanged | SiteShareChanged] = ShareChanged
    called = "link"  # in the log, with its number: the text of a link is a secret

    def __init__(self, *, hub: Hub, readings: Readings, listener: Listener, now: Clock) -> None:
        self._hub, self._readings, self._now = hub, readings, now
        self._reader = self.reads(now=now)
        self._channels: dict[Key, Channel] = {}
        self._of_network: Counter[str] = Counter()
        self._background = Background()
        listener.on(self.changes, lambda event: self._changed(event.share))
        listener.on(SensorChanged, lambda event: self._stir(sensor=event.sensor))
        listener.on(AccessChanged, lambda event: self._stir(operator=event.operator))
        listener.on(Resumed, lambda _: self._stir())

    async def __call__(self, scope: dict[str, Any], receive: Any, send: Any) -> None:
        await receive()  # websocket.connect
        source = origins.of_scope(scope)
        network = network_of(source.address)
        is_elsewhere = bool(source.origin) and not origins.is_ours(source)
        if is_elsewhere and not origins.is_allowed_elsewhere(source.origin):
            await refuse_origin(source, scope, send)
        elif self._of_network[network] >= MOST_OF_NETWORK or self._of_network.total() >= MOST:
            await refuse(scope, send, why="too many pages of shared links are open.", code=CloseCode.TRY_AGAIN_LATER)
        else:
            self._of_network[network] += 1
            try:
                await self._open(without_cookies(scope) if is_elsewhere else scope, receive, send)
            finally:
                self._of_network[network] -= 1
                if not self._of_network[network]:
                    del self._of_network[network]

    async def stop(self) -> None:
        """Close every socket with a code that makes pages reconnect."""
        for channel in list(self._channels.values()):
            channel.close(CloseCode.RESTART)
        await self._background.end()
        await self._reader.close()

    async def _open(self, scope: dict[str, Any], receive: Any, send: Any) -> None:
        token = scope["url_route"]["kwargs"]["token"]
        headers = {name: value.decode("latin-1") for name, value in scope["headers"]}
        try:
            about = await self._reader.opened(token, parse_cookie(headers.get(b"cookie", "")))
        except DatabaseAway:
            await refuse(scope, send, why="the database does not answer.", code=CloseCode.TRY_AGAIN_LATER)
            return
        if about is None:
            await refuse(scope, send, why="the link shows nothing.", code=GONE)
            return
        await send({"type": "websocket.accept"})
        admit(scope, most_bytes=_MOST_BYTES)
        query = scope.get("query_string", b"").decode("latin-1")
        system, habits = _reader(query)
        language = language_of_socket(query, headers)
        with read_by(lambda: habits), override(language):
            await self._serve((about.share, system, habits.clock, language), about, token, receive, send)

    async def _serve(self, key: Key, about: Opened, token: str, receive: Any, send: Any) -> None:
        channel, outlet = self._channel(key, about, token), Outlet()
        channel.outlets.add(outlet)
        if channel.message or channel.closing:
            outlet.changed.set()
        listening = asyncio.create_task(_listen(receive))
        tasks = [listening, asyncio.create_task(_send(channel, outlet, send))]
        opened = time.monotonic()
        _log.info("A live socket of %s %d is open.", self.called, about.share, extra={self.called: about.share})
        try:
            await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        finally:
            code = listening.result() if _has_ended(listening) else int(channel.closing or CloseCode.TOO_SLOW)
            self._say_goodbye(about.share, code, open_s=round(time.monotonic() - opened, 1), frames=outlet.frames)
            channel.outlets.discard(outlet)
            if not channel.outlets:
                self._drop(channel, key)
            await end(tasks)

    def _say_goodbye(self, share: int, code: int, *, open_s: float, frames: int) -> None:
        about = {self.called: share, "close_code": code, "open_s": open_s, "frames": frames}
        text = "A live socket of %s %d has ended with %d after %s s and %d frames."
        _log.info(text, self.called, share, code, open_s, frames, extra=about)

    def _channel(self, key: Key, about: Opened, token: str) -> Channel:
        if key not in self._channels:
            channel = Channel(about, token=token, system=key[1], reads=self._reader, now=self._now)
            self._channels[key] = channel
            self._background.start(self._run(channel, key), "share")  # a task keeps the reader that it began with
        return self._channels[key]

    async def _run(self, channel: Channel, key: Key) -> None:
        try:
            await channel.run(hub=self._hub, readings=self._readings)
        finally:
            channel.close(CloseCode.RESTART)  # if it failed; a link that ended has its code already
            if self._channels.get(key) is channel:
                del self._channels[key]

    def _drop(self, channel: Channel, key: Key) -> None:
        if self._channels.get(key) is channel:
            del self._channels[key]
        channel.close(CloseCode.RESTART)

    def _changed(self, share: int) -> None:
        self._stir(share=share)

    def _stir(self, *, share: int | None = None, sensor: int | None = None, operator: int | None = None) -> None:
        """Check the channels again that a change is about; without any, all."""
        for channel in self._channels.values():
            about = channel.about
            named = ((share, {about.share}), (sensor, about.sensors), (operator, {about.operator}))
            if all(given is None or given in own for given, own in named):
                channel.stir()


class SitePages(Shares):
    """The sockets of the pages of sites, `/p/<address>/live/`.

    A change may give a page other sensors, another maker or a password: its sockets then have to open again.
    """

    reads = PageReader
    changes = SiteShareChanged
    called = "page"

    def _changed(self, share: int) -> None:
        for channel in list(self._channels.values()):
            if channel.about.share == share:
                channel.check()


def _reader(query: str) -> tuple[str, Habits]:
    """Return the units and the habits that a page names in its socket's address."""
    asked = {name: values[0] for name, values in parse_qs(query).items()}
    clock = asked.get("clock", "")
    return normalised(asked.get("units", "")) or "metric", Habits(clock if clock in CLOCKS else "24")


async def _listen(receive: Any) -> int:
    """Wait until the client has ended, and return its close code."""
    while (message := await receive())["type"] != "websocket.disconnect":
        pass
    return int(message.get("code") or 0)


def _has_ended(listening: "asyncio.Task[int]") -> bool:
    return listening.done() and not listening.cancelled() and listening.exception() is None


async def _send(channel: Channel, outlet: Outlet, send: Any) -> None:
    """Send the newest message whenever it changed; return once the channel has ended, or the client does not read."""
    while True:
        await outlet.changed.wait()
        outlet.changed.clear()
        is_over = channel.closing is not None
        message: dict[str, Any] = {"type": "websocket.send", "text": channel.message}
        if is_over:
            message = {"type": "websocket.close", "code": int(channel.closing or 0)}
        try:
            async with asyncio.timeout(SENT_WITHIN_S):
                await send(message)
            outlet.frames += not is_over
        except TimeoutError:
            return
        if is_over:
            return
