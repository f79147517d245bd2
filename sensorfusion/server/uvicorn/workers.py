"""Several server processes that share one listener; a process that exits is restarted."""

import multiprocessing
import socket
import threading
from collections.abc import Callable

import uvicorn
from uvicorn.config import STARTUP_FAILURE
from uvicorn.supervisors.multiprocess import Multiprocess

# Workers that take longer than this to stop are killed, before a service manager kills all of us.
KILL_AFTER_S = 9.0


def serve(
    config: uvicorn.Config, listener: socket.socket, *, ready: Callable[[], None], stopping: Callable[[], None]
) -> int:
    """Serve until a signal arrives; return the exit status."""
    supervisor = _Supervisor(config, listener, ready, stopping)
    supervisor.run()
    failed = any(worker.exitcode == STARTUP_FAILURE for worker in supervisor.processes)
    return STARTUP_FAILURE if failed else 0


class _Supervisor(Multiprocess):
    def __init__(
        self, config: uvicorn.Config, listener: socket.socket, ready: Callable[[], None], stopping: Callable[[], None]
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
        killing = threading.Timer(KILL_AFTER_S, self._kill_all)
        killing.daemon = True
        killing.start()

    def handle_hup(self) -> None:
        """Stop, as on Ctrl-C: the terminal was closed. uvicorn would start new workers."""
        self.handle_term()

    def _kill_all(self) -> None:
        for process in self.processes:
            if process.exitcode is None:
                process.process.kill()
