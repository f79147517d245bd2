"""Counts tries to claim and to register consoles: the answer tells whether a guess was right.

They are counted in the database, for all processes, and outside the transaction that a refusal rolls back. The limit of
a network is larger than that of an operator, so that one account cannot use up what is left to its neighbours.
"""

from datetime import datetime
from typing import Final

from sensorfusion.accounts.attempts import HOUR, Counted, Limit, count_all
from sensorfusion.accounts.models import Operator
from sensorfusion.domain.networks import network_of
from sensorfusion.domain.refusals import Refusal

REGISTRATIONS: Final = 10  # by an operator, per hour
CLAIMS: Final = 5  # of 65,536 possible PASSKEY endings, per hour
OPERATORS_OF_NETWORK: Final = 4  # whose tries a network has


def count_claim(*, by: Operator, address: str, now: datetime) -> Counted:
    """Count a try to claim a console; `attempts.take_back` it if it was right.

    :raises Refusal: `too_many_claims`.
    """
    return _counted("claims", CLAIMS, by, address, now)


def count_registration(*, by: Operator, address: str, now: datetime) -> None:
    """Count the registration of a console: a refused one tells that another sensor has the credential.

    Successful ones stay counted, because each of them is a guess that was wrong.

    :raises Refusal: `too_many_claims`.
    """
    _counted("registrations", REGISTRATIONS, by, address, now)


def too_many_claims(counted: Counted) -> Refusal:
    return Refusal("too_many_claims", retry_after_s=counted.wait_s)


def _counted(kind: str, most: int, by: Operator, address: str, now: datetime) -> Counted:
    of_operator = Limit(f"{kind}:{by.pk}", most, HOUR)
    of_network = Limit(f"{kind}:network:{network_of(address)}", most * OPERATORS_OF_NETWORK, HOUR)
    counted = count_all([of_operator, of_network], now=now)
    if counted.wait_s:
        raise too_many_claims(counted)
    return counted
