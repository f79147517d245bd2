"""The operators of the installation, with how much each has."""

from datetime import datetime
from typing import Any

from allauth.mfa.models import Authenticator
from django.db.models import Count, Exists, IntegerField, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from sensorfusion.accounts.models import ApiToken, Operator
from sensorfusion.sensors.models import SiteRight


def operators(*, search: str, now: datetime) -> QuerySet[Operator]:
    """Select operators by a part of their name or address, those who came last first.

    Each has `sites_owned`, `sites_seen`, `tokens_valid` and `has_factor`.
    """
    rights = SiteRight.objects.filter(operator=OuterRef("pk"))
    found = Operator.objects.annotate(
        sites_owned=_count(rights.filter(may_own=True)),
        sites_seen=_count(rights),
        tokens_valid=_count(ApiToken.objects.filter(operator=OuterRef("pk"), expires_at__gt=now)),
        has_factor=Exists(Authenticator.objects.filter(user=OuterRef("pk"))),
    )
    if search:
        found = found.filter(Q(email__icontains=search) | Q(name__icontains=search))
    return found.order_by("-joined_at", "-id")


def _count(rows: QuerySet[Any]) -> Coalesce:
    counted = rows.order_by().values("operator").annotate(many=Count("*")).values("many")
    return Coalesce(Subquery(counted, output_field=IntegerField()), 0)
