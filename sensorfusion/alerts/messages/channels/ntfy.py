"""ntfy: notifications on phones, by ntfy.sh or a server of one's own."""

import json
from typing import Final
from urllib.parse import urlsplit

from django.utils.translation import gettext

from sensorfusion.alerts.messages.channels.channel import Channel, Told
from sensorfusion.outgoing.request import Request, mistake_in_url

PRIORITIES: Final = {"info": 2, "warning": 4, "critical": 5}
TAGS: Final = {"info": "information_source", "warning": "warning", "critical": "rotating_light"}


def mistake(address: str) -> str:
    """Say what is wrong with the address of a topic; empty if nothing is."""
    if found := mistake_in_url(address):
        return found
    return "" if _topic(address) else gettext("Add the topic to the address, as in https://ntfy.sh/my-topic.")


def request(told: Told, address: str, secret: str, at: int) -> Request:
    base, _, _ = address.rstrip("/").rpartition("/")
    body = {
        "topic": _topic(address),
        "title": told.title,
        "message": told.text,
        "priority": PRIORITIES.get(told.severity, 3),
        "tags": [TAGS[told.severity]] if told.severity in TAGS else [],
        "click": told.link,
    }
    headers = {"Content-Type": "application/json", "Idempotency-Key": told.key}
    if secret:
        headers["Authorization"] = f"Bearer {secret}"
    return Request(f"{base}/", headers, json.dumps(body, ensure_ascii=False).encode())


def _topic(address: str) -> str:
    return urlsplit(address).path.rstrip("/").rpartition("/")[2]


CHANNEL: Final = Channel(
    kind="ntfy",
    label="ntfy",
    address_help="The topic, such as https://ntfy.sh/my-topic. Who knows its name can read it.",
    secret_help="An access token, if the topic asks for one.",
    makes_secret=False,
    mistake=mistake,
    request=request,
)
