"""The web server: uvicorn with the settings that were measured to suit many small messages (docs/decisions/0002)."""

import asyncio
import errno
import importlib.util
import multiprocessing
import socket
from collections.abc import Callable
from typing import Any

import uvicorn
from uvicorn.config import STARTUP_FAILURE
from uvicorn.supervisors import Multiprocess

from sensorfusion.config.env import Environment
from sensorfusion.config.parent_death import worker_ends_with_parent
from sensorfusion.terminal.errors import CommandLineError

APPLICATION = "sensorfusion.server.asgi:application"
# Connections that may wait to be accepted: a thousand browsers come back at the same moment after a restart.
BACKLOG = 4096
# Longer than the 60 s for which reverse proxies keep a connection: who may use it again should be who closes it.
KEEP_ALIVE_S = 75
# Readings on their way to the disk need milliseconds; what has not finished after this is cut off.
STOP_WITHIN_S = 10


class CannotListen(CommandLineError):
    """The address cannot be used; the message says why and what to do."""


class Settings(uvicorn.Config):
    """uvicorn's settings, for a worker too."""

    def load(self) -> None:
        worker_ends_with_parent()
        super().load()


def settings(environment: Environment, *, workers: int) -> Settings:
    """Make uvicorn's settings."""
    return Settings(
        APPLICATION,
        workers=workers,
        backlog=BACKLOG,
        http="sensorfusion.server.uvicorn.http:DoorProtocol",
        lifespan="on",
        loop="uvloop",
        ws=_websocket_protocol(),
        # Sockets that bring readings take batches; the live stream holds its clients to less (live/protocol.py).
        ws_max_size=environment.max_body_bytes,
        # Off: compression doubles the CPU per message and adds 34 KiB to every socket.
        ws_per_message_deflate=False,
        timeout_keep_alive=KEEP_ALIVE_S,
        timeout_graceful_shutdown=STOP_WITHIN_S,
        proxy_headers=True,
        forwarded_allow_ips=list(environment.trusted_proxies),
        # Paths may hold a sensor's key (the doors of some devices), and a log of every reading is a second database.
        access_log=False,
        log_config=None,
        server_header=False,
    )


def listen(host: str, port: int) -> socket.socket:
    """Take the address, without accepting anybody yet.

    :raises CannotListen: if somebody else has it, or it is not ours to take.
    """
    listener = socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((host, port))
        # Two sockets may bind one address as long as neither listens; a short queue until the server opens it.
        listener.listen(1)
    except OverflowError:
        listener.close()
        raise CannotListen(f"There is no port {port}: the last one is 65535.") from None
    except OSError as error:
        listener.close()
        raise CannotListen(_reason(error, host, port)) from None
    listener.set_inheritable(True)
    return listener


def serve(given: Settings, listener: socket.socket, *, ready: Callable[[], None], stopping: Callable[[], None]) -> int:
    """Serve until a signal says to stop, and return the exit status.

    `ready` is called once requests are answered, `stopping` while they still are.
    """
    if given.workers == 1:
        server = _Server(given, ready, stopping)
        server.run(sockets=[listener])
        return 0 if server.started else STARTUP_FAILURE
    supervisor = _Supervisor(given, listener, ready, stopping)
    supervisor.run()
    failed = any(worker.exitcode == STARTUP_FAILURE for worker in supervisor.processes)
    return STARTUP_FAILURE if failed else 0


class _Server(uvicorn.Server):
    def __init__(self, config: Settings, ready: Callable[[], None], stopping: Callable[[], None]) -> None:
        super().__init__(config)
        self._ready = ready
        self._stopping = stopping

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        if self.started:
            self._ready()

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        await asyncio.to_thread(self._stopping)
        await super().shutdown(sockets)


class _Supervisor(Multiprocess):
    def __init__(
        self, config: Settings, listener: socket.socket, ready: Callable[[], None], stopping: Callable[[], None]
    ) -> None:
        multiprocessing.allow_connection_pickling()
        super().__init__(config, sockets=[listener])
        self._ready: Callable[[], None] | None = ready
        self._stopping = stopping

    def keep_subprocess_alive(self) -> None:
        super().keep_subprocess_alive()
        if self._ready and all(process.is_ready(timeout=1) for process in self.processes):
            self._ready()
            self._ready = None

    def terminate_all(self) -> None:
        self._stopping()
        super().terminate_all()


def _websocket_protocol() -> Any:
    """Our protocol, which writes frames that are encoded once for everybody, or the one it builds on."""
    ours = "sensorfusion.server.uvicorn.websocket"
    return f"{ours}:FrameProtocol" if importlib.util.find_spec(ours) else "websockets-sansio"


def _reason(error: OSError, host: str, port: int) -> str:
    match error.errno:
        case errno.EADDRINUSE:
            return (
                f"Port {port} on {host} is in use by another program. Choose another: sensorfusion up --port {port + 1}"
            )
        case errno.EACCES:
            return f"Port {port} may only be opened by root. Choose one above 1023, and put a reverse proxy in front."
        case errno.EADDRNOTAVAIL:
            return f"This machine has no address {host}. 127.0.0.1 is for this machine alone, 0.0.0.0 for everybody."
    return f"Cannot listen on {host}, port {port}: {error.strerror or error}"
