"""Browsers that show notifications: each is a channel, whose address is its own at a push service and never shown."""

import json
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Final

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext

from sensorfusion.accounts.models import Operator
from sensorfusion.alerts.messages.channels import push
from sensorfusion.alerts.messages.limits import leave_room
from sensorfusion.alerts.messages.models import AlertChannel, AlertMessage
from sensorfusion.alerts.severity import Severity
from sensorfusion.outgoing.web_push import subscription_of
from sensorfusion.sensors.keys.encryption import encrypt

NAME_LONGEST: Final = 60


@dataclass(frozen=True, slots=True)
class Browser:
    """What a browser says of its subscription."""

    endpoint: str
    p256dh: str
    auth: str
    name: str


@transaction.atomic
def notify(*, by: Operator, browser: Browser, from_severity: Severity, now: datetime) -> AlertChannel:
    """Notify a browser of a person's alerts, and no longer of another account's.

    :raises ValidationError: this is no subscription.
    :raises Refusal: `limit_reached`.
    """
    if push.mistake(browser.endpoint) or subscription_of(browser.p256dh, browser.auth) is None:
        raise ValidationError(gettext("This browser made a subscription that cannot be used."))
    Operator.objects.select_for_update().get(pk=by.pk)
    same = AlertChannel.objects.filter(kind=push.CHANNEL.kind, address=browser.endpoint)
    same.exclude(operator=by).delete()
    channel = same.filter(operator=by).first() or _ended(by, browser).first()
    if channel is None:
        leave_room(by)
        channel = AlertChannel(operator=by, kind=push.CHANNEL.kind, made_at=now)
    channel.address, channel.name = browser.endpoint, browser.name[:NAME_LONGEST]
    channel.secret = encrypt(json.dumps({"p256dh": browser.p256dh, "auth": browser.auth}))
    channel.from_severity, channel.is_on, channel.ended_at = from_severity, True, None
    channel.save()
    return channel


@transaction.atomic
def end(*, channel: AlertChannel, now: datetime) -> None:
    """Remove the subscription that a push service does not know any more; its row says so until it is removed."""
    AlertChannel.objects.filter(pk=channel.pk, address=channel.address).update(
        address="", secret="", is_on=False, ended_at=now
    )
    waiting = AlertMessage.objects.filter(channel=channel, sent_at=None, given_up_at=None)
    waiting.update(given_up_at=now)


def mark_of(channel: AlertChannel) -> str:
    """Return the digest of a browser's address, by which its own page finds its row."""
    return sha256(channel.address.encode()).hexdigest() if channel.address else ""


def _ended(operator: Operator, browser: Browser) -> QuerySet[AlertChannel]:
    """Select the rows that such a browser had before: they go on with their history."""
    ended = AlertChannel.objects.filter(operator=operator, kind=push.CHANNEL.kind, ended_at__isnull=False)
    return ended.filter(name=browser.name[:NAME_LONGEST]).order_by("-ended_at")
