"""`sensorfusion watch`: the newest values of sensors in a terminal, live. Loads neither Django nor a database."""

import sys
import threading
import time
from argparse import ArgumentParser
from pathlib import Path
from typing import Any, Final

from rich.console import Console
from rich.live import Live

from sensorfusion.clients.python.sensorfusion_reader import ApiError, Reader, Unreachable
from sensorfusion.clock import utc_now
from sensorfusion.command_line.watching.drawing import board
from sensorfusion.command_line.watching.following import Board
from sensorfusion.config import env
from sensorfusion.web.values.systems import composed_of

HELP = "Show the newest values of sensors in this terminal, and follow them."
EPILOG = """\
It reads the server at SENSORFUSION_URL (default: http://127.0.0.1:8000) with the API token in SENSORFUSION_TOKEN; the
scope `read` is enough. Values are in the units of the token's operator. Ctrl-C ends it.

exit status:
  0  what there is was shown once (--once)
  2  the command line or a variable cannot be understood
  3  the server does not answer
  4  the token is not accepted, or has ended

examples:
  SENSORFUSION_TOKEN=sft_… sensorfusion watch
  sensorfusion watch freezer --token-file reader.token      # sensors whose name has this word
  sensorfusion watch --once | mail -s Sensors ada@example.org
"""
NOT_THERE: Final = 3
REFUSED: Final = 4
DRAWN_EVERY_S: Final = 1.0


def add_arguments(parser: ArgumentParser) -> None:
    parser.add_argument("search", nargs="?", default="", help="only sensors with this in their name")
    parser.add_argument("--once", action="store_true", help="show what there is, and end")
    parser.add_argument("--url", help="the server (default: SENSORFUSION_URL, or http://127.0.0.1:8000)")
    parser.add_argument("--token-file", type=Path, metavar="FILE", help="a file that holds the API token")


def run(parser: ArgumentParser, options: dict[str, Any]) -> int:
    """Show what the parsed options say, and return the exit status."""
    environment = env.current()
    token = _token(parser, options["token_file"], environment.read_token)
    try:
        with Reader(options["url"] or environment.send_url, token, timeout_s=10, tries=1) as reader:
            return _watch(reader, search=options["search"], once=options["once"])
    except Unreachable as error:
        print(f"The server does not answer: {error}", file=sys.stderr)
        return NOT_THERE
    except ApiError as error:
        print(f"The server refused it: {error}", file=sys.stderr)
        return REFUSED
    except ValueError as error:
        parser.error(str(error))


def _token(parser: ArgumentParser, path: Path | None, from_environment: str) -> str:
    try:
        token = path.read_text(encoding="utf-8").strip() if path else from_environment
    except (OSError, ValueError) as error:
        parser.error(f"the token cannot be read: {error}")
    if not token:
        parser.error("there is no token: make one with the scope read on the account page, and set SENSORFUSION_TOKEN")
    return token


def _watch(reader: Reader, *, search: str, once: bool) -> int:
    me = reader.get("/auth/me/")
    system = composed_of(me["units"], me["single_units"])
    watched, console = Board(reader, utc_now), Console()
    watched.load(**({"search": search} if search else {}))

    def drawn() -> Any:
        return board(watched.tiles, now=utc_now(), system=system, away_since=watched.away_since)

    if once or not watched.tiles:
        console.print(drawn())
        return 0
    threading.Thread(target=watched.follow, name="stream", daemon=True).start()
    with Live(drawn(), console=console, screen=console.is_terminal, auto_refresh=False) as shown:
        while watched.ended is None:
            watched.renew()
            shown.update(drawn(), refresh=True)
            time.sleep(DRAWN_EVERY_S)
    raise watched.ended
