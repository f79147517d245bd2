"""Development server: runs the server in a child process and restarts it when a source file of the package changes.

Scripts and stylesheets need no restart: with DEBUG=1 they are read from the package for every request.
"""

import contextlib
import socket
import threading
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path

import uvicorn
from uvicorn.supervisors.basereload import BaseReload

import sensorfusion
from sensorfusion.server.uvicorn.run import Settings

SOURCES = Path(sensorfusion.__file__).parent
_KINDS = ("*.py", "*.html")
# Importing takes a second or two; requests wait in the listener's queue meanwhile.
ASK_AGAIN_AFTER_S = 5.0


def serve(given: Settings, listener: socket.socket, *, address: str, ready: Callable[[], None]) -> int:
    """Serve until a signal arrives; return the exit status. `ready` is called after the first response."""
    _Reloader(given, listener, address, ready).run()
    return 0


class Sources:
    """The modification times of the source files below a directory."""

    def __init__(self, directory: Path) -> None:
        self._directory = directory
        self._seen = self._times()

    def changed(self) -> list[Path]:
        """Return the files that were changed, created or removed since the last call."""
        before, self._seen = self._seen, self._times()
        return sorted(path for path in before.keys() | self._seen.keys() if before.get(path) != self._seen.get(path))

    def _times(self) -> dict[Path, int]:
        return dict(self._look())

    def _look(self) -> Iterator[tuple[Path, int]]:
        for kind in _KINDS:
            for path in self._directory.rglob(kind):
                with contextlib.suppress(FileNotFoundError):  # removed since it was listed
                    yield path, path.stat().st_mtime_ns


class _Reloader(BaseReload):
    def __init__(self, config: Settings, listener: socket.socket, address: str, ready: Callable[[], None]) -> None:
        super().__init__(config, target=uvicorn.Server(config).run, sockets=[listener])
        self.reloader_name = "The server"
        self._sources = Sources(SOURCES)
        self._address = address
        self._ready = ready

    def startup(self) -> None:
        super().startup()
        threading.Thread(target=self._tell_when_ready, name="ready", daemon=True).start()

    def should_restart(self) -> list[Path] | None:
        self.pause()
        return self._sources.changed() or None

    def _tell_when_ready(self) -> None:
        while not self.should_exit.is_set():
            try:
                urllib.request.urlopen(f"{self._address}healthz", timeout=ASK_AGAIN_AFTER_S).close()
            except (urllib.error.URLError, TimeoutError, ConnectionError):
                self.should_exit.wait(0.1)
            else:
                self._ready()
                return
