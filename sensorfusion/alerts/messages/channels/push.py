"""Web Push: notifications of a browser, or of the installed page, also while no page is open.

The key that push services know this installation by is derived from the secret key, as the one that seals the browsers'
keys is: every process has it, a backup needs nothing else, and both end together.
"""

import json
import os
from hashlib import sha512
from typing import Final

from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePrivateKey
from django.conf import settings
from django.utils.translation import gettext

from sensorfusion.alerts.messages.channels.channel import Channel, Told
from sensorfusion.mail.message import home
from sensorfusion.outgoing.attempts import NotAccepted
from sensorfusion.outgoing.outcomes import ENDED
from sensorfusion.outgoing.request import Request, mistake_in_url
from sensorfusion.outgoing.web_push import (
    MOST_BYTES,
    Subscription,
    encrypted,
    key_from,
    proof,
    public_bytes,
    subscription_of,
    to_base64,
)

KEPT_S: Final = 86_400  # by the push service while the browser is away, as long as a message is tried
_URGENCY: Final = {"info": "low", "warning": "high", "critical": "high"}  # normal waits for a phone that sleeps
_NO_CONTACT: Final = "mailto:webmaster@localhost"  # services want one, also of an installation without an address


def mistake(address: str) -> str:
    """Say what is wrong with the address of a browser at its push service; empty if nothing is."""
    return mistake_in_url(address) or ("" if address.startswith("https://") else gettext("A push service has HTTPS."))


def request(told: Told, address: str, secret: str, at: int) -> Request:
    browser = _keys(secret)
    if not address or browser is None:
        raise NotAccepted(ENDED, is_gone=True)
    body = encrypted(payload(told), browser, key=key_from(os.urandom(64)), salt=os.urandom(16))
    headers = {
        "Content-Type": "application/octet-stream",
        "Content-Encoding": "aes128gcm",
        "TTL": str(KEPT_S),
        "Urgency": _URGENCY.get(told.severity, "normal"),
        "Authorization": proof(address, key=own_key(), contact=_contact(), at=at),
    }
    return Request(address, headers, body)


def payload(told: Told) -> bytes:
    """Write what the service worker shows, shortened to what fits; a repeated message replaces the first by its key."""
    said = {"title": told.title, "link": told.link, "key": told.key, "severity": told.severity, "text": told.text}
    while len(found := json.dumps(said, ensure_ascii=False).encode()) > MOST_BYTES:
        said["text"] = said["text"][: len(said["text"]) * 3 // 4 - 1] + "…"
    return found


def own_key() -> EllipticCurvePrivateKey:
    """Return the key of this installation."""
    return key_from(sha512(b"web push:" + settings.SECRET_KEY.encode()).digest())


def public_key() -> str:
    """Return the public key of this installation as browsers ask for it."""
    return to_base64(public_bytes(own_key()))


def _keys(secret: str) -> Subscription | None:
    return subscription_of(**json.loads(secret)) if secret else None


def _contact() -> str:
    return home() if home().startswith("https://") else _NO_CONTACT


CHANNEL: Final = Channel(
    kind="push",
    label="Browser",
    address_help="",
    secret_help="",
    makes_secret=False,
    mistake=mistake,
    request=request,
    is_entered=False,
    ends_when_gone=True,
)
