"""Webhooks that an operator may manage, and what was sent to them."""

from typing import Final

from django.db.models import Exists, OuterRef, Prefetch, QuerySet

from sensorfusion.accounts.models import Operator
from sensorfusion.sensors.models import Sensor, SiteRight
from sensorfusion.sensors.queries import reached_by
from sensorfusion.webhooks.models import Attempt, Delivery, Webhook

# Whether the operator by whose right a webhook sends still owns its site; `planning.ALLOWED` says it in SQL.
SENDER_OWNS: Final = Exists(SiteRight.objects.filter(site=OuterRef("site"), operator=OuterRef("made_by"), may_own=True))


def visible_webhooks(operator: Operator) -> QuerySet[Webhook]:
    """Select the webhooks of the operator's sites, the newest first.

    Each has `is_allowed`: whether the operator by whose right it sends still owns the site.
    """
    return _webhooks_where(operator)


def owned_webhooks(operator: Operator) -> QuerySet[Webhook]:
    """Select the webhooks of the sites that the operator owns: others are not told of them."""
    return _webhooks_where(operator, site__rights__may_own=True)


def _webhooks_where(operator: Operator, **right: bool) -> QuerySet[Webhook]:
    # In one call: a second one could be met by the right of another operator.
    found = Webhook.objects.filter(reached_by(operator, "site"), site__rights__operator=operator, **right)
    chosen = Prefetch("sensors", Sensor.objects.order_by("name", "id"))
    found = found.annotate(is_allowed=SENDER_OWNS).select_related("site", "made_by").prefetch_related(chosen)
    return found.order_by("-made_at", "-id")


def deliveries_of(webhook: Webhook) -> QuerySet[Delivery]:
    """Select what was or will be sent, the newest first, with the attempts."""
    tries = Prefetch("tries", Attempt.objects.order_by("id"))
    return Delivery.objects.filter(webhook=webhook).prefetch_related(tries).order_by("-id")
