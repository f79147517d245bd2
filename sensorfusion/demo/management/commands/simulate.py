"""Keeps the demo's stations speaking; or makes a long history of sensors that never were."""

import asyncio
import contextlib
import os
import signal
import sys
import threading
from argparse import SUPPRESS, ArgumentParser, ArgumentTypeError
from typing import Any

from django.conf import settings
from django.core.management.base import CommandError

from sensorfusion.clock import utc_now
from sensorfusion.demo import history_command
from sensorfusion.demo.replay import EVERY_S, NoDemo, replay
from sensorfusion.demo.stations import STATIONS
from sensorfusion.terminal.commands import ExplainedCommand

CODES = [station.code for station in STATIONS]
EPILOG = """\
What it says: the hourly observations of the moved year, interpolated: plain values change evenly from one hour to the
next, directions the short way round, and the rain of an hour falls evenly in it. A gust is sent where the nearest hour
had one. On top comes noise within what the instruments resolve: temperature and dew point ±0.05 °C, humidity
±0.25 %, wind and gust ±0.25 m/s, direction ±3°, pressure ±0.05 hPa.

With --history it makes a site with sensors and years of readings instead, straight into the database: for trying out
how the platform behaves when it is full. The weather is made up, and the same for the same --seed and span; gauges
start again from zero now and then, sensors fall silent, and some send what they kept afterwards.

Each station posts to /api/v1/readings with its own key, as any sensor does. What cannot be sent is kept (two hours of
it) and sent later, in order. Stops on Ctrl-C and SIGTERM.

example:
  sensorfusion demo
  sensorfusion simulate --url http://127.0.0.1:8000 --every 1 --sensors JFK LGA
  sensorfusion simulate --history --sensors 20 --quantities 10 --years 1 --every 60
"""


class Command(ExplainedCommand):
    help = "Post readings for the demo's stations, as they would say them now."
    epilog = EPILOG
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--url", default="http://127.0.0.1:8000", help="the server (default: http://127.0.0.1:8000)"
        )
        parser.add_argument(
            "--every",
            type=_seconds,
            metavar="S",
            help=f"seconds between readings (default: {EVERY_S:g}; with --history 60, and whole seconds)",
        )
        parser.add_argument(
            "--sensors",
            nargs="+",
            default=[],
            metavar="CODE",
            help=f"only these stations: {', '.join(CODES)}; with --history how many sensors (default: 20)",
        )
        history_command.add_arguments(parser)
        parser.add_argument("--until-input-ends", action="store_true", help=SUPPRESS)

    def handle(
        self,
        *,
        url: str,
        every: float | None,
        sensors: list[str],
        until_input_ends: bool,
        history: bool,
        **options: Any,
    ) -> None:
        if history:
            history_command.run(self.stdout.write, every_s=every or 60, sensors=sensors, now=utc_now(), **options)
            return
        if unknown := set(sensors) - set(CODES):
            raise CommandError(f"There is no station {', '.join(sorted(unknown))}: there are {', '.join(CODES)}.")
        try:
            asyncio.run(_run(url, every or EVERY_S, sensors, until_input_ends=until_input_ends))
        except NoDemo as error:
            raise CommandError(str(error)) from None


async def _run(url: str, every_s: float, sensors: list[str], *, until_input_ends: bool) -> None:
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        with contextlib.suppress(NotImplementedError):  # Windows: Ctrl-C ends it by exception
            loop.add_signal_handler(number, stop.set)
    if until_input_ends:
        threading.Thread(target=_wait_for_end, args=(loop, stop), daemon=True).start()
    await replay(url, settings.ENVIRONMENT.data, stop, now=utc_now, every_s=every_s, only=sensors)


def _wait_for_end(loop: asyncio.AbstractEventLoop, stop: asyncio.Event) -> None:
    # Not sys.stdin.read: a thread that is in it when the interpreter ends would bring it down.
    with contextlib.suppress(OSError):
        while os.read(sys.stdin.fileno(), 1024):
            pass
    with contextlib.suppress(RuntimeError):  # it ended by itself meanwhile
        loop.call_soon_threadsafe(stop.set)


def _seconds(text: str) -> float:
    try:
        seconds = float(text)
    except ValueError:
        raise ArgumentTypeError(f"{text!r} is no number of seconds") from None
    if not 0.01 <= seconds <= 3600:
        raise ArgumentTypeError("say between 0.01 and 3600 seconds")
    return seconds
