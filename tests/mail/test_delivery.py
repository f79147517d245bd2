"""How e-mail leaves, by EMAIL_URL."""

from datetime import UTC, datetime

import pytest

from sensorfusion.mail.delivery import delivery
from sensorfusion.mail.envelope import Envelope, email_of
from tests.mail.mail_server import MailServer


def test_console_prints_headers_and_text(capsys: pytest.CaptureFixture[str]) -> None:
    envelope = Envelope(7, "ada@example.org", "Subject", "Grüße\n", "<p>x</p>", datetime(2026, 11, 29, tzinfo=UTC))

    delivery("console:")(email_of(envelope, sender="sensors@example.org"))

    printed = capsys.readouterr().err
    assert "To: ada@example.org\nSubject: Subject\n\nGrüße\n" in printed
    assert "<p>" not in printed


@pytest.mark.sockets
def test_server_is_that_of_the_url(mail_server: MailServer) -> None:
    envelope = Envelope(7, "ada@example.org", "Subject", "t", "<p>x</p>", datetime(2026, 11, 29, tzinfo=UTC))

    delivery(mail_server.url)(email_of(envelope, sender="sensors@example.org"))

    assert mail_server.recipients == ["ada@example.org"]
