"""A queued message as an e-mail (RFC 5322). No header can be injected: Python's e-mail package refuses line breaks."""

import re
from base64 import b64decode
from dataclasses import dataclass, field
from datetime import datetime
from email.message import EmailMessage
from email.policy import EmailPolicy
from email.utils import format_datetime, parseaddr
from typing import Any, Final

from sensorfusion.mail.message import Attachment


class _Policy(EmailPolicy):
    """Python's policy for SMTP, which leaves an address of the web whole.

    A long one cannot be folded, and would become an encoded word, in which no program for mail looks for it.
    """

    def fold(self, name: str, value: Any) -> str:
        return f"{name}: {value}{self.linesep}" if name == _STOP else super().fold(name, value)

    def fold_binary(self, name: str, value: Any) -> bytes:
        return self.fold(name, value).encode() if name == _STOP else super().fold_binary(name, value)


_PNG: Final = "data:image/png;base64,"
_PICTURE: Final = re.compile(f'src="{_PNG}([A-Za-z0-9+/=]+)"')
_STOP: Final = "List-Unsubscribe"  # RFC 2369
_SMTP: Final = _Policy(linesep="\r\n")


@dataclass(frozen=True, slots=True)
class Envelope:
    """What is needed to make the e-mail of one row of the outbox."""

    number: int
    recipient: str
    subject: str
    text: str = field(repr=False)
    html: str = field(repr=False)
    created_at: datetime
    stop: str = ""  # where its reader ends such messages with one POST
    attachment: Attachment | None = None


def email_of(envelope: Envelope, *, sender: str) -> EmailMessage:
    """Make the e-mail; a message that is sent again has the same id, by which programs for mail drop the second.

    :raises ValueError: if a header would have a line break.
    """
    domain = parseaddr(sender)[1].rpartition("@")[2] or "localhost"
    email = EmailMessage(policy=_SMTP)
    email["From"], email["To"], email["Subject"] = sender, envelope.recipient, envelope.subject
    email["Date"] = format_datetime(envelope.created_at)
    email["Message-ID"] = f"<{envelope.number}.{envelope.created_at:%Y%m%d%H%M%S%f}@{domain}>"
    email["Auto-Submitted"] = "auto-generated"  # no automatic replies (RFC 3834)
    if envelope.stop:  # the mail program's own button sends the POST
        email[_STOP], email[f"{_STOP}-Post"] = f"<{envelope.stop}>", "List-Unsubscribe=One-Click"  # RFC 8058
    email.set_content(envelope.text)
    _add_html(email, envelope.html, f"{envelope.number}@{domain}")
    if envelope.attachment:
        main, _, subtype = envelope.attachment.kind.partition("/")
        name, content = envelope.attachment.name, envelope.attachment.content
        email.add_attachment(content, maintype=main, subtype=subtype, filename=name)
    return email


def _add_html(email: EmailMessage, html: str, name: str) -> None:
    """Add the HTML, with its pictures as parts beside it: programs for mail show no others without asking."""
    pictures = _PICTURE.findall(html)
    for place, each in enumerate(pictures):
        html = html.replace(f'"{_PNG}{each}"', f'"cid:picture{place}.{name}"', 1)
    email.add_alternative(html, subtype="html")
    part = email.get_body(("html",))
    for place, each in enumerate(pictures):
        cid = f"<picture{place}.{name}>"
        assert isinstance(part, EmailMessage)
        part.add_related(b64decode(each), "image", "png", cid=cid, disposition="inline", filename="chart.png")
