"""The embedded PostgreSQL: a regular server in a child process, its files in the data directory.

Only the account that runs the platform can connect: there is no TCP port, the Unix socket is in a private directory,
and clients are authenticated by their peer credentials. The server ends with the process that started it, even when
that process is killed. The starting process holds `postgres.lock`; a server that runs while the lock is free has lost
its parent and is shutting down.
"""

import contextlib
import logging
import os
import signal
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import psycopg

from sensorfusion.config.child_environment import for_child
from sensorfusion.config.directory import make_private
from sensorfusion.config.locks import FileLock
from sensorfusion.config.parent_death import interrupt_with_parent
from sensorfusion.postgres import cluster, postmaster, roles
from sensorfusion.postgres.cluster import Cluster, EmbeddedError
from sensorfusion.postgres.postmaster import DATABASE, SUPERUSER, Postmaster

# Crash recovery replays at most max_wal_size of WAL; this is many times as long as that takes.
START_WITHIN_S = 600
# A fast shutdown writes one checkpoint.
STOP_WITHIN_S = 60
RESTART_AFTER_S = 1.0
LOG_BYTES = 10_000_000
# By default glibc returns the memory of every statement to the system and requests it again, which takes a twentieth of
# the writer backend's processor time (docs/decisions/0016). These values let each backend keep up to 16 MiB.
_KEEP_MEMORY = {"MALLOC_TRIM_THRESHOLD_": "16777216", "MALLOC_TOP_PAD_": "1048576"}

_log = logging.getLogger(__name__)


class Owned(EmbeddedError):
    """Another process runs the embedded server of this data directory."""


class EmbeddedPostgres:
    """The server of one data directory; `durable=False` is for tests."""

    def __init__(self, data: Path, *, durable: bool = True, say: Callable[[str], None] = lambda line: None) -> None:
        self._data = data.resolve()
        self._directory = cluster.directory_in(self._data)
        self._log_path = self._data / "postgres.log"
        self._durable = durable
        self._say = say
        self._owner: FileLock | None = None
        self._sockets: Path | None = None
        self._process: subprocess.Popen[bytes] | None = None
        self._stopping = threading.Event()

    @property
    def url(self) -> str:
        """The URL of the server; it is the same before the server runs."""
        found = cluster.find(self._data, durable=self._durable)
        return postmaster.address(found.socket_directory, DATABASE)

    @property
    def superuser_url(self) -> str:
        """The URL of the server's own database, for the role that may do everything."""
        found = cluster.find(self._data, durable=self._durable)
        return postmaster.address(found.socket_directory, "postgres", role=SUPERUSER)

    def running_url(self) -> str | None:
        """Return the URL of the server that is ready on this data directory, or None."""
        found = postmaster.recorded(self._directory)
        if found and found.status == "ready" and postmaster.is_alive(found, self._directory):
            return found.url
        return None

    def start(self, *, wait: bool = False) -> str:
        """Start the server, creating its database first if it is missing, and return its URL.

        With `wait`, block until another process releases the server instead of raising `Owned`.

        :raises Owned: if another process runs the server.
        :raises EmbeddedError: if it cannot be started.
        """
        make_private(self._data)
        self._own(wait)
        try:
            return self._start()
        except BaseException:
            self.stop()
            raise

    def stop(self) -> None:
        """Stop the server if this object started it; return when its data is on disk."""
        self._stopping.set()
        if self._process and self._process.poll() is None:
            self._process.send_signal(signal.SIGINT)  # fast: ends sessions, writes a checkpoint
            try:
                self._process.wait(STOP_WITHIN_S)
            except subprocess.TimeoutExpired:
                self._process.send_signal(signal.SIGQUIT)  # immediate: the next start recovers
                self._process.wait()
        if self._sockets:
            with contextlib.suppress(OSError):  # not empty after a killed server; the next start reuses it
                self._sockets.rmdir()
        if self._owner:
            self._owner.close()
            self._owner = None

    def _own(self, wait: bool) -> None:
        lock = FileLock(self._data / "postgres.lock")
        if not lock.try_exclusive():
            if not wait:
                lock.close()
                raise Owned(f"Another process runs the database in {self._data}.")
            self._say("Waiting for another command to release the database…")
            lock.exclusive()
        self._owner = lock

    def _start(self) -> str:
        began = time.monotonic()
        found = cluster.find(self._data, durable=self._durable)
        for directory in found.open_ways():
            self._say(f"Allowed {found.account.name}, which PostgreSQL runs as, to traverse {directory}")
        self._clear_away_what_is_left()
        new = not self._directory.exists()
        if new:
            found.make()
        sockets = self._sockets = found.make_socket_directory()
        found.configure(sockets)
        self._process = self._spawn(found)
        self._wait_until_ready(self._process)
        _make_database(sockets)
        threading.Thread(target=self._watch, args=[found], name="embedded PostgreSQL", daemon=True).start()
        done = "created its database and started" if new else "started"
        self._say(f"PostgreSQL {found.version} {done} in {time.monotonic() - began:.1f} s")
        return postmaster.address(sockets, DATABASE)

    def _clear_away_what_is_left(self) -> None:
        """Stop a server whose starter died, if it still runs; otherwise remove the files it left."""
        left = postmaster.recorded(self._directory)
        if not left:
            return
        if postmaster.is_alive(left, self._directory):
            with contextlib.suppress(ProcessLookupError):
                os.kill(left.pid, signal.SIGINT)
            _wait_until_gone(left, self._directory)
        else:
            _wait_until_unused(self._directory)
            # PostgreSQL refuses to start when a process with the recorded ID exists, be it an unrelated one or the dead
            # server's zombie. It checks both files.
            for stale in (self._directory / "postmaster.pid", *Path(left.socket_directory).glob(".s.PGSQL.*.lock")):
                stale.unlink(missing_ok=True)

    def _spawn(self, found: Cluster) -> subprocess.Popen[bytes]:
        configuration = f"config_file={self._directory / 'sensorfusion.conf'}"
        with _log_file(self._log_path) as log:
            return subprocess.Popen(
                [found.program("postgres"), "-D", self._directory, "-c", configuration],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                cwd="/",
                env=for_child(**_KEEP_MEMORY),
                start_new_session=True,  # Ctrl-C in a terminal must not reach the server; `stop` ends it
                preexec_fn=interrupt_with_parent,
                **found.account.start_options(),
            )

    def _wait_until_ready(self, process: subprocess.Popen[bytes]) -> None:
        deadline = time.monotonic() + START_WITHIN_S
        while time.monotonic() < deadline:
            found = postmaster.recorded(self._directory)
            if found and found.pid == process.pid and found.status == "ready":
                return
            if process.poll() is not None:
                raise EmbeddedError(f"PostgreSQL did not start. {self._last_words()}")
            time.sleep(0.02)
        raise EmbeddedError(f"PostgreSQL was not ready after {START_WITHIN_S} s. {self._last_words()}")

    def _watch(self, found: Cluster) -> None:
        """Restart the server whenever it exits unexpectedly."""
        while self._process:
            status = self._process.wait()
            if self._stopping.wait(RESTART_AFTER_S):
                return
            _log.error("PostgreSQL exited with status %s and is being restarted. %s", status, self._last_words())
            self._process = self._spawn(found)

    def _last_words(self) -> str:
        words = self._log_path.read_text(errors="replace").splitlines()[-3:] if self._log_path.exists() else []
        return "\n  ".join([f"The end of {self._log_path}:", *words])


def _wait_until_gone(left: Postmaster, directory: Path) -> None:
    deadline = time.monotonic() + STOP_WITHIN_S
    while postmaster.is_alive(left, directory):
        if time.monotonic() > deadline:
            raise EmbeddedError(f"An earlier PostgreSQL does not stop. Inspect it, or run: kill -QUIT {left.pid}")
        time.sleep(0.05)


def _wait_until_unused(directory: Path) -> None:
    """Wait until the backends of a killed server exit: until then they use its shared memory and files."""
    deadline = time.monotonic() + STOP_WITHIN_S
    while postmaster.works_in(directory):
        if time.monotonic() > deadline:
            raise EmbeddedError(f"Backends of an earlier PostgreSQL in {directory} do not exit. Find them with ps.")
        time.sleep(0.02)


def _make_database(sockets: Path) -> None:
    try:
        roles.prepare(sockets)
    except psycopg.Error as error:
        raise EmbeddedError(f"PostgreSQL started, but its database cannot be used: {error}") from None


@contextlib.contextmanager
def _log_file(path: Path) -> Iterator[int]:
    """Open the server's log for appending, after rotating a large one; only its owner may read it."""
    if path.exists() and path.stat().st_size > LOG_BYTES:
        path.replace(path.with_suffix(".log.1"))
    descriptor = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        yield descriptor
    finally:
        os.close(descriptor)
