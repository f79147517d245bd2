"""Posts readings for the demo's stations, or creates a long synthetic history."""

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
from sensorfusion.demo import history_command, house
from sensorfusion.demo.replay import EVERY_S, NoDemo, replay
from sensorfusion.demo.stations import STATIONS
from sensorfusion.terminal.commands import ExplainedCommand

CODES = [station.code for station in STATIONS]
EPILOG = """\
The values are the hourly observations of the shifted year, interpolated: values linearly, directions along the shorter
arc, and an hour's rain spread evenly over the hour. A gust is sent if the nearest hour had one. Noise within the
resolution of the instruments is added: temperature and dew point ±0.05 °C, humidity ±0.25 %, wind and gust ±0.25 m/s,
direction ±3°, pressure ±0.05 hPa.

With --history, the command instead creates a site with sensors and years of readings directly in the database, to try
how the platform behaves when it is full. The weather is synthetic, and the same for the same --seed and time range;
rain gauges are reset now and then, and sensors have gaps, some of which they fill later.

Each station posts to /api/v1/readings with its own key, like any sensor. Readings that cannot be sent are kept (up to
two hours) and sent later, in order. Stops on Ctrl-C and SIGTERM.

example:
  sensorfusion demo
  sensorfusion simulate --url http://127.0.0.1:8000 --every 1 --sensors JFK LGA
  sensorfusion simulate --history --sensors 20 --quantities 10 --years 1 --every 60
"""


class Command(ExplainedCommand):
    help = "Post current readings for the demo's stations."
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
            help=f"only these stations: {', '.join(CODES)}; with --history the number of sensors (default: 20)",
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
        with contextlib.suppress(NotImplementedError):  # on Windows Ctrl-C ends it by an exception
            loop.add_signal_handler(number, stop.set)
    if until_input_ends:
        threading.Thread(target=_wait_for_end, args=(loop, stop), daemon=True).start()
    data = settings.ENVIRONMENT.data
    # Beside a server the house, too.
    beside = [asyncio.create_task(house.live(url, data, stop, now=utc_now))] if until_input_ends else []
    try:
        await replay(url, data, stop, now=utc_now, every_s=every_s, only=sensors)
    finally:
        stop.set()
        await asyncio.gather(*beside, return_exceptions=True)


def _wait_for_end(loop: asyncio.AbstractEventLoop, stop: asyncio.Event) -> None:
    # Not sys.stdin.read: a thread blocked in it at interpreter shutdown would crash the process.
    with contextlib.suppress(OSError):
        while os.read(sys.stdin.fileno(), 1024):
            pass
    with contextlib.suppress(RuntimeError):  # the loop has ended meanwhile
        loop.call_soon_threadsafe(stop.set)


def _seconds(text: str) -> float:
    try:
        seconds = float(text)
    except ValueError:
        raise ArgumentTypeError(f"{text!r} is not a number of seconds") from None
    if not 0.01 <= seconds <= 3600:
        raise ArgumentTypeError("give between 0.01 and 3600 seconds")
    return seconds
