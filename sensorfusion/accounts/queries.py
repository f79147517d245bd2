"""Queries for operators and their API tokens."""

from datetime import datetime

from django.db.models import QuerySet

from sensorfusion.accounts.limits import limited_by
from sensorfusion.accounts.models import ApiToken, Operator
from sensorfusion.accounts.secrets import digest
from sensorfusion.domain.texts.email_addresses import email_key


def operator_by_email(email: str) -> Operator | None:
    """Return the active operator with this address."""
    return Operator.objects.filter(email_key=email_key(email), is_active=True).first()


def token_for(*, text: str, now: datetime) -> ApiToken | None:
    """Return the token with its operator, who has its limits.

    None if it is unknown or expired, or the operator is inactive.
    """
    found = ApiToken.objects.select_related("operator").filter(digest=digest(text))
    token = found.filter(expires_at__gt=now, operator__is_active=True).first()
    return limited_by(token) if token else None


def tokens_of(operator: Operator) -> QuerySet[ApiToken]:
    """Return an operator's tokens, newest first, without their digests."""
    return (
        ApiToken.objects.filter(operator=operator)
        .defer("digest")
        .prefetch_related("sites")
        .order_by("-created_at", "-id")
    )
