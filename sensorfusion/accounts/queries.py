"""Queries for operators and their API tokens."""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any, Final

from django.db.models import QuerySet

from sensorfusion.accounts.limits import limited_by
from sensorfusion.accounts.models import ApiToken, Operator
from sensorfusion.accounts.secrets import digest
from sensorfusion.domain.texts.email_addresses import email_key
from sensorfusion.events.prepared import Columns, fetch_one

_TOKENS: Final = Columns(ApiToken, "token")
_OPERATORS: Final = Columns(Operator, "operator")
_BOTH: Final = len(_TOKENS) + len(_OPERATORS)
# Looks the token of a request up; `token_for` is the usual one.
LookUp = Callable[..., ApiToken | None]


def token_statement(columns: str = "", joined: str = "") -> str:
    """Write the statement of `token_and_more`; `columns` are those of tables `joined` to `token` and `operator`.

    By hand, because every request of a program asks it: the ORM takes longer to write it than PostgreSQL to answer it.
    """
    return f"""
SELECT {_TOKENS.sql}, {_OPERATORS.sql}, ARRAY(
    SELECT bound.site_id FROM accounts_apitoken_sites AS bound WHERE token.is_bound AND bound.apitoken_id = token.id
){columns and f", {columns}"}
FROM accounts_apitoken AS token JOIN accounts_operator AS operator ON operator.id = token.operator_id {joined}
WHERE token.digest = %(digest)s AND token.expires_at > %(now)s AND operator.is_active
"""


_TOKEN: Final = token_statement()


def operator_by_email(email: str) -> Operator | None:
    """Return the active operator with this address."""
    return Operator.objects.filter(email_key=email_key(email), is_active=True).first()


def token_for(*, text: str, now: datetime) -> ApiToken | None:
    """Return the token with its operator, who has its limits.

    None if it is unknown or expired, or the operator is inactive.
    """
    found = token_and_more(_TOKEN, text=text, now=now)
    return found[0] if found else None


def token_and_more(statement: str, *, text: str, now: datetime, **values: Any) -> tuple[ApiToken, Sequence[Any]] | None:
    """Return what `token_for` returns, and the values of the statement's further columns.

    :param statement: by `token_statement`; `values` are those of its other parameters.
    """
    row = fetch_one(statement, {**values, "digest": digest(text), "now": now})
    if row is None:
        return None
    token = _TOKENS.made_of(row[: len(_TOKENS)])
    token.operator = _OPERATORS.made_of(row[len(_TOKENS) : _BOTH])
    return limited_by(token, sites=row[_BOTH]), row[_BOTH + 1 :]


def tokens_of(operator: Operator) -> QuerySet[ApiToken]:
    """Return an operator's tokens, newest first, without their digests."""
    return (
        ApiToken.objects.filter(operator=operator)
        .defer("digest")
        .prefetch_related("sites")
        .order_by("-created_at", "-id")
    )
