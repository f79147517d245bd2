"""Secrets in URLs are redacted from log lines."""

import logging
from typing import Any

import pytest
from django.conf import settings

from sensorfusion.config.log_redaction import RedactingFormatter, redacted

KEY = "sf_7k2m9q4x-" + "Ab3-_" * 6 + "zz"
TOKEN = "sft_" + "Token" * 8


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        (f"Not Found: /in/{KEY}/typo", "Not Found: /in/sf_7k2m9q4x-…/typo"),
        (f"Not Found: /api/v1/{KEY}/telemetr", "Not Found: /api/v1/sf_7k2m9q4x-…/telemetr"),
        (f"Bearer {TOKEN}.", "Bearer sft_…."),
        ("/weatherstation/ID=x&PASSWORD=hunter2&tempf=1", "/weatherstation/ID=x&PASSWORD=…&tempf=1"),
        ("/data/repor/?PASSKEY=34:27:13&x=1", "/data/repor/?PASSKEY=…&x=1"),
        ("siteAuthenticationKey=123456 and", "siteAuthenticationKey=… and"),
        ("/write?u=me&p=secret", "/write?u=me&p=…"),
        ("nothing of the kind: temp=1, sf_7k2m9q4x", "nothing of the kind: temp=1, sf_7k2m9q4x"),
    ],
)
def test_secrets_become_an_ellipsis_and_the_rest_stays(line: str, expected: str) -> None:
    assert redacted(line) == expected


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
