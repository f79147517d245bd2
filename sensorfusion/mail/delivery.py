"""How e-mail leaves, by EMAIL_URL: to a mail server, or printed on the console."""

import sys
from email.message import EmailMessage
from functools import partial

from sensorfusion.mail.sender import Deliver
from sensorfusion.mail.server import CONSOLE, server_at
from sensorfusion.mail.smtp import deliver


def delivery(url: str) -> Deliver:
    """Return the function that delivers one e-mail."""
    return to_console if url == CONSOLE else partial(deliver, server_at(url))


def to_console(email: EmailMessage) -> None:
    """Print the headers and the text of an e-mail, for development."""
    text = email.get_body(("plain",))
    headers = "\n".join(f"{name}: {email[name]}" for name in ("From", "To", "Subject"))
    print(f"\n{headers}\n\n{text.get_content() if text else ''}", file=sys.stderr, flush=True)
