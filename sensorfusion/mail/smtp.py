"""Delivery of one message to the mail server, with limits of time, and what went wrong as one sentence.

smtplib limits each read and write. A server that answers byte by byte is cut off by a deadline for the whole delivery.
"""

import contextlib
import smtplib
import socket
import ssl
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from email.message import EmailMessage
from typing import Final

from sensorfusion.domain.redaction import told
from sensorfusion.mail.server import Encryption, Server

STEP_WITHIN_S: Final = 15.0
ALL_WITHIN_S: Final = 60.0
LONGEST_REASON: Final = 300


class NotDelivered(Exception):
    """A message was not delivered; `str()` of it is a sentence for people."""

    def __init__(self, reason: str, *, is_final: bool = False, is_server: bool = False) -> None:
        super().__init__(told(reason, LONGEST_REASON))
        self.is_final = is_final  # the server will not accept it later either
        self.is_server = is_server  # every other message would fail, too


def deliver(server: Server, message: EmailMessage) -> None:
    """Hand a message over; the server has it once this returns.

    :raises NotDelivered: if it has not, or may not have, accepted the message.
    """
    with connected(server) as link:
        try:
            link.send_message(message)
        except smtplib.SMTPRecipientsRefused as error:
            code, said = next(iter(error.recipients.values()))
            raise NotDelivered(f"The address is refused: {_answer(code, said)}", is_final=code >= 500) from None
        except smtplib.SMTPSenderRefused as error:
            refused = f"The mail server refuses EMAIL_FROM: {_answer(error.smtp_code, error.smtp_error)}"
            raise NotDelivered(refused, is_server=True) from None
        except smtplib.SMTPResponseException as error:
            refused = f"The message is refused: {_answer(error.smtp_code, error.smtp_error)}"
            raise NotDelivered(refused, is_final=error.smtp_code >= 500) from None


@contextmanager
def connected(
    server: Server, *, step_within_s: float = STEP_WITHIN_S, all_within_s: float = ALL_WITHIN_S
) -> Iterator[smtplib.SMTP]:
    """Yield a connection that is encrypted and signed in, as the server's URL asks for.

    :raises NotDelivered: if there is none, or it is lost in the block.
    """
    try:
        with closing(_opened(server, step_within_s)) as link, _deadline(link, all_within_s):
            _encrypt(link, server)
            if server.user:
                link.login(server.user, server.password)
            yield link
            with contextlib.suppress(OSError, smtplib.SMTPException):  # what was accepted stays accepted
                link.quit()
    except smtplib.SMTPAuthenticationError as error:
        refused = f"The mail server {server} refuses the account of EMAIL_URL: "
        raise NotDelivered(refused + _answer(error.smtp_code, error.smtp_error), is_server=True) from None
    except ssl.SSLCertVerificationError as error:
        refused = f"The certificate of the mail server {server} is not valid: {error.verify_message}"
        raise NotDelivered(refused, is_server=True) from None
    except smtplib.SMTPNotSupportedError:
        advice = "write smtps:// in EMAIL_URL if it has an encrypted port"
        raise NotDelivered(
            f"The mail server {server} offers no encryption or no sign-in: {advice}", is_server=True
        ) from None
    except (OSError, smtplib.SMTPException) as error:
        reason = getattr(error, "strerror", None) or str(error) or "no answer in time"
        raise NotDelivered(f"The mail server {server} does not answer: {reason}", is_server=True) from None


def _opened(server: Server, within_s: float) -> smtplib.SMTP:
    if server.encryption is Encryption.TLS:
        context = ssl.create_default_context()
        return smtplib.SMTP_SSL(server.host, server.port, timeout=within_s, context=context)
    return smtplib.SMTP(server.host, server.port, timeout=within_s)


def _encrypt(link: smtplib.SMTP, server: Server) -> None:
    link.ehlo()
    offered = server.encryption is Encryption.IF_OFFERED and link.has_extn("starttls")
    if server.encryption is Encryption.STARTTLS or offered:
        link.starttls(context=ssl.create_default_context())


@contextmanager
def _deadline(link: smtplib.SMTP, within_s: float) -> Iterator[None]:
    """Shut the connection's socket down when the time is over: whatever waits for the server fails at once."""
    timer = threading.Timer(within_s, _cut, [link])
    timer.daemon = True
    timer.start()
    try:
        yield
    finally:
        timer.cancel()


def _cut(link: smtplib.SMTP) -> None:
    if link.sock is not None:
        with contextlib.suppress(OSError):
            link.sock.shutdown(socket.SHUT_RDWR)


def _answer(code: int, said: bytes | str) -> str:
    return f"{code} {said.decode(errors='replace') if isinstance(said, bytes) else said}".strip()
