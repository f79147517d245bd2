"""Several server processes that share one listener; a process that exits is restarted."""

import multiprocessing
import socket
from collections.abc import Callable

import uvicorn
from uvicorn.config import STARTUP_FAILURE
from uvicorn.supervisors.multiprocess import Multiprocess


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
