"""Log lines and tracebacks are redacted, by every handler."""

import logging
from typing import Any

from django.conf import settings

from sensorfusion.config.log_redaction import RedactingFormatter

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

    for handler in logs["handlers"].values():
        assert (
            logs["formatters"][handler["formatter"]]["()"]
            == f"{RedactingFormatter.__module__}.{RedactingFormatter.__name__}"
        )
