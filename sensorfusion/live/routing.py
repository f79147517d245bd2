"""Which sockets may come in by a cookie, and which only by a token.

A browser always says from which page a socket is opened, and no page can make it say otherwise; only such a socket is
believed its cookie, and only if the page is ours. Whoever says nothing is a program, and shows a token. A strange
Origin is refused in the handshake with HTTP 403.
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
