"""Reads of operators and their API tokens."""

from datetime import datetime

from django.db.models import QuerySet

from sensorfusion.accounts.models import ApiToken, Operator
from sensorfusion.accounts.secrets import digest


def operator_by_email(email: str) -> Operator | None:
    """Return the active operator with this address, whatever its capitals."""
    return Operator.objects.filter(email__iexact=email.strip(), is_active=True).first()


def token_for(*, text: str, now: datetime) -> ApiToken | None:
    """Return the token with its operator, or None when it is unknown or expired, or the operator's account is off."""
    found = ApiToken.objects.select_related("operator").filter(digest=digest(text))
    return found.filter(expires_at__gt=now, operator__is_active=True).first()


def tokens_of(operator: Operator) -> QuerySet[ApiToken]:
    """Select an operator's tokens, the newest first, without what is stored of their secrets."""
    return ApiToken.objects.filter(operator=operator).defer("digest").order_by("-created_at", "-id")
