"""A request on the fast path: its body is collected, the door is called, and its response is one write."""

from typing import TYPE_CHECKING, Any, Final

from uvicorn.protocols.http.httptools_impl import STATUS_LINE, RequestResponseCycle

from sensorfusion.ingest.doors.http import Headers, Response
from sensorfusion.server.fast_path import Door, Refusal

if TYPE_CHECKING:
    from sensorfusion.server.uvicorn.http import DoorProtocol

CLOSE: Final = (b"connection", b"close")
TEXT: Final = b"text/plain; charset=utf-8"
_FAILED: Final = Response(500, b"Internal Server Error", [CLOSE], TEXT)


class FastRequest(RequestResponseCycle):
    """One request whose body is collected, and its response, which is written at once."""

    class _NobodyWaits:
        def set(self) -> None: ...

    message_event: Any = _NobodyWaits()  # uvicorn sets it to wake an application that waits for the body
    more_body = False  # such a request is answered after its end, unless its head is refused
    is_asked = False  # whether the door was asked about its head

    def __init__(self, protocol: "DoorProtocol", door: Door, headers: Headers) -> None:
        """Set the attributes that uvicorn reads; its own constructor is made for ASGI."""
        self.protocol = protocol
        self.door = door
        self.headers = headers
        self.address = protocol.address(headers)
        self.content = b""
        self.keep_alive = protocol.parser.should_keep_alive()
        self.disconnected = self.response_complete = False

    def start(self) -> None:
        """Answer the request in a task, for which a shutdown waits. It needs no callback to end that."""
        self.task = self.protocol.loop.create_task(self._answer())
        self.protocol.tasks.add(self.task)

    async def _answer(self) -> None:
        """Call the door and write its response; a failing door is handled like a failing ASGI application."""
        try:
            try:
                said = await self.door(self.headers, self.content, self.address)
            except Exception as error:
                self.protocol.logger.error("Exception in ASGI application\n", exc_info=error)
                said = _FAILED
            if self.protocol.flow.write_paused and not self.disconnected:
                await self.protocol.flow.drain()
            if not self.disconnected:
                self._write(said)
        finally:
            self.protocol.tasks.discard(self.task)

    def _write(self, said: Response) -> None:
        default = [b"%b: %b\r\n" % header for header in self.protocol.server_state.default_headers]
        head = b"".join((STATUS_LINE[said.status], *default, said.lines()))
        if CLOSE in said.headers:
            self.keep_alive = False
        elif not self.keep_alive:
            head += b"connection: close\r\n"
        self.protocol.transport.write(b"%b\r\n%b" % (head, said.body))
        self.response_complete = True
        if not self.keep_alive and self.more_body:
            self.protocol.ends_after_body = True
        elif not self.keep_alive:
            self.protocol.transport.close()
        self.protocol.on_response_complete()

    async def refuse_head(self, refusal: Refusal) -> None:
        """Answer the request before its body has come, if the door refuses its head."""
        try:
            said = await refusal(self.headers, self.address)
        except Exception as error:  # the body is awaited, and the door fails again, or not
            self.protocol.logger.error("Exception in ASGI application\n", exc_info=error)
            return
        if said and self.protocol.is_receiving(self) and not self.disconnected:
            self.more_body, self.content = True, b""
            self._write(said)
