"""The PostgreSQL that comes with the platform: a real server in a child process, its files in the data directory.

Nobody but the account that runs the platform can reach it: it has no TCP port, its Unix socket is in a private
directory, and it asks the kernel who is calling. It ends with the process that started it, also when that is killed;
whoever starts it holds `postgres.lock`, so a server found running while that lock is free belongs to nobody and is on
its way out.
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

from sensorfusion.config.directory import make_private
from sensorfusion.config.env import for_child
from sensorfusion.config.locks import FileLock
from sensorfusion.config.parent_death import interrupt_with_parent
from sensorfusion.postgres import cluster, postmaster
from sensorfusion.postgres.cluster import Cluster, EmbeddedError
from sensorfusion.postgres.postmaster import DATABASE, Postmaster

# A server that recovers after a crash replays at most max_wal_size; this is many times what that takes.
START_WITHIN_S = 600
# A fast shutdown writes one checkpoint.
STOP_WITHIN_S = 60
RESTART_AFTER_S = 1.0
LOG_BYTES = 10_000_000
# glibc gives every statement's memory back to the system and asks for it again: a twentieth of the writer's backend
# (docs/decisions/0016). Up to so many bytes stay with each backend.
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
        """The address of the server once it runs."""
        found = cluster.find(self._data, durable=self._durable)
        return postmaster.address(found.socket_directory, DATABASE)

    def running_url(self) -> str | None:
        """The address of the server that runs on this data directory, if one does."""
        found = postmaster.recorded(self._directory)
        if found and found.status == "ready" and postmaster.is_alive(found, self._directory):
            return found.url
        return None

    def start(self, *, wait: bool = False) -> str:
        """Start the server, making its database first when there is none, and return its address.

        `wait` waits for another process to be done with the server instead of saying that there is one.

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
        """Stop the server if we started it, and wait until everything is on disk."""
        self._stopping.set()
        if self._process and self._process.poll() is None:
            self._process.send_signal(signal.SIGINT)  # fast: ends sessions, writes a checkpoint
            try:
                self._process.wait(STOP_WITHIN_S)
            except subprocess.TimeoutExpired:
                self._process.send_signal(signal.SIGQUIT)  # immediate: the next start recovers
                self._process.wait()
        if self._sockets:
            with contextlib.suppress(
                OSError
            ):  # something of a server that was killed is left in it: the next start uses it
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
            self._say("Waiting for another command that uses the database…")
            lock.exclusive()
        self._owner = lock

    def _start(self) -> str:
        began = time.monotonic()
        found = cluster.find(self._data, durable=self._durable)
        for directory in found.open_ways():
            self._say(f"Let {found.account.name}, which PostgreSQL runs as, pass through {directory}")
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
        done = "made its database and started" if new else "started"
        self._say(f"PostgreSQL {found.version} {done} in {time.monotonic() - began:.1f} s")
        return postmaster.address(sockets, DATABASE)

    def _clear_away_what_is_left(self) -> None:
        """Deal with a server that its starter left: end it if it still runs, forget it if it does not."""
        left = postmaster.recorded(self._directory)
        if not left:
            return
        if postmaster.is_alive(left, self._directory):
            with contextlib.suppress(ProcessLookupError):
                os.kill(left.pid, signal.SIGINT)
            _wait_until_gone(left, self._directory)
        else:
            _wait_until_unused(self._directory)
            # PostgreSQL would take whoever has the number now, be it only the dead server that nobody has waited for
            # yet, for its predecessor, and refuse to start. It looks at both files.
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
                start_new_session=True,  # Ctrl-C in a terminal is for us; we stop the server when we are done with it
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
        """Start the server again whenever it ends without being asked to."""
        while self._process:
            status = self._process.wait()
            if self._stopping.wait(RESTART_AFTER_S):
                return
            _log.error("PostgreSQL ended with status %s and is started again. %s", status, self._last_words())
            self._process = self._spawn(found)

    def _last_words(self) -> str:
        words = self._log_path.read_text(errors="replace").splitlines()[-3:] if self._log_path.exists() else []
        return "\n  ".join([f"The end of {self._log_path}:", *words])


def _wait_until_gone(left: Postmaster, directory: Path) -> None:
    deadline = time.monotonic() + STOP_WITHIN_S
    while postmaster.is_alive(left, directory):
        if time.monotonic() > deadline:
            raise EmbeddedError(f"An earlier PostgreSQL does not end. Look at it, or end it: kill -QUIT {left.pid}")
        time.sleep(0.05)


def _wait_until_unused(directory: Path) -> None:
    """Wait for the sessions of a server that was killed: until they notice, its memory and files are theirs."""
    deadline = time.monotonic() + STOP_WITHIN_S
    while postmaster.works_in(directory):
        if time.monotonic() > deadline:
            raise EmbeddedError(f"Sessions of an earlier PostgreSQL in {directory} do not end. Look for them with ps.")
        time.sleep(0.02)


def _make_database(sockets: Path) -> None:
    try:
        with psycopg.connect(postmaster.address(sockets, "postgres"), autocommit=True) as link:
            if not link.execute("SELECT 1 FROM pg_database WHERE datname = %s", [DATABASE]).fetchone():
                link.execute(f"CREATE DATABASE {DATABASE}")
    except psycopg.Error as error:
        raise EmbeddedError(f"The database started and cannot be used: {error}") from None


@contextlib.contextmanager
def _log_file(path: Path) -> Iterator[int]:
    """Open the server's log for appending, after putting a large one aside; nobody else may read it."""
    if path.exists() and path.stat().st_size > LOG_BYTES:
        path.replace(path.with_suffix(".log.1"))
    descriptor = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        yield descriptor
    finally:
        os.close(descriptor)
