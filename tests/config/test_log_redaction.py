"""Log lines and tracebacks are redacted, by every handler."""

import json
import logging
from typing import Any

from django.conf import settings

from sensorfusion.config import log_redaction
from sensorfusion.config.log_redaction import JsonFormatter, RedactingFormatter

KEY = "sf_7k2m9q4x-" + "Ab3-_" * 6 + "zz"


def test_tracebacks_are_scrubbed_too() -> None:
    try:
        raise ValueError(f"/in/{KEY}/x")
    except ValueError as error:
        record = logging.LogRecord("x", logging.ERROR, "f", 1, "at %s", (KEY,), (type(error), error, None))

    line = RedactingFormatter("{message}", style="{").format(record)

    assert KEY[12:] not in line
    assert "ValueError" in line


def test_every_handler_of_the_platform_scrubs() -> None:
    logs: Any = settings.LOGGING

    assert {handler["formatter"] for handler in logs["handlers"].values()} <= logs["formatters"].keys()
    for formatter in logs["formatters"].values():
        module, _, name = formatter["()"].rpartition(".")
        assert module == log_redaction.__name__
        assert issubclass(getattr(log_redaction, name), RedactingFormatter)


def test_json_has_what_was_given_and_no_secret() -> None:
    try:
        raise ValueError(f"/in/{KEY}/x")
    except ValueError as error:
        about = (type(error), error, None)
    record = logging.LogRecord("live", logging.INFO, "f", 1, "two\nlines at %s", (KEY,), about)
    record.__dict__.update(frames=7, operator=f"{KEY}", site=None)

    line = JsonFormatter().format(record)

    said = json.loads(line)
    assert "\n" not in line
    assert KEY[12:] not in line
    assert (said["level"], said["logger"], said["frames"], said["site"]) == ("INFO", "live", 7, None)
    assert said["message"].startswith("two\nlines at ")
    assert "ValueError" in said["exception"]
    assert said.keys() == {"time", "level", "logger", "message", "frames", "operator", "site", "exception"}
