"""`sensorfusion send`: sends one reading from a shell or a cron job. Loads neither Django nor a database."""

import json
import math
import re
import sys
from argparse import ArgumentParser, ArgumentTypeError
from datetime import datetime
from pathlib import Path
from typing import Any

from sensorfusion.clients.python.sensorfusion_client import Client, KeyRefused, NotTaken, Receipt
from sensorfusion.config import env

HELP = "Send a reading to a server, as a sensor does, and show the receipt."
EPILOG = """\
The key comes from --key, --key-file, SENSORFUSION_KEY, or ~/.config/sensorfusion/key, in this order. All users of
the machine can see a command line: prefer a file or the environment.

exit status:
  0  the reading is on the server's disk
  1  the server permanently rejected it or a part of it
  2  the command line cannot be understood
  3  the server did not store it; with --spool the reading is kept and sent with the next one
  4  the key or the address is wrong; with --spool the reading is kept

examples:
  sensorfusion send temperature=21.4 humidity=60 --key-file balcony.key
  sensorfusion send temperature=70.1°F wind_speed="12 mph" condition=Rain --at 2026-11-22T06:00:00Z
  sensorfusion send level=1.234 --url https://sensors.example.org --spool /var/lib/readings
  sensorfusion send --spool /var/lib/readings      # only the readings that wait there
"""
KEY_FILE = Path("~/.config/sensorfusion/key")
STORED, REFUSED, NOT_UNDERSTOOD, NOT_SENT, WRONG_KEY = range(5)
_NUMBER = re.compile(r"([+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?)\s*(.*)", re.DOTALL)


def add_arguments(parser: ArgumentParser) -> None:
    parser.add_argument(
        "values",
        nargs="*",
        type=_named_value,
        metavar="QUANTITY=VALUE",
        help="a value in the platform's unit, or followed by its own unit",
    )
    parser.add_argument("--at", type=_instant, metavar="TIME", help="time of the observation (default: now)")
    parser.add_argument("--url", help="the server (default: SENSORFUSION_URL, or http://127.0.0.1:8000)")
    parser.add_argument("--key", help="the sensor's key")
    parser.add_argument("--key-file", type=Path, metavar="FILE", help="a file that holds the key")
    parser.add_argument("--spool", type=Path, metavar="DIR", help="keep readings here until the server has stored them")
    parser.add_argument("--json", action="store_true", help="print the receipt as JSON")


def run(parser: ArgumentParser, options: dict[str, Any]) -> int:
    """Send the reading that the parsed options describe and return the exit status."""
    values, spool = dict(options["values"]), options["spool"]
    if not values and not spool:
        parser.error("give at least one QUANTITY=VALUE, such as temperature=21.4")
    environment = env.current()
    key = _key(parser, options, environment.send_key)
    try:
        client = Client(options["url"] or environment.send_url, key, spool=spool)
    except (ValueError, OSError) as error:
        parser.error(str(error))
    with client:
        try:
            receipt = client.send(values, observed_at=options["at"]) if values else client.deliver()
        except NotTaken as trouble:
            print(f"Not sent: {trouble}", file=sys.stderr)
            return WRONG_KEY if isinstance(trouble, KeyRefused) else NOT_SENT
        print(_as_json(receipt) if options["json"] else _told(receipt, client))
    return _status(receipt)


def _status(receipt: Receipt) -> int:
    if receipt.rejected:
        return REFUSED
    if receipt.kept:
        return WRONG_KEY if receipt.needs_a_person else NOT_SENT
    return STORED


def _told(receipt: Receipt, client: Client) -> str:
    lines = []
    if receipt.accepted:
        lines.append(f"Stored: {_count(receipt.accepted)}, on the server's disk as change {receipt.seq}.")
    if receipt.duplicates:
        lines.append(f"Known already: {_count(receipt.duplicates)}; nothing changed.")
    for each in receipt.rejected:
        lines.append(f"Refused: {f'{each.quantity}, ' if each.quantity else ''}{each.detail} ({each.code})")
    if receipt.kept and client.spool:
        lines.append(f"Kept in {client.spool.directory}, where {_count(client.spool.count())} wait: {receipt.kept}")
    if client.spool and client.spool.lost:
        lines.append(f"Lost for lack of space, before they could be sent: {_count(client.spool.lost)}")
    return "\n".join(lines) or "Nothing waits."


def _count(readings: int) -> str:
    return "1 reading" if readings == 1 else f"{readings:,} readings"


def _as_json(receipt: Receipt) -> str:
    said = {name: getattr(receipt, name) for name in ("accepted", "duplicates", "seq", "kept")}
    return json.dumps({**said, "rejected": [vars(each) for each in receipt.rejected]}, ensure_ascii=False)


def _key(parser: ArgumentParser, options: dict[str, Any], from_environment: str) -> str:
    if options["key"]:
        return str(options["key"]).strip()
    path, kept = options["key_file"], KEY_FILE.expanduser()
    if path is None and from_environment:
        return from_environment
    if path is None and not kept.exists():
        parser.error(f"there is no key: give --key-file FILE, set SENSORFUSION_KEY, or put it into {KEY_FILE}")
    try:
        return str((path or kept).read_text(encoding="utf-8")).strip()
    except (OSError, ValueError) as error:
        parser.error(f"the key cannot be read: {error}")


def _named_value(text: str) -> tuple[str, object]:
    name, equals, value = text.partition("=")
    if not equals or not name.strip() or not value.strip():
        raise ArgumentTypeError(f"{text!r} is not QUANTITY=VALUE, such as temperature=21.4")
    return name.strip(), _value(value.strip())


def _value(text: str) -> object:
    """Parse a number, a number with a unit, true, false, or text; text in double quotes is never parsed."""
    if text in ("true", "false"):
        return text == "true"
    if len(text) > 1 and text[0] == text[-1] == '"':
        return text[1:-1]
    match = _NUMBER.fullmatch(text)
    if match is None or not math.isfinite(float(match[1])):
        return text
    number = float(match[1]) if any(sign in match[1] for sign in ".eE") else int(match[1])
    return {"value": number, "unit": match[2]} if match[2] else number


def _instant(text: str) -> str | float:
    try:
        return float(text)
    except ValueError:
        pass
    try:
        instant = datetime.fromisoformat(text)
    except ValueError:
        raise ArgumentTypeError(f"{text!r} is not a time such as 2026-11-22T06:00:00Z") from None
    if instant.tzinfo is None:
        raise ArgumentTypeError(f"{text!r} has no time zone: end it with Z or an offset such as +01:00")
    return text
