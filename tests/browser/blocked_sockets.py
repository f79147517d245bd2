"""A proxy in front of the platform that blocks WebSockets, as those of offices and hotels do."""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Literal
from urllib.parse import urlsplit

_REFUSAL = b"HTTP/1.1 403 Forbidden\r\ncontent-length: 0\r\nconnection: close\r\n\r\n"

# What becomes of an upgrade: refused, never answered, passed on and then silent, or passed on.
Way = Literal["refused", "swallowed", "silent", "open"]


class Proxy:
    """Forwards each connection, and looks at its first request: browsers open one for each WebSocket."""

    def __init__(self, to: str) -> None:
        target = urlsplit(to)
        self._to = (target.hostname or "", target.port or 80)
        self._listener = socket.create_server(("127.0.0.1", 0), backlog=100)
        self.url = f"http://127.0.0.1:{self._listener.getsockname()[1]}"
        self.sockets: Way = "refused"
        self.has_events = True
        self.upgrades = 0
        self.streams = 0  # requests for events
        self._open: list[socket.socket] = []
        threading.Thread(target=self._accept, daemon=True).start()

    def close(self) -> None:
        self._listener.close()
        for each in self._open:
            with suppress(OSError):
                each.shutdown(socket.SHUT_RDWR)
            each.close()

    def _accept(self) -> None:
        with suppress(OSError):
            while True:
                client, _ = self._listener.accept()
                self._open.append(client)
                threading.Thread(target=self._serve, args=[client], daemon=True).start()

    def _serve(self, client: socket.socket) -> None:
        with suppress(OSError), client:
            request = client.recv(65_536)
            is_upgrade = b"\r\nupgrade: websocket" in request.lower()
            self.upgrades += is_upgrade
            if is_upgrade and self.sockets == "refused":
                client.sendall(_REFUSAL)
            elif is_upgrade and self.sockets == "swallowed":
                client.recv(1)
            else:
                self._forward(client, request, silent=is_upgrade and self.sockets == "silent")

    def _forward(self, client: socket.socket, request: bytes, *, silent: bool) -> None:
        with socket.create_connection(self._to) as server:
            self._open.append(server)
            threading.Thread(target=self._answer, args=[server, client, silent], daemon=True).start()
            while request:
                if b"/stream?" in request.partition(b"\r\n")[0] or b"/events/?" in request.partition(b"\r\n")[0]:
                    self.streams += 1
                    if not self.has_events:
                        client.sendall(_REFUSAL)
                        break
                server.sendall(request)
                request = client.recv(65_536)
            with suppress(OSError):
                server.shutdown(socket.SHUT_RDWR)

    def _answer(self, server: socket.socket, client: socket.socket, silent: bool) -> None:
        with suppress(OSError):
            while data := server.recv(65_536):
                client.sendall(data)
                if silent:  # the handshake was the first
                    return
            client.shutdown(socket.SHUT_RDWR)


@contextmanager
def proxy(to: str) -> Iterator[Proxy]:
    """Run a proxy to a platform."""
    started = Proxy(to)
    try:
        yield started
    finally:
        started.close()
