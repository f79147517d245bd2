"""A TCP proxy in front of the tests' PostgreSQL that can fall silent, as a host does that died or was cut off."""

import selectors
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress

from psycopg.conninfo import conninfo_to_dict

from sensorfusion.events.postgres import conninfo


class Proxy:
    """Forwards between its clients and PostgreSQL until `silence`; what was connected then stays silent for ever."""

    def __init__(self, to: dict[str, str]) -> None:
        self._to = to
        self._listener = socket.create_server(("127.0.0.1", 0), backlog=100)
        self.port = int(self._listener.getsockname()[1])
        self._silent = threading.Event()
        self._pairs: list[tuple[socket.socket, socket.socket]] = []
        self._mute: list[socket.socket] = []
        threading.Thread(target=self._accept, daemon=True).start()

    @property
    def url(self) -> str:
        password = f":{self._to['password']}" if self._to.get("password") else ""
        return f"postgresql://{self._to['user']}{password}@127.0.0.1:{self.port}/{self._to['dbname']}"

    def silence(self) -> None:
        """Forward nothing any more, and close nothing; new connections are accepted and get no answer."""
        self._silent.set()
        self._mute += [each for pair in self._pairs for each in pair]
        self._pairs.clear()

    def speak(self) -> None:
        """Forward for new connections; those from before stay silent."""
        self._silent.clear()

    def close(self) -> None:
        self._listener.close()
        self.silence()
        for each in self._mute:
            each.close()

    def _accept(self) -> None:
        with suppress(OSError):
            while True:
                client, _ = self._listener.accept()
                if self._silent.is_set():
                    self._mute.append(client)
                    continue
                server = self._connected()
                self._pairs.append((client, server))
                threading.Thread(target=self._forward, args=[client, server], daemon=True).start()

    def _connected(self) -> socket.socket:
        host, port = self._to["host"], int(self._to.get("port") or 5432)
        if not host.startswith("/"):
            return socket.create_connection((host, port))
        server = socket.socket(socket.AF_UNIX)
        server.connect(f"{host}/.s.PGSQL.{port}")
        return server

    def _forward(self, client: socket.socket, server: socket.socket) -> None:
        with selectors.DefaultSelector() as ready, suppress(OSError, ValueError):
            ready.register(client, selectors.EVENT_READ, server)
            ready.register(server, selectors.EVENT_READ, client)
            while (client, server) in self._pairs:
                for key, _ in ready.select(0.1):
                    if (client, server) not in self._pairs:
                        return
                    data = key.fileobj.recv(65536)  # type: ignore[union-attr]  # both are sockets
                    if not data:
                        client.close()
                        server.close()
                        return
                    key.data.sendall(data)


@contextmanager
def proxy() -> Iterator[Proxy]:
    """Run a proxy to the test database."""
    started = Proxy({name: str(value) for name, value in conninfo_to_dict(conninfo()).items() if value})
    try:
        yield started
    finally:
        started.close()
