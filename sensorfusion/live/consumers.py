"""The consumer of `/ws/live/`: authenticates the client and handles its requests.

It follows Channels' documentation with two exceptions, both to keep a socket cheap
(docs/decisions/0003-live-stream.md): it has no channel of its own to wait for beside the socket, since the hub delivers
straight into its mailbox; and messages are not handled in Django's thread, since the database is queried by the event
loop's pool.
"""

import asyncio
import logging
import time
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

from channels.consumer import get_handler_name
from channels.exceptions import StopConsumer
from channels.generic.websocket import AsyncJsonWebsocketConsumer

from sensorfusion.accounts.models import Operator
from sensorfusion.accounts.tries.tokens import too_many_unknown
from sensorfusion.accounts.tries.unknown_credentials import Excess, UnknownCredentials
from sensorfusion.clock import Clock
from sensorfusion.domain.refusals import Refusal
from sensorfusion.events.messages import AccessChanged
from sensorfusion.live import protocol
from sensorfusion.live.alert_feed import AlertFeed
from sensorfusion.live.hub import DatabaseAway, Hub
from sensorfusion.live.liveness import LivenessMonitor
from sensorfusion.live.mailbox import EXTENSION, LIMITS, LINE, Limits, Mailbox, SocketGone
from sensorfusion.live.protocol import BadMessage, CloseCode
from sensorfusion.live.reads import Readings
from sensorfusion.live.revocation import Access, reached
from sensorfusion.live.rights import Credential, Rights, SignedIn
from sensorfusion.live.viewer import Viewer
from sensorfusion.web.sockets.handshakes import admit

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Surroundings:
    """The objects that all consumers of one process share."""

    hub: Hub
    readings: Readings
    rights: Rights
    access: Access
    liveness_monitor: LivenessMonitor
    alerts: AlertFeed
    now: Clock
    unknown: UnknownCredentials = field(default_factory=UnknownCredentials)
    limits: Limits = LIMITS
    sign_in_within_s: float = protocol.SIGN_IN_WITHIN_S


class LiveConsumer(AsyncJsonWebsocketConsumer):  # type: ignore[misc]  # Channels is untyped
    """One socket."""

    def __init__(self, around: Surroundings) -> None:
        super().__init__()
        self._around = around
        self._viewer: Viewer | None = None
        self._deadline: asyncio.TimerHandle | None = None
        self._is_abandoned = False
        self._who = ""
        self._close_code = 0  # of the client

    async def __call__(self, scope: dict[str, Any], receive: Any, send: Any) -> None:
        self.scope, self.base_send = scope, send
        self._task = asyncio.current_task()
        self._mailbox = Mailbox(
            send,
            write=scope.get("extensions", {}).get(EXTENSION),
            watch=scope.get("extensions", {}).get(LINE),
            uuid_of=self._uuid_of,
            on_stuck=self._abandon,
            counts=self._around.hub.counts,
            limits=self._around.limits,
        )
        try:
            with suppress(StopConsumer):
                while not self._is_abandoned:
                    await self.dispatch(await receive())
        except asyncio.CancelledError:
            if not self._is_abandoned:
                raise
        finally:
            await self._leave()

    async def dispatch(self, message: dict[str, Any]) -> None:
        with suppress(SocketGone):  # the disconnect event follows
            await getattr(self, get_handler_name(message))(message)

    async def connect(self) -> None:
        await self.accept()
        self._around.hub.welcome(self._mailbox)
        user, token = self.scope.get("user"), _bearer(self.scope)
        if isinstance(user, Operator):
            session = self.scope["session"].session_key
            self._sign_in(SignedIn(Credential(user.pk, session=session, stamp=user.session_stamp), str(user.uuid)))
        elif token:
            await self._enter_by(token)
        else:
            within_s = self._around.sign_in_within_s
            self._deadline = asyncio.get_running_loop().call_later(within_s, self._mailbox.end, CloseCode.NOT_SIGNED_IN)

    async def disconnect(self, code: int) -> None:
        self._close_code = code

    async def receive(self, text_data: str | None = None, bytes_data: bytes | None = None, **kwargs: Any) -> None:
        try:
            await self.receive_json(await self.decode_json(text_data))
        except BadMessage as bad:
            await self._mailbox.send(protocol.error(bad.code, about=bad.about, detail=bad.detail))
            if bad.fatal:
                self._mailbox.end(CloseCode.PROTOCOL_ERROR, after_queue=True)

    @classmethod
    async def decode_json(cls, text_data: str | None) -> protocol.Action:
        return protocol.parse(text_data)

    async def receive_json(self, content: protocol.Action, **kwargs: Any) -> None:
        try:
            if isinstance(content, protocol.Authenticate):
                await self._authenticate(content.token, content.id)
            elif self._viewer is None:
                await self._refuse_unauthenticated(content.id)
            else:
                await self._act(self._viewer, content)
        except DatabaseAway:
            await self._mailbox.send(protocol.error("database_away", about=content.id))

    async def _act(self, viewer: Viewer, action: protocol.Action) -> None:
        match action:
            case protocol.RequestData():
                sight = await self._around.rights.sight([viewer.credential.operator])
                visible = reached(sight[viewer.credential.operator], viewer.credential)
                await viewer.follow_all(action, {sensor: seen.uuid for sensor, seen in visible.items()})
            case protocol.Subscribe():
                await viewer.subscribe(action)
            case protocol.Unsubscribe():
                viewer.unsubscribe(action.sensors)
            case protocol.Alerts():
                await self._around.alerts.follow(viewer, self._mailbox, action)
            case protocol.Ping():
                await self._mailbox.send(protocol.pong(action.id, self._around.now()))

    async def _enter_by(self, token: str) -> None:
        try:
            known = await self._by_token(token)
        except DatabaseAway:
            self._mailbox.end(CloseCode.RESTART)
            return
        except Refusal as refused:
            await self._turn_away(refused, None)
            return
        if known is None:
            await self._refuse_unauthenticated(None)
        else:
            self._sign_in(known)

    async def _authenticate(self, token: str, about: protocol.Id) -> None:
        """Sign in, or continue with a newer token of the same operator."""
        try:
            known = await self._by_token(token)
        except Refusal as refused:
            await self._turn_away(refused, about)
            return
        if known is None:
            await self._refuse_unauthenticated(about)
        elif self._viewer is None:
            self._sign_in(known)
            await self._mailbox.send(protocol.authenticated(about, known.uuid))
        elif self._viewer.credential.operator == known.credential.operator:
            self._viewer.credential = known.credential
            self._around.access.on_access_changed(AccessChanged(operator=known.credential.operator))  # other sites
            await self._mailbox.send(protocol.authenticated(about, known.uuid))
        else:
            await self._mailbox.send(
                protocol.error("not_allowed", about=about, detail="This socket belongs to another operator.")
            )

    async def _by_token(self, token: str) -> SignedIn | None:
        """Look a token up, and count it if it is unknown.

        :raises Refusal: `too_fast`.
        """
        around, address = self._around, _address(self.scope)
        excess = around.unknown.excess(token, address)
        if excess is Excess.CREDENTIAL or (excess is Excess.NETWORK and not await around.rights.is_issued(token)):
            raise too_many_unknown()
        known = await around.rights.by_token(token)
        if known is None:
            around.unknown.note_unknown(token, address)
        else:
            around.unknown.note_known(token)
        return known

    async def _turn_away(self, refused: Refusal, about: protocol.Id) -> None:
        await self._mailbox.send(protocol.error(refused.code, about=about, detail=refused.detail))
        self._mailbox.end(CloseCode.TRY_AGAIN_LATER, after_queue=True)

    async def _refuse_unauthenticated(self, about: protocol.Id) -> None:
        await self._mailbox.send(protocol.error("not_signed_in", about=about))
        self._mailbox.end(CloseCode.NOT_SIGNED_IN, after_queue=True)

    def _sign_in(self, known: SignedIn) -> None:
        if self._deadline is not None:
            self._deadline.cancel()
        around = self._around
        self._viewer = Viewer(
            known.credential,
            self._mailbox,
            hub=around.hub,
            archive=around.readings,
            judge=around.liveness_monitor.judge,
            now=around.now,
        )
        around.access.enter(self._viewer)
        self._who, self._since = known.uuid, time.monotonic()
        _log.info("A live socket of operator %s is open.", self._who, extra={"operator": self._who})
        admit(self.scope, most_bytes=4 * protocol.MAX_MESSAGE_BYTES)  # of one beyond the limit the client is told

    def _uuid_of(self, sensor: int) -> str:
        return self._viewer.following[sensor] if self._viewer else ""

    def _abandon(self) -> None:
        """End the connection without a close message: the client has not read for half a minute."""
        self._is_abandoned = True
        if self._task is not None:
            self._task.cancel()

    async def _leave(self) -> None:
        if self._deadline is not None:
            self._deadline.cancel()
        if self._viewer is not None:
            self._around.access.leave(self._viewer)
            self._around.alerts.leave(self._mailbox)
            await self._viewer.stop()
        self._around.hub.farewell(self._mailbox)
        if self._who:
            self._say_goodbye(int(self._mailbox.closing or self._close_code))
        await self._mailbox.stop()

    def _say_goodbye(self, code: int) -> None:
        open_s, frames = round(time.monotonic() - self._since, 1), self._mailbox.frames
        about = {"operator": self._who, "close_code": code, "open_s": open_s, "frames": frames}
        text = "A live socket of operator %s has ended with %d after %s s and %d frames."
        _log.info(text, self._who, code, open_s, frames, extra=about)


def _address(scope: dict[str, Any]) -> str:
    client = scope.get("client")
    return str(client[0]) if client else ""


def _bearer(scope: dict[str, Any]) -> str:
    """Return the API token of the handshake's Authorization header, empty without one."""
    given: bytes = dict(scope["headers"]).get(b"authorization", b"")
    scheme, _, token = given.decode("latin-1").partition(" ")
    return token.strip() if scheme.lower() in ("bearer", "token") else ""
