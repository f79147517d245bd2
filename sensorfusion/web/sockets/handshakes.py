"""Sockets whose clients are not known yet: how many there may be, and how long they may stay so.

A client is known when its application calls `admit`. Until then a socket costs memory and a descriptor for anybody, so
there are only so many of them for each network, and in all.
"""

import logging
from collections import Counter
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
TOO_MANY: Final = 4429

_log = LimitedLog(logging.getLogger(__name__))


class Handshakes:
    """An ASGI application around those of all sockets."""

    def __init__(self, application: Any) -> None:
        self.application = application
        self._waiting: Counter[str] = Counter()

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        client = scope.get("client")
        network = network_of(str(client[0])) if client else ""
        if self._waiting[network] >= MOST_OF_NETWORK or self._waiting.total() >= MOST:
            await receive()
            why = f"{self._waiting.total()} sockets have not shown a key or token yet. Try again later."
            await refuse(scope, send, why=why, code=TOO_MANY)
            return
        self._waiting[network] += 1
        is_waiting = True

        def admitted() -> None:
            nonlocal is_waiting
            if is_waiting:
                is_waiting = False
                self._waiting[network] -= 1
                if not self._waiting[network]:
                    del self._waiting[network]

        try:
            await self.application({**scope, _ADMITTED: admitted}, receive, send)
        finally:
            admitted()


def admit(scope: Any, *, most_bytes: int) -> None:
    """Tell the server that the client of a socket is known, and how large its messages may be."""
    if admitted := scope.get(_ADMITTED):
        admitted()
    if allow := scope.get("extensions", {}).get(ADMIT):
        allow(most_bytes)
