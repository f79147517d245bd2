"""Starts everything: the database, its migrations, the static files, the server."""

import contextlib
import signal
import sys
from argparse import ArgumentParser
from io import StringIO
from pathlib import Path
from types import FrameType
from typing import Any

from django.core.management import call_command

from sensorfusion import __version__
from sensorfusion.accounts.signing_up import set_up
from sensorfusion.clock import utc_now
from sensorfusion.config import default_directory, directory
from sensorfusion.config.env import DEFAULT_HOSTS, BadEnvironment, Environment
from sensorfusion.config.locks import Busy, only_one
from sensorfusion.config.settings import ENVIRONMENT
from sensorfusion.demo.simulator import Simulator
from sensorfusion.postgres.embedded import EmbeddedPostgres
from sensorfusion.server import ending, own_address, settings_checks
from sensorfusion.server.preparation import database
from sensorfusion.server.preparation.static_files import Collection
from sensorfusion.server.uvicorn import protocols
from sensorfusion.server.uvicorn import run as serving
from sensorfusion.server.uvicorn.limits import raise_descriptor_limit
from sensorfusion.terminal.commands import ExplainedCommand
from sensorfusion.terminal.errors import CommandLineError

LOCAL = ("127.0.0.1", "::1", "localhost")
EXAMPLE = """\
example:
  sensorfusion up --demo                                         on this machine, with a demo site
  ALLOWED_HOSTS=sensors.example.org sensorfusion up --host 0.0.0.0 --port 80
"""


class Command(ExplainedCommand):
    help = "Start everything: database, migrations, static files, server.\nStops cleanly on Ctrl-C and SIGTERM."
    epilog = EXAMPLE
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--host", default="127.0.0.1", help="address to listen on; 0.0.0.0 for all (default: 127.0.0.1)"
        )
        parser.add_argument(
            "--port", type=int, default=8000, help="port to listen on; 0 takes a free one (default: 8000)"
        )
        parser.add_argument(
            "--workers", type=int, default=1, help="processes; more than one needs REDIS_URL (default: 1)"
        )
        parser.add_argument(
            "--data",
            metavar="DIR",
            help="the data directory (default: SENSORFUSION_DATA, or the system's directory for it)",
        )
        parser.add_argument(
            "--demo", action="store_true", help="create a demo site with real observations, and its operator"
        )
        parser.add_argument(
            "--reload", action="store_true", help="for development, with DEBUG=1: restart when a source file changes"
        )

    def handle(self, *, host: str, port: int, workers: int, demo: bool, reload: bool, **_: Any) -> None:
        if workers < 1:
            raise BadEnvironment(f"--workers is {workers}: write the number of processes, such as 1.")
        if workers > 1 and not ENVIRONMENT.redis_url:
            raise BadEnvironment("Several workers need Redis to send readings to each other's pages. Set REDIS_URL.")
        if reload and not (ENVIRONMENT.debug and workers == 1):
            raise BadEnvironment("--reload is for development, with one worker: set DEBUG=1.")
        if reload and (found := protocols.problems("reload")):
            raise CommandLineError(f"--reload does not work with this uvicorn: {'; '.join(found)}.")
        status = 0
        with contextlib.suppress(KeyboardInterrupt), contextlib.ExitStack() as stack:
            status = self._run(stack, host=host, port=port, workers=workers, demo=demo, reload=reload)
        self._say("Stopped.")
        ending.exit_unless_done(1.0, status)  # threads of pages may wait for a database that does not answer
        sys.exit(status)

    def _run(self, stack: contextlib.ExitStack, *, host: str, port: int, workers: int, demo: bool, reload: bool) -> int:
        data = ENVIRONMENT.data.resolve()
        raise_descriptor_limit()  # first, because the database and the workers inherit it
        self._take(stack, data)
        listener = stack.enter_context(serving.listen(host, port))
        _stop_on_signals()
        self._say(f"SensorFusion {__version__}, data in {data} ({default_directory.places().reason(data)})")
        collection = None if reload else Collection()
        if collection:
            stack.callback(collection.stop)
        self._start_database(stack, data)
        address = _local(host, listener.getsockname()[1])
        introduction = self._prepare(demo=demo, workers=workers, address=address)
        if collection:
            collection.wait(self._say)
        stack.enter_context(own_address.published(data, address))
        simulator = Simulator()
        stack.callback(simulator.stop)

        def ready() -> None:
            for line in (*introduction, *_warnings(host, ENVIRONMENT), f"Ready: {ENVIRONMENT.public_url or address}"):
                self._say(line)
            if demo:
                simulator.start(address)

        given = serving.settings(ENVIRONMENT, workers=workers)
        if reload:
            from sensorfusion.server.uvicorn import reload as reloading

            return reloading.serve(given, listener, address=address, ready=ready)
        return serving.serve(given, listener, ready=ready, stopping=simulator.stop)

    def _take(self, stack: contextlib.ExitStack, data: Path) -> None:
        directory.make_private(data)
        try:
            stack.enter_context(only_one(data / "lock", now=utc_now()))
        except Busy as holder:
            raise Busy(f"SensorFusion is already running on {data} ({holder}).") from None

    def _start_database(self, stack: contextlib.ExitStack, data: Path) -> None:
        if not ENVIRONMENT.database_url:
            server = EmbeddedPostgres(data, say=self._say)
            stack.callback(server.stop)
            stack.callback(_ignore_signals)  # no signal may interrupt the shutdown of the database
            database.use(server.start(wait=True))

    def _prepare(self, *, demo: bool, workers: int, address: str) -> list[str]:
        """Prepare everything that serving needs; return the lines to print together with the URL."""
        database.wait_for_database(self._say)
        if ENVIRONMENT.database_url:
            database.fit_connections(self._say, workers=workers)
        database.migrate(self._say)
        settings_checks.require_useful(ENVIRONMENT)
        said = StringIO()
        if demo:
            call_command("demo", stdout=said)
        code = set_up.new_code(now=utc_now())
        database.release_connections()
        return [*said.getvalue().splitlines(), *_first_run(ENVIRONMENT.public_url or address, code)]

    def _say(self, line: str) -> None:
        self.stdout.write(line)
        self.stdout.flush()


def _first_run(address: str, code: str) -> list[str]:
    """Return the line for a new installation, which only the person who started it reads."""
    if not code:
        return []
    return [f"New installation: open {address.rstrip('/')}/set-up/ and enter the code {code} to make its administrator"]


def _local(host: str, port: int) -> str:
    """Return the URL at which this machine reaches the server."""
    shown = "127.0.0.1" if host in ("0.0.0.0", "::") else f"[{host}]" if ":" in host else host
    return f"http://{shown}:{port}/"


def _warnings(host: str, environment: Environment) -> list[str]:
    warnings = [str(each) for each in settings_checks.misspelt()]
    if host in LOCAL or environment.public_url or environment.allowed_hosts != DEFAULT_HOSTS:
        return warnings
    return [
        *warnings,
        "Only requests from this machine are answered: set ALLOWED_HOSTS to the names and addresses others will use.",
    ]


def _stop_on_signals() -> None:
    """Make SIGTERM, and SIGHUP when the terminal closes, act like Ctrl-C."""

    def stop(number: int, frame: FrameType | None) -> None:
        raise KeyboardInterrupt

    signal.signal(signal.SIGTERM, stop)
    if signal.getsignal(signal.SIGHUP) != signal.SIG_IGN:  # as under nohup
        signal.signal(signal.SIGHUP, stop)


def _ignore_signals() -> None:
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)
