"""`sensorfusion mcp`: serves a language model on standard input and output, or over HTTP. Loads neither Django nor a
database.
"""

from argparse import ArgumentParser, ArgumentTypeError
from importlib.util import find_spec
from typing import Any

from sensorfusion.clients.python.sensorfusion_reader import Reader
from sensorfusion.clock import utc_now
from sensorfusion.config import env
from sensorfusion.terminal.errors import CommandLineError

HELP = "Answer the questions of a language model about sensors (Model Context Protocol)."
EPILOG = """\
A client such as a desktop assistant starts this command, and asks over its standard input and output. It reads the
platform at SENSORFUSION_URL (default: http://127.0.0.1:8000) with the API token in SENSORFUSION_TOKEN, and can tell
what that token may read. It changes nothing; the scope `read` is enough.

It needs an extra: pip install 'sensorfusion[mcp]'

exit status:
  0  the client ended
  1  the extra is not installed, or the port is taken
  2  the command line or a variable cannot be understood

examples:
  SENSORFUSION_TOKEN=sft_… sensorfusion mcp
  SENSORFUSION_TOKEN=sft_… SENSORFUSION_URL=https://sensors.example.org sensorfusion mcp
  SENSORFUSION_TOKEN=sft_… sensorfusion mcp --http 8765     # at http://127.0.0.1:8765/mcp, with the same token
"""
TRIES = 2  # a person is waiting for the answer
MISSING = "The MCP server needs the library mcp, which is not installed. Install it: pip install 'sensorfusion[mcp]'."


def add_arguments(parser: ArgumentParser) -> None:
    parser.add_argument(
        "--http",
        type=_port,
        metavar="PORT",
        help="serve streamable HTTP at http://127.0.0.1:PORT/mcp instead of standard input and output",
    )


def run(parser: ArgumentParser, options: dict[str, Any]) -> int:
    """Serve as the parsed options say, and return the exit status.

    :raises CommandLineError: it cannot begin.
    """
    environment = env.current()
    if not environment.read_token:
        parser.error("there is no token: make one with the scope read on the account page, and set SENSORFUSION_TOKEN")
    if find_spec("mcp") is None:
        raise CommandLineError(MISSING)
    with Reader(environment.send_url, environment.read_token, tries=TRIES) as reader:
        _serve(reader, options["http"], environment.read_token)
    return 0


def _port(text: str) -> int:
    if not text.isdecimal() or int(text) > 65_535:
        raise ArgumentTypeError(f"{text!r} is no port, such as 8765")
    return int(text)


def _serve(reader: Reader, port: int | None, token: str) -> None:
    # Here, because the library is an extra.
    from sensorfusion.mcp import http
    from sensorfusion.mcp.platform import Platform
    from sensorfusion.mcp.server import server_of

    server = server_of(Platform(reader, utc_now))
    if port is None:
        server.run("stdio")
        return
    try:
        http.serve(server, port=port, token=token)
    except OSError as error:
        raise CommandLineError(f"Port {port} of 127.0.0.1 cannot be used: {error.strerror}. Name another.") from None
