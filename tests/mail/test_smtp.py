"""Delivery to a real server on this machine: what arrives, and how each failure is told."""

import smtplib
import socket
from datetime import UTC, datetime
from email.message import EmailMessage

import pytest

from sensorfusion.mail.envelope import Envelope, email_of
from sensorfusion.mail.server import Encryption, Server, server_at
from sensorfusion.mail.smtp import NotDelivered, connected, deliver
from tests.mail.mail_server import MailServer, text_of

pytestmark = pytest.mark.sockets
ENVELOPE = Envelope(7, "ada@example.org", "A subject", "Grüße", "<p>Grüße</p>", datetime(2026, 11, 29, tzinfo=UTC))


def an_email() -> EmailMessage:
    return email_of(ENVELOPE, sender="Weather <sensors@example.org>")


def exhaust(link: smtplib.SMTP) -> None:
    """Keep a connection busy, one quick answer after the other, until it ends."""
    while link.noop():
        pass


def failure(server: Server) -> NotDelivered:
    with pytest.raises(NotDelivered) as failed:
        deliver(server, an_email())
    return failed.value


def test_message_arrives_as_text_and_html(mail_server: MailServer) -> None:
    deliver(server_at(mail_server.url), an_email())

    [email] = mail_server.emails
    assert (email["From"], email["To"], email["Subject"]) == (
        "Weather <sensors@example.org>", "ada@example.org", "A subject",
    )  # fmt: skip
    assert mail_server.recipients == ["ada@example.org"]
    assert text_of(email).strip() == "Grüße"
    assert text_of(email, "html").strip() == "<p>Grüße</p>"


def test_account_is_used(mail_server: MailServer) -> None:
    deliver(server_at(mail_server.url.replace("//", "//ada:s3cret@")), an_email())

    assert len(mail_server.accounts) == len(mail_server.emails) == 1


def test_refused_account_is_told_without_the_password(mail_server: MailServer) -> None:
    mail_server.answers["AUTH"] = "535 5.7.8 no such account"

    failed = failure(server_at(mail_server.url.replace("//", "//ada:s3cret@")))

    assert "refuses the account of EMAIL_URL: 535 5.7.8 no such account" in str(failed)
    assert (failed.is_server, failed.is_final) == (True, False)
    assert "s3cret" not in str(failed)


@pytest.mark.parametrize(("answer", "is_final"), [("550 no such mailbox", True), ("451 try later", False)])
def test_refused_address_is_final_if_the_server_says_so(mail_server: MailServer, answer: str, is_final: bool) -> None:
    mail_server.answers["RCPT"] = answer

    failed = failure(server_at(mail_server.url))

    assert str(failed) == f"The address is refused: {answer}"
    assert (failed.is_final, failed.is_server) == (is_final, False)


def test_refused_sender_is_a_fault_of_the_settings(mail_server: MailServer) -> None:
    mail_server.answers["MAIL"] = "553 not yours"

    failed = failure(server_at(mail_server.url))

    assert "refuses EMAIL_FROM: 553 not yours" in str(failed)
    assert failed.is_server


def test_refused_message_is_final(mail_server: MailServer) -> None:
    mail_server.answers["BODY"] = "554 looks like spam"

    failed = failure(server_at(mail_server.url))

    assert str(failed) == "The message is refused: 554 looks like spam"
    assert failed.is_final


def test_server_that_is_not_there_is_named() -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]

        failed = failure(server_at(f"smtp://127.0.0.1:{port}"))

    assert f"The mail server 127.0.0.1:{port} does not answer: Connection refused" in str(failed)
    assert failed.is_server


def test_silent_server_is_left_after_a_step(mail_server: MailServer) -> None:
    mail_server.is_silent = True

    with (
        pytest.raises(NotDelivered, match="does not answer: "),
        connected(server_at(mail_server.url), step_within_s=0.05),
    ):
        pass


def test_server_that_drags_on_is_cut_off(mail_server: MailServer) -> None:
    with (
        pytest.raises(NotDelivered, match="does not answer"),
        connected(server_at(mail_server.url), all_within_s=0.01) as link,
    ):
        exhaust(link)


def test_password_is_not_sent_to_a_server_without_encryption(mail_server: MailServer) -> None:
    failed = failure(Server("127.0.0.1", mail_server.port, Encryption.STARTTLS, "ada", "s3cret"))

    assert "offers no encryption" in str(failed)
    assert mail_server.accounts == []


def test_certificate_that_is_not_trusted_is_named(mail_server: MailServer) -> None:
    mail_server.offers = ("STARTTLS",)

    failed = failure(Server("127.0.0.1", mail_server.port, Encryption.IF_OFFERED))

    # The server speaks no TLS after its "250": what follows is not a handshake.
    assert failed.is_server
    assert mail_server.emails == []
