"""`/s/<token>/events/`, `/p/<address>/events/`: the sockets of links as server-sent events, where those are blocked."""

from collections.abc import Mapping
from typing import Any, Final

from sensorfusion.live.protocol import CloseCode
from sensorfusion.sharing.sockets import GONE, Shares
from sensorfusion.web.sockets.as_events import Conversation, answer, is_our_page, without_cookies
from sensorfusion.web.sockets.refused_sockets import BAD_ORIGIN

# Close codes before the first message: status, code and sentence.
_REFUSED: Final[Mapping[int, tuple[int, str, str]]] = {
    GONE: (404, "not_found", "The link shows nothing."),
    CloseCode.RIGHTS_GONE: (404, "not_found", "The link shows nothing any more."),
    BAD_ORIGIN: (403, "origin_not_allowed", "Pages of that origin may not follow this link."),
}
_AWAY: Final = (503, "database_away", "The stream cannot begin now. Try again later.")


class ShareEvents:
    """The ASGI application of both."""

    def __init__(self, shares: Shares) -> None:
        self._shares = shares

    async def __call__(self, scope: dict[str, Any], receive: Any, send: Any) -> None:
        if scope["method"] != "GET":
            await answer(send, 405, "method_not_allowed", "The stream is asked for with GET.", (b"allow", b"GET"))
            return
        cookies = scope if is_our_page(scope) else without_cookies(scope)
        await _Stream(cookies, receive, send).hold(self._shares)


class _Stream(Conversation):
    async def refuse(self, code: int) -> None:
        status, name, detail = _REFUSED.get(code, _AWAY)
        await self.answer(status, name, detail, *([(b"retry-after", b"5")] if status == 503 else []))
