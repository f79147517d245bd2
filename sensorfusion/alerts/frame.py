"""The alerts that need someone, for the frame of every page: asked once for a page, where a template shows them."""

from typing import Final, NamedTuple
from uuid import UUID

from django.http import HttpRequest
from django.utils import timezone
from django.utils.functional import SimpleLazyObject

from sensorfusion.accounts.models import Operator
from sensorfusion.alerts.queries import needing_someone, visible_alerts

MOST: Final = 100


class Needing(NamedTuple):
    """An active alert that is neither acknowledged nor snoozed."""

    sensor: UUID
    severity: str


def needing(request: HttpRequest) -> dict[str, object]:
    """Return the template context with the alerts that need the reader, the newest first."""
    return {"alerts_needing": SimpleLazyObject(lambda: _found(request))}


def _found(request: HttpRequest) -> list[Needing]:
    operator = getattr(request, "user", None)
    if not isinstance(operator, Operator):
        return []
    found = needing_someone(visible_alerts(operator), now=timezone.now())
    return [Needing(*row) for row in found.values_list("sensor__uuid", "severity")[:MOST]]
