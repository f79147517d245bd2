"""Reads `postmaster.pid`, in which a PostgreSQL server describes itself, and checks that the server is alive."""

from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

import psutil

ROLE = DATABASE = "sensorfusion"
SUPERUSER = "postgres"


@dataclass(frozen=True, slots=True)
class Postmaster:
    """A server that runs, or ran, on a data directory."""

    pid: int
    socket_directory: str
    status: str  # starting, ready, stopping, standby

    @property
    def url(self) -> str:
        return address(self.socket_directory, DATABASE)


def address(socket_directory: Path | str, database: str, *, role: str = ROLE) -> str:
    """Return the postgresql:// URL of a database behind a Unix socket."""
    return f"postgresql://{role}@/{database}?host={quote(str(socket_directory), safe='/')}"


def recorded(directory: Path) -> Postmaster | None:
    """Read the record of the last server on this data directory; that server may be dead."""
    try:
        lines = (directory / "postmaster.pid").read_text().splitlines()
        return Postmaster(int(lines[0]), lines[4].strip(), lines[7].strip() if len(lines) > 7 else "starting")
    except (FileNotFoundError, IndexError, ValueError):  # missing, or being written
        return None


def is_alive(postmaster: Postmaster, directory: Path) -> bool:
    """Return whether this server is running. Its process ID alone proves nothing: after a reboot or a restart of the
    container another process may have it.
    """
    try:
        process = psutil.Process(postmaster.pid)
        return process.status() != psutil.STATUS_ZOMBIE and str(directory) in process.cmdline()
    except (psutil.NoSuchProcess, psutil.AccessDenied):
        return False


def works_in(directory: Path) -> bool:
    """Return whether any server process has this data directory as its working directory, as all of them do."""
    for process in psutil.process_iter(["name"]):
        try:
            if process.info["name"] == "postgres" and process.cwd() == str(directory):
                return True
        except (psutil.NoSuchProcess, psutil.AccessDenied, psutil.ZombieProcess):
            continue
    return False
