"""The account that runs the embedded PostgreSQL: the server refuses to run as root, so root needs another account."""

import os
import pwd
import shutil
import stat
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sensorfusion.terminal.errors import CommandLineError

ACCOUNT = "sensorfusion"


class NoAccount(CommandLineError):
    """There is no unprivileged account and none could be created; the message says what to do."""


@dataclass(frozen=True, slots=True)
class Account:
    """A system account, and how to start a process as it."""

    name: str
    uid: int
    gid: int

    @property
    def is_ours(self) -> bool:
        return self.uid == os.geteuid()

    def start_options(self) -> dict[str, Any]:
        """Return the arguments of `subprocess.Popen` that run the child as this account."""
        return {} if self.is_ours else {"user": self.uid, "group": self.gid, "extra_groups": []}

    def own(self, path: Path) -> None:
        if not self.is_ours:
            os.chown(path, self.uid, self.gid)


def account_for(directory: Path) -> Account:
    """Choose the account for the server on `directory`: ours; for root the directory's owner or a dedicated account."""
    if os.geteuid() != 0:
        return _account(os.geteuid())
    if directory.exists() and (owner := directory.stat().st_uid) != 0:
        return _account(owner)
    try:
        return _account(pwd.getpwnam(ACCOUNT).pw_uid)
    except KeyError:
        return _make()


def own_name() -> str:
    """Return the name of the account that runs this process, as PostgreSQL will look it up."""
    return _account(os.geteuid()).name


def let_through(path: Path, account: Account) -> list[Path]:
    """Let `account` traverse the directories above `path`; return the directories whose permissions were changed.

    Traversal (`x` for others) does not permit listing a directory or reading files; nothing more is granted.
    """
    opened = []
    for directory in path.resolve().parents:
        if not _may_enter(directory, account):
            directory.chmod(stat.S_IMODE(directory.stat().st_mode) | stat.S_IXOTH)
            opened.append(directory)
    return opened


def make_readable(directory: Path) -> None:
    """Make the programs in `directory` readable by all: an installer with a strict umask leaves them to root alone."""
    for each in (directory, *directory.rglob("*")):
        mode = stat.S_IMODE(each.stat().st_mode)
        executable = stat.S_IXGRP | stat.S_IXOTH if mode & stat.S_IXUSR else 0
        wanted = mode | stat.S_IRGRP | stat.S_IROTH | executable
        if wanted != mode:
            each.chmod(wanted)


def _may_enter(directory: Path, account: Account) -> bool:
    status = directory.stat()
    if status.st_uid == account.uid:
        return bool(status.st_mode & stat.S_IXUSR)
    if status.st_gid == account.gid:
        return bool(status.st_mode & stat.S_IXGRP)
    return bool(status.st_mode & stat.S_IXOTH)


def _account(uid: int) -> Account:
    try:
        entry = pwd.getpwuid(uid)
    except KeyError:
        raise NoAccount(
            f"User {uid} has no name on this machine, which PostgreSQL needs. Add one, or set DATABASE_URL."
        ) from None
    return Account(entry.pw_name, entry.pw_uid, entry.pw_gid)


def _make() -> Account:
    program = shutil.which("useradd", path=f"{os.environ.get('PATH', '')}:/usr/sbin:/sbin")
    if not program:
        raise NoAccount(
            f"PostgreSQL does not run as root, and there is no useradd to create the account {ACCOUNT!r}. "
            "Run this as an ordinary user, or set DATABASE_URL."
        )
    made = subprocess.run(
        [
            program,
            "--system",
            "--user-group",
            "--no-create-home",
            "--home-dir",
            "/",
            "--shell",
            "/usr/sbin/nologin",
            ACCOUNT,
        ],
        capture_output=True,
        text=True,
    )
    try:  # of two concurrent starts, one useradd fails because the account exists by then
        return _account(pwd.getpwnam(ACCOUNT).pw_uid)
    except KeyError:
        raise NoAccount(f"The account {ACCOUNT!r} for PostgreSQL could not be created: {made.stderr.strip()}") from None
