"""The command line: runs the platform's commands and Django's, each with the database it needs."""

import os
import sys
from pathlib import Path

import psycopg

from sensorfusion.config import database_url, env
from sensorfusion.postgres import requirements
from sensorfusion.postgres.for_commands import database_for_command
from sensorfusion.terminal.errors import CommandLineError
from sensorfusion.terminal.programs import run_program

# `up` and `restore` start the database themselves, and `doctor` also reports why it cannot be started.
WITHOUT_DATABASE = frozenset(
    {
        *("up", "doctor", "restore"),
        *("check", "collectstatic", "diffsettings", "findstatic", "spectacular"),
        *("compilemessages", "makemessages", "startapp", "startproject"),
    }
)


def main() -> None:
    """Run the command that the arguments name, then exit the process with its status."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "sensorfusion.config.settings")
    # Uploads, exports and all else that is written hold what is not everybody's; files for others get their mode set.
    os.umask(0o077)
    try:
        _run(_take_data_directory(sys.argv[1:]))
    except CommandLineError as trouble:
        print(f"sensorfusion: {trouble}", file=sys.stderr)
        sys.exit(trouble.status)
    except KeyboardInterrupt:
        sys.exit(130)


def _take_data_directory(arguments: list[str]) -> list[str]:
    """Remove `--data DIR` from the arguments and set SENSORFUSION_DATA: the settings need it before the command parses
    them.
    """
    left: list[str] = []
    given = iter(arguments)
    for argument in given:
        name, equals, value = argument.partition("=")
        if name != "--data":
            left.append(argument)
        elif directory := value if equals else next(given, ""):
            os.environ["SENSORFUSION_DATA"] = directory
        else:
            raise env.BadEnvironment("--data needs a directory.")
    return left


def _run(arguments: list[str]) -> None:
    if arguments[:1] == ["send"]:  # runs every minute on small computers: 0.1 s without Django instead of 1 s
        from sensorfusion.command_line import send  # here, because the server does not need it

        sys.exit(run_program(send, "send", arguments[1:]))
    if arguments[:1] == ["watch"]:  # is about a server that may be elsewhere
        from sensorfusion.command_line import watch  # here, because no other command draws in the terminal

        sys.exit(run_program(watch, "watch", arguments[1:]))
    if arguments[:1] == ["mcp"]:  # is started by programs, and is about a server that may be elsewhere
        from sensorfusion.mcp import command as mcp  # here, because no other command needs what it reads with

        sys.exit(run_program(mcp, "mcp", arguments[1:]))
    if _asks_for_help(arguments):
        # Showing help must not create a data directory, and generating a secret key would.
        os.environ.setdefault("SECRET_KEY", "not used for showing help")
        _show_help(arguments)
        return
    if arguments[0] == "restore":
        # The key is in the backup; generating one would put a file into a directory that must be empty.
        os.environ.setdefault("SECRET_KEY", "not used for restoring")
    environment = env.current()
    # Child processes must use the same directory, whatever their working directory is.
    os.environ["SENSORFUSION_DATA"] = str(environment.data.resolve())
    if arguments[0] in WITHOUT_DATABASE:
        _execute(arguments)
        return
    if environment.database_url:
        requirements.require(database_url.conninfo(environment.database_url))
        _execute(arguments)
        return
    with database_for_command(Path(os.environ["SENSORFUSION_DATA"])) as url:
        os.environ["DATABASE_URL"] = url
        _execute(arguments)


def _asks_for_help(arguments: list[str]) -> bool:
    return (
        not arguments or arguments[0] in ("help", "version", "--version") or not {"-h", "--help"}.isdisjoint(arguments)
    )


def _show_help(arguments: list[str]) -> None:
    from sensorfusion.command_line import help as command_help

    match arguments:
        case [] | ["help"] | ["-h"] | ["--help"]:
            print(command_help.commands())
        case ["version"] | ["--version"]:
            print(command_help.version())
        case _:
            _execute(arguments)


def _execute(arguments: list[str]) -> None:
    from django.core.management import execute_from_command_line
    from django.db import OperationalError

    try:
        execute_from_command_line(["sensorfusion", *arguments])
    except (OperationalError, psycopg.OperationalError):
        _explain_absence()
        raise


def _explain_absence() -> None:
    """Raise an error without a traceback if the reason of a failure is that the database does not answer."""
    from sensorfusion.events.postgres import conninfo

    if reason := requirements.why_away(conninfo()):
        raise CommandLineError(f"The database does not answer. Start it, or correct DATABASE_URL: {reason}") from None


if __name__ == "__main__":
    main()
