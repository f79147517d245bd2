"""Which sockets may authenticate by cookie, and which only by token.

A browser always sends the Origin of the page that opens a socket, and no page can change it; so a cookie is accepted
only with an Origin, and only our own (`web.origins`). A client without an Origin is a program and needs a token, and so
does a page of a site in CORS_ALLOWED_ORIGINS. Any other Origin is refused in the handshake with HTTP 403, and a log
line says why.
"""

from typing import Any

from channels.auth import AuthMiddlewareStack

from sensorfusion.live.consumers import LiveConsumer, Surroundings
from sensorfusion.web import origins
from sensorfusion.web.sockets.refused_sockets import refuse_origin


class LiveSocket:
    """The ASGI application of `/ws/live/`."""

    def __init__(self, around: Surroundings) -> None:
        self._by_token = LiveConsumer.as_asgi(around=around)
        self._from_pages = AuthMiddlewareStack(self._by_token)

    async def __call__(self, scope: dict[str, Any], receive: Any, send: Any) -> None:
        source = origins.of_scope(scope)
        if origins.is_ours(source):
            await self._from_pages(scope, receive, send)
        elif not source.origin or origins.is_allowed_elsewhere(source.origin):
            await self._by_token(scope, receive, send)
        else:
            await refuse_origin(source, scope, send)
