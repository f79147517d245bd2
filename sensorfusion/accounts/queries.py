"""Queries for operators and their API tokens."""

from datetime import datetime

from django.db.models import QuerySet

from sensorfusion.accounts.models import ApiToken, Operator
from sensorfusion.accounts.secrets import digest


def operator_by_email(email: str) -> Operator | None:
    """Return the active operator with this address, ignoring case."""
    return Operator.objects.filter(email__iexact=email.strip(), is_active=True).first()


def token_for(*, text: str, now: datetime) -> ApiToken | None:
    """Return the token with its operator; None if it is unknown or expired, or the operator is inactive."""
    found = ApiToken.objects.select_related("operator").filter(digest=digest(text))
    return found.filter(expires_at__gt=now, operator__is_active=True).first()


def tokens_of(operator: Operator) -> QuerySet[ApiToken]:
    """Return an operator's tokens, newest first, without their digests."""
    return ApiToken.objects.filter(operator=operator).defer("digest").order_by("-created_at", "-id")
