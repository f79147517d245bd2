"""A queued message as an e-mail (RFC 5322). No header can be injected: Python's e-mail package refuses line breaks."""

from dataclasses import dataclass, field
from datetime import datetime
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, parseaddr


@dataclass(frozen=True, slots=True)
class Envelope:
    """What is needed to make the e-mail of one row of the outbox."""

    number: int
    recipient: str
    subject: str
    text: str = field(repr=False)
    html: str = field(repr=False)
    created_at: datetime


def email_of(envelope: Envelope, *, sender: str) -> EmailMessage:
    """Make the e-mail; a message that is sent again has the same id, by which programs for mail drop the second.

    :raises ValueError: if a header would have a line break.
    """
    domain = parseaddr(sender)[1].rpartition("@")[2] or "localhost"
    email = EmailMessage(policy=SMTP)
    email["From"], email["To"], email["Subject"] = sender, envelope.recipient, envelope.subject
    email["Date"] = format_datetime(envelope.created_at)
    email["Message-ID"] = f"<{envelope.number}.{envelope.created_at:%Y%m%d%H%M%S%f}@{domain}>"
    email["Auto-Submitted"] = "auto-generated"  # no automatic replies (RFC 3834)
    email.set_content(envelope.text)
    email.add_alternative(envelope.html, subtype="html")
    return email
