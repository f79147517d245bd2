"""Makes, changes and deletes webhooks; tests them, and sends again. Owners of the site may."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final
from urllib.parse import urlsplit

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils.translation import gettext

from sensorfusion.accounts.administration.models import Feature
from sensorfusion.accounts.administration.services import require_open
from sensorfusion.accounts.attempts import HOUR, Limit, count_all
from sensorfusion.accounts.audit.models import Action
from sensorfusion.accounts.audit.services import record
from sensorfusion.accounts.models import Operator
from sensorfusion.domain.refusals import Refusal
from sensorfusion.events.work import Work, announce_work
from sensorfusion.outgoing.request import mistake_in_url
from sensorfusion.sensors.keys.encryption import encrypt
from sensorfusion.sensors.models import Sensor, Site
from sensorfusion.sensors.sites.membership import require_owner
from sensorfusion.webhooks.models import TEST, Cursor, Delivery, Liveness, Progress, Webhook
from sensorfusion.webhooks.planning import KEPT_TRYING, add_delivery, begin

WEBHOOKS_MOST: Final = 20  # of a site
TESTS_PER_HOUR: Final = 10  # of a webhook
OLD_SECRET_FOR: Final = timedelta(hours=24)
_UNCHECKED: Final = ["site", "made_by", "secret", "old_secret", "old_secret_until"]


@dataclass(frozen=True, slots=True)
class IssuedWebhook:
    webhook: Webhook
    secret: str


@transaction.atomic
def make_webhook(
    *, by: Operator, site: Site, now: datetime, sensors: Sequence[Sensor] | None = None, **fields: Any
) -> IssuedWebhook:
    """Make a webhook of a site, or of some of its sensors, with a new secret; it begins now.

    :raises Refusal: `not_allowed`, `switched_off` or `limit_reached`. :raises ValidationError: for an invalid field.
    """
    Site.objects.select_for_update(no_key=True).get(pk=site.pk)
    require_owner(by=by, site=site)
    require_open(Feature.WEBHOOKS)
    if Webhook.objects.filter(site=site).count() >= WEBHOOKS_MOST:
        most = gettext("A site has at most {count} webhooks. Delete some that are old.").format(count=WEBHOOKS_MOST)
        raise Refusal("limit_reached", most)
    secret = _new_secret()
    webhook = Webhook(site=site, made_by=by, made_at=now, secret=encrypt(secret), **fields)
    _check(webhook)
    webhook.save()
    _choose(webhook, sensors)
    begin(webhook=webhook, now=now)
    announce_work(Work.WEBHOOKS)
    record(Action.WEBHOOK_MADE, by=by, site=site, subject=_named(webhook))
    return IssuedWebhook(webhook, secret)


@transaction.atomic
def change_webhook(*, by: Operator, webhook: Webhook, now: datetime, **fields: Any) -> Webhook:
    """Change a webhook, which sends by the right of this operator from now on. What waits is tried again, for a day.

    :raises Refusal: `not_allowed`. :raises ValidationError: for an invalid field.
    """
    held = _held(webhook, by)
    held.made_by = by
    held.save(update_fields=["made_by"])
    begin(webhook=held, now=now)  # with what it followed until now
    chosen = {"sensors": fields.pop("sensors")} if "sensors" in fields else {}
    for name, value in fields.items():
        setattr(held, name, value)
    _check(held)
    held.save(update_fields=list(fields))
    if chosen:
        _choose(held, chosen["sensors"])
    _forget_unfollowed(held)
    Progress.objects.filter(webhook=held).update(begun_at=now)  # for what it follows from now on
    begin(webhook=held, now=now)
    if held.is_on:
        _waiting(held).update(attempts=0, **_from(now))
    record(Action.WEBHOOK_CHANGED, by=by, site=held.site, subject=f"{_named(held)}: {_changed([*fields, *chosen])}")
    return held


@transaction.atomic
def rotate_secret(*, by: Operator, webhook: Webhook, now: datetime) -> IssuedWebhook:
    """Give a webhook another secret; the old one signs, too, for a day.

    :raises Refusal: `not_allowed`.
    """
    held, secret = _held(webhook, by), _new_secret()
    held.old_secret, held.old_secret_until = held.secret, now + OLD_SECRET_FOR
    held.secret = encrypt(secret)
    held.save(update_fields=["secret", "old_secret", "old_secret_until"])
    record(Action.WEBHOOK_ROTATED, by=by, site=held.site, subject=_named(held))
    return IssuedWebhook(held, secret)


@transaction.atomic
def delete_webhook(*, by: Operator, webhook: Webhook) -> None:
    """Delete a webhook with all that waits for it.

    :raises Refusal: `not_allowed`.
    """
    held = _held(webhook, by)
    record(Action.WEBHOOK_DELETED, by=by, site=held.site, subject=_named(held))
    held.delete()


def test_webhook(*, by: Operator, webhook: Webhook, now: datetime) -> Delivery:
    """Queue a test, which is tried once, also while the webhook is paused.

    :raises Refusal: `not_allowed` or `too_fast`.
    """
    require_owner(by=by, site=webhook.site)
    counted = count_all([Limit(f"webhook tests:{webhook.pk}", TESTS_PER_HOUR, HOUR)], now=now)
    if counted.wait_s:
        why = gettext("Enough tests for now. Try again later.")
        raise Refusal("too_fast", why, retry_after_s=counted.wait_s)
    return add_delivery(webhook=webhook, event=TEST, now=now)


@transaction.atomic
def replay(*, by: Operator, deliveries: QuerySet[Delivery], webhook: Webhook, now: datetime) -> int:
    """Send deliveries of a webhook again, with their idempotency keys; return how many were sent or given up before.

    :raises Refusal: `not_allowed`.
    """
    held = _held(webhook, by)
    ended = deliveries.filter(webhook=held).exclude(sent_at=None, given_up_at=None).exclude(event=TEST)
    many = ended.update(sent_at=None, given_up_at=None, attempts=0, **_from(now))
    record(Action.WEBHOOK_REPLAYED, by=by, site=held.site, subject=f"{_named(held)}: deliveries: {many}")
    return many


def since(instant: datetime) -> QuerySet[Delivery]:
    """Select the deliveries that were made at an instant or later."""
    return Delivery.objects.filter(made_at__gte=instant)


def _held(webhook: Webhook, by: Operator) -> Webhook:
    require_owner(by=by, site=webhook.site)
    return Webhook.objects.select_for_update(of=("self",)).select_related("site").get(pk=webhook.pk)


def _check(webhook: Webhook) -> None:
    if why := _mistake(webhook.url):
        raise ValidationError({"url": [why]})
    webhook.clean_fields(exclude=_UNCHECKED)


def _mistake(url: str) -> str:
    """Say what is wrong with an address. Without encryption only networks of one's own may be reached."""
    if found := mistake_in_url(url):
        return found
    is_open = urlsplit(url).scheme == "http" and not settings.ENVIRONMENT.poll_allow_networks
    return gettext("The address must begin with https://.") if is_open else ""


def _choose(webhook: Webhook, sensors: Sequence[Sensor] | None) -> None:
    if any(each.site_id != webhook.site_id for each in sensors or ()):
        raise ValidationError({"sensors": [gettext("Choose sensors of the webhook's site.")]})
    webhook.of_all = sensors is None
    webhook.save(update_fields=["of_all"])
    webhook.sensors.set(sensors or [])


def _forget_unfollowed(webhook: Webhook) -> None:
    """Delete the cursors of what is not followed any more: if it is chosen again, it begins then."""
    unfollowed = Q() if not webhook.wants_readings else ~Q(sensor__in=webhook.sensors.all())
    if not webhook.of_all or not webhook.wants_readings:
        Cursor.objects.filter(unfollowed, webhook=webhook).delete()


@transaction.atomic
def leave_out(*, sensor: Sensor) -> None:
    """Make no webhook follow a sensor that is handed over."""
    Webhook.sensors.through.objects.filter(sensor=sensor).delete()
    Cursor.objects.filter(sensor=sensor).delete()
    Liveness.objects.filter(sensor=sensor).delete()


def _waiting(webhook: Webhook) -> QuerySet[Delivery]:
    return Delivery.objects.filter(webhook=webhook, sent_at=None, given_up_at=None)


def _from(now: datetime) -> dict[str, Any]:
    return {"next_attempt_at": now, "expires_at": now + KEPT_TRYING}


def _new_secret() -> str:
    return f"whsec_{secrets.token_urlsafe(32)}"


def _changed(names: Sequence[str]) -> str:
    return "changed: " + ", ".join("paused or resumed" if name == "is_on" else name for name in names)


def _named(webhook: Webhook) -> str:
    """Name a webhook without the path of its address, which may hold a secret."""
    return f"{webhook.name} ({urlsplit(webhook.url).hostname})"
