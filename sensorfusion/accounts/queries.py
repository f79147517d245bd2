"""Queries for operators and their API tokens."""

from datetime import datetime
from typing import Final

from django.db.models import QuerySet

from sensorfusion.accounts.limits import limited_by
from sensorfusion.accounts.models import ApiToken, Operator
from sensorfusion.accounts.secrets import digest
from sensorfusion.domain.texts.email_addresses import email_key
from sensorfusion.events.prepared import Columns, fetch_one

_TOKENS: Final = Columns(ApiToken, "token")
_OPERATORS: Final = Columns(Operator, "operator")
# By hand, because every request of a program asks it: the ORM takes longer to write it than PostgreSQL to answer it.
_TOKEN: Final = f"""
SELECT {_TOKENS.sql}, {_OPERATORS.sql}, ARRAY(
    SELECT bound.site_id FROM accounts_apitoken_sites AS bound WHERE token.is_bound AND bound.apitoken_id = token.id
)
FROM accounts_apitoken AS token JOIN accounts_operator AS operator ON operator.id = token.operator_id
WHERE token.digest = %(digest)s AND token.expires_at > %(now)s AND operator.is_active
"""


def operator_by_email(email: str) -> Operator | None:
    """Return the active operator with this address."""
    return Operator.objects.filter(email_key=email_key(email), is_active=True).first()


def token_for(*, text: str, now: datetime) -> ApiToken | None:
    """Return the token with its operator, who has its limits.

    None if it is unknown or expired, or the operator is inactive.
    """
    row = fetch_one(_TOKEN, {"digest": digest(text), "now": now})
    if row is None:
        return None
    *of_both, sites = row
    token = _TOKENS.made_of(of_both[: len(_TOKENS)])
    token.operator = _OPERATORS.made_of(of_both[len(_TOKENS) :])
    return limited_by(token, sites=sites)


def tokens_of(operator: Operator) -> QuerySet[ApiToken]:
    """Return an operator's tokens, newest first, without their digests."""
    return (
        ApiToken.objects.filter(operator=operator)
        .defer("digest")
        .prefetch_related("sites")
        .order_by("-created_at", "-id")
    )
