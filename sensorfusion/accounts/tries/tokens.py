"""Looks API tokens up for pages and the API, and counts unknown ones per network.

Good tokens pass whatever else their network sends.
"""

from collections.abc import Iterable
from datetime import datetime

from sensorfusion.accounts.models import ApiToken
from sensorfusion.accounts.queries import LookUp, token_for
from sensorfusion.accounts.secrets import digest
from sensorfusion.accounts.tries.issued import MOST, IssuedInThreads
from sensorfusion.accounts.tries.unknown_credentials import (
    RETRY_AFTER_S,
    TOO_MANY,
    TURNED_AWAY,
    Excess,
    UnknownCredentials,
)
from sensorfusion.domain.refusals import Refusal


def _issued() -> Iterable[bytes]:
    return [bytes(one) for one in ApiToken.objects.values_list("digest", flat=True)[:MOST]]


UNKNOWN_TOKENS = UnknownCredentials()  # of this process
ISSUED_TOKENS = IssuedInThreads(_issued)


def tried_token(*, text: str, address: str, now: datetime, look_up: LookUp = token_for) -> ApiToken | None:
    """Return the token with its operator, None if it is unknown or expired; `address` is the client's.

    :raises Refusal: `too_fast`.
    """
    if not _may_be_looked_up(text, address):
        raise too_many_unknown()
    token = look_up(text=text, now=now)
    if token is None:
        UNKNOWN_TOKENS.note_unknown(text, address)
    else:
        UNKNOWN_TOKENS.note_known(text)
    return token


def is_valid_token(*, text: str, address: str, now: datetime) -> bool:
    """Return whether a token is valid, before its request is read; `tried_token` counts it then."""
    return _may_be_looked_up(text, address) and token_for(text=text, now=now) is not None


def _may_be_looked_up(text: str, address: str) -> bool:
    excess = UNKNOWN_TOKENS.excess(text, address)
    return excess is Excess.NONE or (excess is Excess.NETWORK and ISSUED_TOKENS.has(digest(text)))


def too_many_unknown() -> Refusal:
    """Count a request that is refused because of what its network sent before."""
    TURNED_AWAY.add()
    return Refusal("too_fast", TOO_MANY, retry_after_s=RETRY_AFTER_S)
