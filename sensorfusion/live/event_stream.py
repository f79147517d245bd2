"""`GET /api/v1/stream`: the live stream as server-sent events, where WebSockets are blocked or a program has none.

The request is a socket to the rest of the package: it becomes a WebSocket's scope and events, so that rights, mailbox,
snapshot and resuming are those of `/ws/live/`. Each event names in its `id` how far the stream has come
(`live.positions`), and `Last-Event-ID` goes on from there.
"""

import json
from collections.abc import Iterator, Mapping
from typing import Any, Final, NamedTuple
from urllib.parse import parse_qsl

from channels.auth import AuthMiddlewareStack

from sensorfusion.accounts.tries.unknown_credentials import RETRY_AFTER_S
from sensorfusion.domain.refusals import Refusal
from sensorfusion.live import positions
from sensorfusion.live.consumers import LiveConsumer, Surroundings
from sensorfusion.live.event_stream_description import DESCRIPTION
from sensorfusion.live.positions import Message, Positions
from sensorfusion.live.protocol import CloseCode
from sensorfusion.web.description import ByMethod
from sensorfusion.web.sockets.as_events import Conversation, answer, header, is_our_page

# Below `protocol.MAX_MESSAGE_BYTES` with the longest seq for each.
SENSORS_IN_A_REQUEST: Final = 500
# The values of each parameter beside `sensor`; the first is the default.
_CHOICES: Final[Mapping[str, tuple[str, ...]]] = {
    "alerts": ("false", "true", "only"),
    "refusals": ("false", "true"),
    "ids": ("true", "false"),
}
# Errors that end a request before its stream begins: status, and seconds after which to try again.
_REFUSED: Final[Mapping[str, tuple[int, int]]] = {
    "not_signed_in": (401, 0),
    "unknown_sensor": (404, 0),
    "too_many_sensors": (400, 0),
    "too_fast": (429, RETRY_AFTER_S),
    "database_away": (503, 5),
}
_CLOSED: Final[Mapping[int, str]] = {CloseCode.NOT_SIGNED_IN: "not_signed_in", CloseCode.RIGHTS_GONE: "not_signed_in"}


class EventStream:
    """The ASGI application of `/api/v1/stream`."""

    methods = ("GET",)

    def __init__(self, around: Surroundings) -> None:
        self._by_token = LiveConsumer.as_asgi(around=around)
        self._by_cookie = AuthMiddlewareStack(self._by_token)

    def described(self, path: str) -> ByMethod:
        """Describe the request, for the API's description."""
        return {"GET": DESCRIPTION}

    async def __call__(self, scope: dict[str, Any], receive: Any, send: Any) -> None:
        if scope["method"] not in self.methods:
            await answer(send, 405, "method_not_allowed", "The stream is asked for with GET.", (b"allow", b"GET"))
            return
        try:
            conversation = _Stream(scope, receive, send)
        except Refusal as refused:
            await answer(send, refused.status, refused.code, refused.detail)
            return
        await conversation.hold(self._by_cookie if is_our_page(scope) else self._by_token)


class _Asked(NamedTuple):
    """What the address asks for."""

    sensors: list[str]
    alerts: str
    refusals: bool
    ids: bool


class _Stream(Conversation):
    """One request: each message of the socket as an event, whose id says how far the stream has come."""

    def __init__(self, scope: dict[str, Any], receive: Any, send: Any) -> None:
        """:raises Refusal: for an unknown parameter, or a `Last-Event-ID` that is none."""
        asked = _asked(scope["query_string"])
        after = positions.parse(header(scope, b"last-event-id"), asked.sensors)
        super().__init__(scope, receive, send, said=map(json.dumps, _actions(asked, after)))
        self._positions = Positions(after, asked.sensors)
        self._has_ids = asked.ids

    async def tell(self, text: str) -> None:
        message = positions.read(text)
        if self.has_begun or not await self._is_refused(message):
            self._positions.move(message)
            await self.write(f"id: {self._positions}\ndata: {text}\n\n" if self._has_ids else f"data: {text}\n\n")

    async def refuse(self, code: int) -> None:
        await self._refuse(_CLOSED.get(code, "database_away"), "The stream cannot begin now. Try again later.")

    async def _is_refused(self, message: Message) -> bool:
        """Answer with an error if the first message is one, or if there are too many sensors to resume later."""
        if message.more:
            await self._refuse("too_many_sensors", f"Name {positions.MOST_SENSORS} sensors at most, or use the socket.")
        elif message.type == "error" and message.code in _REFUSED:
            await self._refuse(message.code, message.detail)
        return self._has_ended

    async def _refuse(self, code: str, detail: str) -> None:
        status, retry_after_s = _REFUSED[code]
        more = [(b"retry-after", b"%d" % retry_after_s)] if retry_after_s else []
        more += [(b"www-authenticate", b"Bearer")] if status == 401 else []
        await self.answer(status, code, detail, *more)


def _actions(asked: _Asked, after: positions.Places) -> Iterator[dict[str, Any]]:
    """Yield the requests of a socket that follow these sensors, or all, and alerts."""
    if not asked.sensors and asked.alerts != "only":
        yield {"action": "request.data", "after": after.sensors}
    for start in range(0, len(asked.sensors), SENSORS_IN_A_REQUEST):
        part = asked.sensors[start : start + SENSORS_IN_A_REQUEST]
        known = {each: after.sensors[each] for each in part if each in after.sensors}
        yield {"action": "subscribe", "sensors": part, "after": known, "refusals": asked.refusals}
    if asked.alerts != "false":
        yield {"action": "alerts", "after": after.sites}


def _asked(query: bytes) -> _Asked:
    """Read the parameters: `sensor`, which may be repeated, and the choices, whose last value counts.

    :raises Refusal: for another parameter or value, or more sensors than can be resumed.
    """
    given = parse_qsl(query.decode("latin-1"), keep_blank_values=True)
    for name, value in given:
        if name != "sensor" and value not in _CHOICES.get(name, ()):
            known = ", ".join(f"{each}={'|'.join(values)}" for each, values in _CHOICES.items())
            raise Refusal("unknown_parameter", f"There is no {name[:64]!r} like that; the stream has sensor, {known}.")
    sensors = list(dict.fromkeys(value.lower() for name, value in given if name == "sensor"))
    if len(sensors) > positions.MOST_SENSORS:
        raise Refusal("too_many_sensors", f"Name {positions.MOST_SENSORS} sensors at most, or use the socket.")
    chosen = {name: values[0] for name, values in _CHOICES.items()} | dict(given)
    if chosen["alerts"] == "only" and sensors:
        raise Refusal("unknown_parameter", "Either sensors, or alerts=only.")
    if chosen["refusals"] == "true" and not sensors:
        raise Refusal("unknown_parameter", "With refusals=true, name the sensors.")
    return _Asked(sensors, chosen["alerts"], chosen["refusals"] == "true", chosen["ids"] == "true")
