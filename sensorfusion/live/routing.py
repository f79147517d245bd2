"""Which sockets may authenticate by cookie, and which only by token.

A browser always sends the Origin of the page that opens a socket, and no page can change it; so a cookie is accepted
only with an Origin, and only our own. A client without an Origin is a program and needs a token. A foreign Origin is
refused in the handshake with HTTP 403.
"""

from typing import Any

from channels.auth import AuthMiddlewareStack
from channels.security.websocket import AllowedHostsOriginValidator

from sensorfusion.live.consumers import LiveConsumer, Surroundings


class LiveSocket:
    """The ASGI application of `/ws/live/`."""

    def __init__(self, around: Surroundings) -> None:
        self._by_token = LiveConsumer.as_asgi(around=around)
        self._from_pages = AllowedHostsOriginValidator(AuthMiddlewareStack(self._by_token))

    async def __call__(self, scope: dict[str, Any], receive: Any, send: Any) -> None:
        has_origin = any(name == b"origin" for name, _ in scope["headers"])
        await (self._from_pages if has_origin else self._by_token)(scope, receive, send)
