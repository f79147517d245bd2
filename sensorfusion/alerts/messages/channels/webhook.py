"""Webhook: JSON by POST, signed, with an idempotency key that stays the same when it is sent again."""

import json
from typing import Final

from sensorfusion.alerts.messages.channels.channel import Channel, Told
from sensorfusion.outgoing.request import Request, mistake_in_url
from sensorfusion.outgoing.signature import SIGNATURE, signature


def request(told: Told, address: str, secret: str, at: int) -> Request:
    body = json.dumps(
        {
            "id": told.key,
            "type": "test" if told.is_test else "alerts",
            "title": told.title,
            "text": told.text,
            "severity": told.severity,
            "url": told.link,
            "alerts": told.alerts,
        },
        ensure_ascii=False,
    ).encode()
    headers = {
        "Content-Type": "application/json",
        "Idempotency-Key": told.key,
        SIGNATURE: signature(body, [secret], at),
    }
    return Request(address, headers, body)


CHANNEL: Final = Channel(
    kind="webhook",
    label="Webhook",
    address_help="Such as https://example.org/alerts. It gets JSON, with a signature.",
    secret_help="The signing secret is made here and shown once.",
    makes_secret=True,
    mistake=mistake_in_url,
    request=request,
    is_read=False,
)
