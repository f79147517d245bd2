"""Sockets whose clients are not known yet: how many there may be, and how long they may stay so.

A client is known when its application calls `admit`. Until then a socket costs memory and a descriptor for anybody, so
there are only so many of them for each network, and in all. Further sockets of a network wait in line: after a restart
all viewers behind one proxy come back at once, and each is known within milliseconds.
"""

import asyncio
import logging
from collections import Counter, defaultdict, deque
from typing import Any, Final

from sensorfusion.domain.networks import network_of
from sensorfusion.web.logs.limited_log import LimitedLog
from sensorfusion.web.sockets.refused_sockets import refuse

# Key of `admit(most_bytes)` in a scope's extensions, where the server offers it: larger messages are accepted after it.
ADMIT: Final = "sensorfusion.admit"
_ADMITTED: Final = "sensorfusion.admitted"
# The largest message before; one with a key or a token has some hundred bytes.
MOST_BYTES_BEFORE: Final = 16_384
WITHIN_S: Final = 10.0
MOST: Final = 1_000
MOST_OF_NETWORK: Final = 200  # behind one address may be a house, or a proxy that does not name its clients
MOST_IN_LINE: Final = 5_000  # of all networks
TOO_MANY: Final = 4429

_log = LimitedLog(logging.getLogger(__name__))


class Handshakes:
    """An ASGI application around those of all sockets."""

    def __init__(self, application: Any) -> None:
        self.application = application
        self._places = _Places()

    @property
    def is_empty(self) -> bool:
        """Whether all clients are known."""
        return self._places.is_empty

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        client = scope.get("client")
        network = network_of(str(client[0])) if client else ""
        if not await self._places.take(network):
            await receive()
            why = f"{self._places.taken} sockets have not shown a key or token yet. Try again later."
            await refuse(scope, send, why=why, code=TOO_MANY)
            return
        has_place = True

        def admitted() -> None:
            nonlocal has_place
            if has_place:
                has_place = False
                self._places.give_back(network)

        try:
            await self.application({**scope, _ADMITTED: admitted}, receive, send)
        finally:
            admitted()


class _Places:
    """The places of sockets whose clients are not known, and the lines of those that wait for one."""

    def __init__(self) -> None:
        self._taken: Counter[str] = Counter()
        self._lines: defaultdict[str, deque[asyncio.Future[None]]] = defaultdict(deque)
        self._in_line = 0

    @property
    def taken(self) -> int:
        return self._taken.total()

    @property
    def is_empty(self) -> bool:
        return not self._taken and not self._lines and not self._in_line

    async def take(self, network: str) -> bool:
        """Take a place, after waiting in line if need be; return whether there was one in time."""
        if self._taken[network] < MOST_OF_NETWORK and self.taken < MOST:
            self._taken[network] += 1
            return True
        if not self._taken[network] or self._in_line >= MOST_IN_LINE:  # nothing of this network would make room
            return False
        return await self._in_turn(network)

    async def _in_turn(self, network: str) -> bool:
        turn = asyncio.get_running_loop().create_future()
        self._lines[network].append(turn)
        self._in_line += 1
        try:
            async with asyncio.timeout(WITHIN_S):
                await turn
        except BaseException as ended:
            if turn.done() and not turn.cancelled():  # its turn came in the same moment
                self.give_back(network)
            if isinstance(ended, TimeoutError):
                return False
            raise
        finally:
            self._in_line -= 1
        return True

    def give_back(self, network: str) -> None:
        """Hand a place on to the next in line."""
        line = self._lines.get(network)
        while line:
            turn = line.popleft()
            if not turn.done():
                turn.set_result(None)
                return
        self._lines.pop(network, None)
        self._taken[network] -= 1
        if not self._taken[network]:
            del self._taken[network]


def admit(scope: Any, *, most_bytes: int) -> None:
    """Tell the server that the client of a socket is known, and how large its messages may be."""
    if admitted := scope.get(_ADMITTED):
        admitted()
    if allow := scope.get("extensions", {}).get(ADMIT):
        allow(most_bytes)
