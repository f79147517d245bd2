"""Delivery over TLS and STARTTLS, to a server with a certificate that is checked."""

import shutil
import ssl
import subprocess
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from sensorfusion.mail.envelope import Envelope, email_of
from sensorfusion.mail.server import Encryption, Server
from sensorfusion.mail.smtp import NotDelivered, deliver
from tests.mail.mail_server import MailServer, running_mail_server

pytestmark = [
    pytest.mark.sockets,
    pytest.mark.skipif(not shutil.which("openssl"), reason="no openssl to make a certificate with"),
]
ENVELOPE = Envelope(7, "ada@example.org", "A subject", "Hello", "<p>Hello</p>", datetime(2026, 11, 29, tzinfo=UTC))
EMAIL = email_of(ENVELOPE, sender="sensors@example.org")


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A certificate of 127.0.0.1 with its key in one file."""
    path = tmp_path_factory.mktemp("tls")
    made = ["req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2000"]
    names = ["-subj", "/CN=mail.test", "-addext", "subjectAltName=IP:127.0.0.1"]
    files = ["-keyout", str(path / "key.pem"), "-out", str(path / "certificate.pem")]
    subprocess.run(["openssl", *made, *names, *files], check=True, capture_output=True)
    return path


@pytest.fixture
def tls(certificate: Path) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate / "certificate.pem", certificate / "key.pem")
    return context


@pytest.fixture
def trusted(certificate: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate / "certificate.pem"))


@pytest.fixture
def encrypted(tls: ssl.SSLContext) -> Iterator[MailServer]:
    with running_mail_server(tls) as mail:
        yield mail


@pytest.fixture
def upgradable(tls: ssl.SSLContext, mail_server: MailServer) -> MailServer:
    mail_server.tls = tls
    mail_server.offers = ("STARTTLS", *mail_server.offers)
    return mail_server


def at(mail: MailServer, encryption: Encryption, user: str = "ada") -> Server:
    return Server("127.0.0.1", mail.port, encryption, user, "s3cret" if user else "")


@pytest.mark.usefixtures("trusted")
def test_message_is_delivered_over_tls_from_the_first_byte(encrypted: MailServer) -> None:
    deliver(at(encrypted, Encryption.TLS), EMAIL)

    assert encrypted.encrypted == ["EHLO", "AUTH", "MAIL", "RCPT", "DATA", "QUIT"]
    assert [email["Subject"] for email in encrypted.emails] == ["A subject"]


@pytest.mark.usefixtures("trusted")
@pytest.mark.parametrize(("encryption", "user"), [(Encryption.STARTTLS, "ada"), (Encryption.IF_OFFERED, "")])
def test_account_and_message_are_sent_after_starttls(upgradable: MailServer, encryption: Encryption, user: str) -> None:
    deliver(at(upgradable, encryption, user), EMAIL)

    assert upgradable.encrypted == ["EHLO", *(["AUTH"] if user else []), "MAIL", "RCPT", "DATA", "QUIT"]
    assert len(upgradable.emails) == 1


@pytest.mark.parametrize("encryption", [Encryption.TLS, Encryption.STARTTLS, Encryption.IF_OFFERED])
def test_certificate_of_nobody_ends_the_delivery_before_the_password(
    encryption: Encryption, encrypted: MailServer, upgradable: MailServer
) -> None:
    mail = encrypted if encryption is Encryption.TLS else upgradable

    with pytest.raises(NotDelivered, match=r"certificate of the mail server 127\.0\.0\.1:\d+ is not valid") as failed:
        deliver(at(mail, encryption), EMAIL)

    assert failed.value.is_server
    assert (mail.accounts, mail.emails) == ([], [])


@pytest.mark.usefixtures("trusted")
def test_server_that_refuses_starttls_gets_no_password(upgradable: MailServer) -> None:
    upgradable.answers["STARTTLS"] = "454 not now"

    with pytest.raises(NotDelivered) as failed:
        deliver(at(upgradable, Encryption.STARTTLS), EMAIL)

    assert failed.value.is_server
    assert (upgradable.accounts, upgradable.emails) == ([], [])
