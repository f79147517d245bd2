"""What a token leaves of its operator's rights: its scope, and the sites that it is bound to.

Rights are asked for with the operator (`sensors.queries`), so an operator who is identified by a token carries its
limits. Without limits, as in a browser's session, the operator has all their rights.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext

from sensorfusion.accounts.models import ApiToken, Operator, TokenScope
from sensorfusion.domain.refusals import Refusal


@dataclass(frozen=True, slots=True)
class Limits:
    """The limits of one token; `sites` is None for all of the operator's."""

    scope: TokenScope
    sites: frozenset[int] | None
    expires_at: datetime


def limited_by(token: ApiToken, *, sites: Iterable[int]) -> ApiToken:
    """Attach the token's limits to its operator; `sites` are those that it is bound to, if it is."""
    bound = frozenset(sites) if token.is_bound else None
    token.operator.limits = Limits(TokenScope(token.scope), bound, token.expires_at)
    return token


def bound_to(operator: Operator) -> frozenset[int] | None:
    """Return the sites that the operator's token is bound to, None if it is not."""
    return operator.limits.sites if operator.limits else None


def may_write(operator: Operator) -> bool:
    """Return whether the operator's token allows changes of sensors."""
    return operator.limits is None or operator.limits.scope.may_write


def may_administer(operator: Operator) -> bool:
    """Return whether the operator's token allows all that the operator may do."""
    return operator.limits is None or operator.limits.scope is TokenScope.ADMINISTER


def require_whole(operator: Operator) -> None:
    """Check that the operator acts for all their sites.

    :raises Refusal: `narrow_token`.
    """
    if bound_to(operator) is not None:
        raise Refusal("narrow_token", gettext("This API token is bound to sites, and may not do this."))
