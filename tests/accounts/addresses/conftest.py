"""Messages that wait in the outbox, as the sender would write them, and the links in them."""

import re
from collections.abc import Iterable

from sensorfusion.clock import utc_now
from sensorfusion.mail.kinds import Kind
from sensorfusion.mail.message import Rendered, render
from sensorfusion.mail.models import OutboxMessage
from sensorfusion.server.mailer import composers
from tests.mail.conftest import HOME, mail_settings

__all__ = ["mail_settings"]


def composed(rows: Iterable[OutboxMessage] | None = None) -> dict[str, Rendered]:
    """Return the messages with links that would be sent now, by their recipients."""
    written = {}
    for row in OutboxMessage.objects.filter(text="").order_by("id") if rows is None else rows:
        made = composers(now=utc_now)[Kind(row.kind)](row.recipient, row.about)
        if made:
            written[made.to] = render(made.message, made_at=row.created_at)
    return written


def link_in(message: Rendered) -> str:
    """Return the path of the link that a message carries."""
    [found] = re.findall(rf"{HOME}(/sign-in/address/\S+)", message.text)
    return str(found)


def link_to(address: str) -> str:
    """Return the path of the link that waits for an address."""
    return link_in(composed()[address])
