"""The web server: uvicorn with settings measured for many small messages (docs/decisions/0002)."""

import asyncio
import contextlib
import errno
import signal
import socket
import tempfile
import threading
from collections.abc import Callable
from functools import partial
from pathlib import Path
from types import FrameType
from typing import Final

import uvicorn

from sensorfusion.config.env import Environment
from sensorfusion.config.parent_death import worker_ends_with_parent
from sensorfusion.server import ending, metrics
from sensorfusion.server.uvicorn import protocols
from sensorfusion.terminal.errors import CommandLineError

APPLICATION = "sensorfusion.server.asgi:application"
# Length of the accept queue: after a restart a thousand browsers may reconnect at the same moment.
BACKLOG = 4096
# Longer than the 60 s for which reverse proxies keep a connection: the side that may reuse it should close it.
KEEP_ALIVE_S = 75
# Readings that are being stored need milliseconds; requests in progress after this are aborted. The rest of the 10 s,
# after which some service managers kill, is for the components (`server/process.py`).
STOP_WITHIN_S = 3
EXIT_WITHIN_S = 9.0
TICK_S: Final = 1.0  # the `Date` header changes once a second
NOT_STARTED: Final = 3  # exit status, the same as uvicorn's


class CannotListen(CommandLineError):
    """The address cannot be used; the message says why and what to do."""


class Settings(uvicorn.Config):
    """uvicorn's settings, also loaded in each worker. Several workers meet in the directory `shared`."""

    shared: Path | None = None

    def load(self) -> None:
        worker_ends_with_parent()
        if self.shared:
            metrics.share(self.shared)
        if self.workers > 1 and threading.current_thread() is threading.main_thread():
            # A terminal that closes signals every process; only the parent acts on it, and stops the workers.
            signal.signal(signal.SIGHUP, signal.SIG_IGN)
        super().load()


def settings(environment: Environment, *, workers: int) -> Settings:
    """Create uvicorn's settings, with our protocols if they work with this uvicorn."""
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
        # Ingest sockets receive batches; the live stream has a lower limit of its own (live/protocol.py).
        ws_max_size=environment.max_body_bytes,
        # Off: compression doubles the CPU per message and adds 34 KiB to every socket.
        ws_per_message_deflate=False,
        timeout_keep_alive=KEEP_ALIVE_S,
        timeout_graceful_shutdown=STOP_WITHIN_S,
        proxy_headers=True,
        forwarded_allow_ips=list(environment.trusted_proxies),
        # Paths may contain a sensor's key (at some doors), and an access log would grow as fast as the readings.
        access_log=False,
        log_config=None,
        server_header=False,
    )


def listen(host: str, port: int) -> socket.socket:
    """Bind the address without accepting connections yet.

    :raises CannotListen: if another program uses it, or we lack the permission.
    """
    listener = socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((host, port))
        # Two sockets can bind one address until one listens, so listen at once; the server enlarges the queue later.
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
    """Serve until a signal arrives; return the exit status.

    `ready` is called once requests are answered, `stopping` before they no longer are.
    """
    if given.workers == 1:
        server = _Server(given, ready, stopping)
        server.run(sockets=[listener])
        if server.exiting:
            server.exiting.cancel()
        return 0 if server.started else NOT_STARTED
    # Imported here, so that a single process works without the names of uvicorn that it needs.
    from sensorfusion.server.uvicorn import workers

    with tempfile.TemporaryDirectory(prefix="sensorfusion-", ignore_cleanup_errors=True) as shared:
        given.shared = Path(shared)
        return workers.serve(given, listener, ready=ready, stopping=stopping)


class _Server(uvicorn.Server):
    def __init__(self, config: Settings, ready: Callable[[], None], stopping: Callable[[], None]) -> None:
        super().__init__(config)
        self._ready = ready
        self._stopping = stopping
        self.exiting: threading.Timer | None = None
        self._told_to_exit: Callable[[], object] = lambda: None

    async def main_loop(self) -> None:
        """Wake once a second, and at once to exit; uvicorn wakes ten times a second."""
        loop, told = asyncio.get_running_loop(), asyncio.Event()
        self._told_to_exit = partial(loop.call_soon_threadsafe, told.set)
        while not await self.on_tick(0):
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(TICK_S):
                    await told.wait()

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        super().handle_exit(sig, frame)
        self._told_to_exit()

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        if signal.getsignal(signal.SIGHUP) not in (signal.SIG_IGN, signal.SIG_DFL):
            signal.signal(signal.SIGHUP, self.handle_exit)  # a closed terminal stops us as Ctrl-C does
        if self.started:
            self._ready()

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        self.exiting = ending.exit_unless_done(EXIT_WITHIN_S, 1)
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
            return f"This machine has no address {host}. Use 127.0.0.1 for this machine only, 0.0.0.0 for all."
    return f"Cannot listen on {host}, port {port}: {error.strerror or error}"
