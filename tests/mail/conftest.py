"""A mail server, and an installation that is configured to send by it."""

from collections.abc import Iterator
from dataclasses import replace

import pytest
from pytest_django import Settings

from tests.mail.mail_server import MailServer, running_mail_server

HOME = "https://sensors.example.org"
SENDER = "Weather <sensors@example.org>"


@pytest.fixture
def mail_server() -> Iterator[MailServer]:
    with running_mail_server() as mail:
        yield mail


@pytest.fixture
def mail_settings(settings: Settings) -> None:
    """E-mail is configured; nothing sends it."""
    settings.PUBLIC_URL = HOME
    settings.ENVIRONMENT = replace(
        settings.ENVIRONMENT, email_url="smtp://127.0.0.1:1", email_from=SENDER, public_url=HOME
    )
