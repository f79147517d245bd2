"""Keeps the demo's stations speaking."""

import asyncio
import contextlib
import os
import signal
import sys
import threading
from argparse import SUPPRESS, ArgumentParser, ArgumentTypeError, RawDescriptionHelpFormatter
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from sensorfusion.ingest.replay import EVERY_S, NoDemo, replay
from sensorfusion.ingest.stations import STATIONS

EPILOG = """\
What it says: the hourly observations of the moved year, interpolated: plain values change evenly from one hour to the
next, directions the short way round, and the rain of an hour falls evenly in it. A gust is sent where the nearest hour
had one. On top comes noise within what the instruments resolve: temperature and dew point ±0.05 °C, humidity
±0.25 %, wind and gust ±0.25 m/s, direction ±3°, pressure ±0.05 hPa.

Each station posts to /api/v1/readings with its own key, as any sensor does. What cannot be sent is kept (two hours of
it) and sent later, in order. Stops on Ctrl-C and SIGTERM.

example:
  sensorfusion demo
  sensorfusion simulate --url http://127.0.0.1:8000 --every 1 --sensors JFK LGA
"""


class Command(BaseCommand):
    help = "Post readings for the demo's stations, as they would say them now."
    requires_system_checks = ()

    def create_parser(self, prog_name: str, subcommand: str, **options: Any) -> Any:
        return super().create_parser(
            prog_name,
            subcommand,
            epilog=EPILOG,
            formatter_class=RawDescriptionHelpFormatter,
            **options,
        )

    def add_arguments(self, parser: ArgumentParser) -> None:
        codes = [station.code for station in STATIONS]
        parser.add_argument(
            "--url", default="http://127.0.0.1:8000", help="the server (default: http://127.0.0.1:8000)"
        )
        parser.add_argument(
            "--every",
            type=_seconds,
            default=EVERY_S,
            metavar="S",
            help=f"seconds between readings (default: {EVERY_S:g})",
        )
        parser.add_argument("--sensors", nargs="+", choices=codes, default=[], help="only these stations")
        parser.add_argument("--until-input-ends", action="store_true", help=SUPPRESS)

    def handle(self, *, url: str, every: float, sensors: list[str], until_input_ends: bool, **_: Any) -> None:
        try:
            asyncio.run(_run(url, every, sensors, until_input_ends=until_input_ends))
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
    await replay(url, settings.ENVIRONMENT.data, stop, every_s=every_s, only=sensors)


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
