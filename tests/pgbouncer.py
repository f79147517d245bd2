"""A real PgBouncer in front of the tests' PostgreSQL, on a free port of this machine."""

import os
import pwd
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from psycopg.conninfo import conninfo_to_dict

from sensorfusion.events.postgres import conninfo
from tests.patience import PATIENCE_S

PROGRAM = shutil.which("pgbouncer") or shutil.which("pgbouncer", path="/usr/sbin:/usr/local/sbin")
CASE = Path(__file__).parent / "cases" / "deployment" / "pgbouncer.ini"


@contextmanager
def running(**changed: str) -> Iterator[str]:
    """Run PgBouncer with the configuration of the case and some settings changed; yield the URL of the test database.

    Without an installed PgBouncer the test is skipped, or fails under CI.
    """
    if not PROGRAM:
        if os.environ.get("CI"):
            pytest.fail("There is no PgBouncer: apt install pgbouncer")
        pytest.skip("there is no PgBouncer on this machine")
    to = {name: str(value) for name, value in conninfo_to_dict(conninfo()).items() if value}
    port = _free_port()
    directory = Path(tempfile.mkdtemp(prefix="sf-pgbouncer-"))
    directory.chmod(0o755)
    (directory / "users").write_text(f'"{to["user"]}" "{to.get("password", "")}"\n')
    configuration = directory / "pgbouncer.ini"
    configuration.write_text(_configuration(to, directory, listen_port=str(port), **changed))
    log = (directory / "log").open("ab")
    process = subprocess.Popen([PROGRAM, *_account(to), configuration], stdout=log, stderr=log)
    try:
        _wait_until_it_answers(port, directory / "log")
        yield f"postgresql://{to['user']}@127.0.0.1:{port}/{to['dbname']}"
    finally:
        process.terminate()
        process.wait(PATIENCE_S)
        log.close()
        shutil.rmtree(directory, ignore_errors=True)


def _configuration(to: dict[str, str], directory: Path, **changed: str) -> str:
    """Return the configuration of the case with the tests' database, ports and files, and some settings changed."""
    changed = {"auth_file": str(directory / "users"), "unix_socket_dir": "", **changed}
    kept = [line for line in CASE.read_text().splitlines() if line.partition("=")[0].strip() not in changed]
    database = f"{to['dbname']} = host={to['host']} port={to.get('port', '5432')} dbname={to['dbname']}"
    lines = [database if line.startswith("sf = ") else line for line in kept]
    return "\n".join([*lines, *(f"{name} = {value}" for name, value in changed.items()), ""])


def _account(to: dict[str, str]) -> list[str]:
    """Return the option for an account that may use PostgreSQL's socket: the owner's. PgBouncer refuses to be root."""
    if os.geteuid() != 0:
        return []
    path = Path(to["host"]) / f".s.PGSQL.{to.get('port', '5432')}"
    owner = path.stat().st_uid if path.exists() else pwd.getpwnam("nobody").pw_uid
    return ["-u", pwd.getpwuid(owner).pw_name]


def _wait_until_it_answers(port: int, log: Path) -> None:
    deadline = time.monotonic() + PATIENCE_S
    while True:
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
            return
        except OSError:
            if time.monotonic() > deadline:
                raise AssertionError(log.read_text()) from None
        time.sleep(0.02)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
