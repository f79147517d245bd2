"""The web server: uvicorn with the settings that were measured to suit many small messages (docs/decisions/0002)."""

import asyncio
import errno
import socket
from collections.abc import Callable
from typing import Final

import uvicorn

from sensorfusion.config.env import Environment
from sensorfusion.config.parent_death import worker_ends_with_parent
from sensorfusion.server.uvicorn import protocols
from sensorfusion.terminal.errors import CommandLineError

APPLICATION = "sensorfusion.server.asgi:application"
# Connections that may wait to be accepted: a thousand browsers come back at the same moment after a restart.
BACKLOG = 4096
# Longer than the 60 s for which reverse proxies keep a connection: who may use it again should be who closes it.
KEEP_ALIVE_S = 75
# Readings on their way to the disk need milliseconds; what has not finished after this is cut off.
STOP_WITHIN_S = 10
NOT_STARTED: Final = 3  # exit status, the one uvicorn has for it


class CannotListen(CommandLineError):
    """The address cannot be used; the message says why and what to do."""


class Settings(uvicorn.Config):
    """uvicorn's settings, for a worker too."""

    def load(self) -> None:
        worker_ends_with_parent()
        super().load()


def settings(environment: Environment, *, workers: int) -> Settings:
    """Make uvicorn's settings, with our protocols where they work with this uvicorn."""
    protocols.usable("run")
    if workers > 1 and not protocols.usable("workers"):
        workers = 1
    return Settings(
        APPLICATION,
        workers=workers,
        backlog=BACKLOG,
        http=protocols.http(),
        lifespan="on",
        loop="uvloop",
        ws=protocols.websocket(),
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
        return 0 if server.started else NOT_STARTED
    from sensorfusion.server.uvicorn import workers  # here, so that one process can do without its names of uvicorn's

    return workers.serve(given, listener, ready=ready, stopping=stopping)


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
