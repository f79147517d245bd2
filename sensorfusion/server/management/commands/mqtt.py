"""Runs an MQTT worker: receives readings from a broker, in a process of its own."""

import asyncio
import signal
from argparse import ArgumentParser, ArgumentTypeError
from typing import Any

from django.conf import settings

from sensorfusion.config.env import BadEnvironment
from sensorfusion.server import ending, settings_checks
from sensorfusion.server.preparation import database
from sensorfusion.server.process import Process
from sensorfusion.terminal.commands import ExplainedCommand
from sensorfusion.terminal.errors import CommandLineError

EPILOG = """\
`sensorfusion up` runs a worker itself when MQTT_URL is set; use this command for further workers, or for another
machine. Each process is a worker with a unique number. With MQTT_SHARED=1, set for all of them, the broker
distributes the messages among them. Needs REDIS_URL, so that pages served by other processes update too.

The broker keeps a stopped worker's session and queues messages for it. To remove a worker permanently, use --leave:
it stores the queued messages and ends its session.

example:
  MQTT_URL=mqtt://sensorfusion:secret@localhost REDIS_URL=redis://localhost sensorfusion mqtt
  MQTT_URL=… REDIS_URL=… MQTT_SHARED=1 sensorfusion mqtt --worker 2
  MQTT_URL=… REDIS_URL=… MQTT_SHARED=1 sensorfusion mqtt --worker 2 --leave
"""

# Less than service managers wait before they kill.
EXIT_WITHIN_S = 9.0


class Command(ExplainedCommand):
    help = "Store readings from an MQTT broker.\nStops cleanly on Ctrl-C and SIGTERM."
    epilog = EPILOG
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--worker", type=_number, default=1, metavar="N", help="number of the worker (default: 1)")
        parser.add_argument(
            "--leave", action="store_true", help="store the messages queued for the worker, then end its session"
        )

    def handle(self, *, worker: int, leave: bool, **_: Any) -> None:
        _check_environment(worker)
        database.wait_for_database(self._say)
        if pending := database.pending_migrations():
            raise CommandLineError(
                f"The database lacks {pending} migrations. Start `sensorfusion up`, or run migrate, first."
            )
        if not leave:
            settings_checks.require_useful(settings.ENVIRONMENT)
        try:
            asyncio.run(self._run(worker, is_leaving=leave))
        finally:
            self._say("Stopped.")

    async def _run(self, worker: int, *, is_leaving: bool) -> None:
        stop = asyncio.Event()
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            asyncio.get_running_loop().add_signal_handler(number, stop.set)
        process = Process(mqtt_worker=worker)
        assert process.fetching
        process.fetching.is_leaving = is_leaving
        try:
            await process.started()
            self._say(f"Ready: worker {worker} of {process.fetching.subscriber.terms.broker}")
            if is_leaving:
                await self._leave(process, stop)
            else:
                await stop.wait()
        finally:
            exiting = ending.exit_unless_done(EXIT_WITHIN_S, 1)
            await process.stop()
            exiting.cancel()

    async def _leave(self, process: Process, stop: asyncio.Event) -> None:
        assert process.fetching
        emptied = asyncio.create_task(process.fetching.subscriber.emptied())
        stopped = asyncio.create_task(stop.wait())
        await asyncio.wait([emptied, stopped], return_when=asyncio.FIRST_COMPLETED)
        if emptied.done():
            self._say(f"Ended the session after the last {emptied.result():,} messages.")
        else:  # keep the session: messages are still queued in it
            process.fetching.is_leaving = False
        for task in (emptied, stopped):
            task.cancel()

    def _say(self, line: str) -> None:
        self.stdout.write(line)
        self.stdout.flush()


def _check_environment(worker: int) -> None:
    if not settings.ENVIRONMENT.mqtt_url:
        raise BadEnvironment("Set MQTT_URL to the broker's address: mqtt://user:password@host.")
    if not settings.ENVIRONMENT.redis_url:
        raise BadEnvironment(
            "A process beside `sensorfusion up` needs Redis to update each other's pages: set REDIS_URL."
            " Or set MQTT_URL for `sensorfusion up`, which then runs a worker itself."
        )
    if worker > 1 and not settings.ENVIRONMENT.mqtt_shared:
        raise BadEnvironment("Every worker receives every message unless MQTT_SHARED=1 is set for all of them.")


def _number(text: str) -> int:
    if not text.isdecimal() or int(text) < 1:
        raise ArgumentTypeError(f"{text!r} is not a whole number above 0")
    return int(text)
