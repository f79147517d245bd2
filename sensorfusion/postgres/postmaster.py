"""What a PostgreSQL server says about itself in `postmaster.pid`, and whether to believe it."""

from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

import psutil

ROLE = DATABASE = "sensorfusion"


@dataclass(frozen=True, slots=True)
class Postmaster:
    """A server that runs, or once ran, on a data directory."""

    pid: int
    socket_directory: str
    status: str  # starting, ready, stopping, standby

    @property
    def url(self) -> str:
        return address(self.socket_directory, DATABASE)


def address(socket_directory: Path | str, database: str) -> str:
    """The postgresql:// address of a database behind a Unix socket."""
    return f"postgresql://{ROLE}@/{database}?host={quote(str(socket_directory), safe='/')}"


def recorded(directory: Path) -> Postmaster | None:
    """Read what the last server on this data directory wrote; it may be dead by now."""
    try:
        lines = (directory / "postmaster.pid").read_text().splitlines()
        return Postmaster(int(lines[0]), lines[4].strip(), lines[7].strip() if len(lines) > 7 else "starting")
    except (FileNotFoundError, IndexError, ValueError):  # missing, or being written
        return None


def is_alive(postmaster: Postmaster, directory: Path) -> bool:
    """Say whether this very server runs: after a restart of the machine or container its number may be anybody's."""
    try:
        process = psutil.Process(postmaster.pid)
        return process.status() != psutil.STATUS_ZOMBIE and str(directory) in process.cmdline()
    except (psutil.NoSuchProcess, psutil.AccessDenied):
        return False


def works_in(directory: Path) -> bool:
    """Say whether any process of a server is at work on this data directory, which all of them have as their own."""
    for process in psutil.process_iter(["name"]):
        try:
            if process.info["name"] == "postgres" and process.cwd() == str(directory):
                return True
        except (psutil.NoSuchProcess, psutil.AccessDenied, psutil.ZombieProcess):
            continue
    return False
