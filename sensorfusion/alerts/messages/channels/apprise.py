"""apprise: a hundred services and more, such as Discord, Telegram or a mailbox, each by an address of apprise.

The whole address is a secret, as tokens may be anywhere in it. So it is stored as one, and what is shown of it as the
address. No idempotency key goes with it: a message that is sent twice comes twice.
"""

import re
from typing import Final

from django.utils.translation import gettext

from sensorfusion.alerts.messages.channels.channel import Channel, Told
from sensorfusion.outgoing.apprise.running import NOT_INSTALLED, Notification, has_apprise, shown_of

TYPES: Final = {"info": "info", "warning": "warning", "critical": "failure"}
_BEGINS: Final = re.compile(r"[a-z][a-z0-9]*://\S+", re.IGNORECASE)


def mistake(address: str) -> str:
    """Say what is wrong with an address of apprise, as far as that can be said without apprise; empty if nothing is."""
    if not has_apprise():
        return gettext(NOT_INSTALLED)
    return "" if _BEGINS.fullmatch(address) else gettext("This is not one address such as tgram://bot-token/chat-id.")


def request(told: Told, address: str, secret: str, at: int) -> Notification:
    return Notification(secret, told.title, f"{told.text}\n{told.link}", TYPES.get(told.severity, "info"))


CHANNEL: Final = Channel(
    kind="apprise",
    label="apprise",
    address_help="Such as tgram://bot-token/chat-id. It is stored encrypted, and only its beginning is shown again.",
    secret_help="",
    makes_secret=False,
    mistake=mistake,
    request=request,
    shown=shown_of,
)
