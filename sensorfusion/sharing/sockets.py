"""The socket `/s/<token>/live/`: sends what a link shows whenever it changes, and accepts nothing."""

import asyncio
from collections import Counter
from typing import Any, Final
from urllib.parse import parse_qs

from django.http.cookie import parse_cookie

from sensorfusion.clock import Clock
from sensorfusion.domain.networks import network_of
from sensorfusion.events.control import Listener
from sensorfusion.events.messages import AccessChanged, Resumed, SensorChanged, ShareChanged
from sensorfusion.events.tasks import Background, end
from sensorfusion.live.hub import DatabaseAway, Hub
from sensorfusion.live.protocol import CloseCode
from sensorfusion.live.reads import Readings
from sensorfusion.sharing.channels import Channel, Outlet
from sensorfusion.sharing.reader import Opened, Reader
from sensorfusion.web import origins
from sensorfusion.web.context import UNITS
from sensorfusion.web.sockets.handshakes import admit
from sensorfusion.web.sockets.refused_sockets import refuse, refuse_origin

# Anybody may open these sockets, so they have limits of their own beside those of operators.
MOST: Final = 2_000
MOST_OF_NETWORK: Final = 100
SENT_WITHIN_S: Final = 30.0
GONE: Final = 4404
_MOST_BYTES: Final = 1_024


class Shares:
    """The sockets of shares in this process, and the ASGI application that opens them."""

    def __init__(self, *, hub: Hub, readings: Readings, listener: Listener, now: Clock) -> None:
        self._hub, self._readings, self._now = hub, readings, now
        self._reader = Reader(now=now)
        self._channels: dict[tuple[int, str], Channel] = {}
        self._of_network: Counter[str] = Counter()
        self._background = Background()
        listener.on(ShareChanged, lambda event: self._stir(share=event.share))
        listener.on(SensorChanged, lambda event: self._stir(sensor=event.sensor))
        listener.on(AccessChanged, lambda event: self._stir(operator=event.operator))
        listener.on(Resumed, lambda _: self._stir())

    async def __call__(self, scope: dict[str, Any], receive: Any, send: Any) -> None:
        await receive()  # websocket.connect
        source = origins.of_scope(scope)
        network = network_of(source.address)
        if source.origin and not origins.is_ours(source):
            await refuse_origin(source, scope, send)
        elif self._of_network[network] >= MOST_OF_NETWORK or self._of_network.total() >= MOST:
            await refuse(scope, send, why="too many pages of shared links are open.", code=CloseCode.TRY_AGAIN_LATER)
        else:
            self._of_network[network] += 1
            try:
                await self._open(scope, receive, send)
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
        units = parse_qs(scope.get("query_string", b"").decode("latin-1")).get("units", [""])[0]
        await self._serve(about, token, units if units in UNITS else UNITS[0], receive, send)

    async def _serve(self, about: Opened, token: str, system: str, receive: Any, send: Any) -> None:
        channel, outlet = self._channel(about, token, system), Outlet()
        channel.outlets.add(outlet)
        if channel.message or channel.closing:
            outlet.changed.set()
        tasks = [asyncio.create_task(_listen(receive)), asyncio.create_task(_send(channel, outlet, send))]
        try:
            await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        finally:
            channel.outlets.discard(outlet)
            if not channel.outlets:
                self._drop(channel, system)
            await end(tasks)

    def _channel(self, about: Opened, token: str, system: str) -> Channel:
        key = (about.share, system)
        if key not in self._channels:
            channel = Channel(about, token=token, system=system, reads=self._reader, now=self._now)
            self._channels[key] = channel
            self._background.start(self._run(channel, key), "share")
        return self._channels[key]

    async def _run(self, channel: Channel, key: tuple[int, str]) -> None:
        try:
            await channel.run(hub=self._hub, readings=self._readings)
        finally:
            channel.close(CloseCode.RESTART)  # if it failed; a link that ended has its code already
            if self._channels.get(key) is channel:
                del self._channels[key]

    def _drop(self, channel: Channel, system: str) -> None:
        if self._channels.get((channel.about.share, system)) is channel:
            del self._channels[channel.about.share, system]
        channel.close(CloseCode.RESTART)

    def _stir(self, *, share: int | None = None, sensor: int | None = None, operator: int | None = None) -> None:
        """Check the channels again that a change is about; without any, all."""
        for channel in self._channels.values():
            about = channel.about
            named = ((share, about.share), (sensor, about.sensor), (operator, about.operator))
            if all(given is None or given == own for given, own in named):
                channel.stir()


async def _listen(receive: Any) -> None:
    while (await receive())["type"] != "websocket.disconnect":
        pass


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
        except TimeoutError:
            return
        if is_over:
            return
