"""The alerts that need someone, for the frame of every page: asked once for a page, where a template shows them."""

from typing import Final, NamedTuple
from uuid import UUID

from django.http import HttpRequest
from django.utils import timezone
from django.utils.functional import SimpleLazyObject

from sensorfusion.accounts.models import Operator
from sensorfusion.alerts.queries import events_seen, needing_someone, visible_alerts

MOST: Final = 100


class Needing(NamedTuple):
    """An active alert that is neither acknowledged nor snoozed."""

    sensor: UUID
    severity: str


def needing(request: HttpRequest) -> dict[str, object]:
    """Return the template context: the alerts that need the reader, the newest first, and what was known of alerts.

    `alerts_seen` is asked first, so that an event between the two makes the page's script look again.
    """
    return {
        "alerts_seen": SimpleLazyObject(lambda: _seen(request)),
        "alerts_needing": SimpleLazyObject(lambda: _found(request)),
    }


def _seen(request: HttpRequest) -> int:
    operator = getattr(request, "user", None)
    return events_seen(operator) if isinstance(operator, Operator) else 0


def _found(request: HttpRequest) -> list[Needing]:
    operator = getattr(request, "user", None)
    if not isinstance(operator, Operator):
        return []
    found = needing_someone(visible_alerts(operator), now=timezone.now())
    return [Needing(*row) for row in found.values_list("sensor__uuid", "severity")[:MOST]]
