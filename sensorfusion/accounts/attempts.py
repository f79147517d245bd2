"""Rate limits of attempts with a password, against guessing, that cannot be used to keep an owner out.

Failures are counted in PostgreSQL: for all processes together, and no flood of other names can evict them. An attempt
is counted before the password is looked at and forgiven when it was right, so that many at once are no way around.

An account may fail 100 times an hour in all (ASVS 2.2.1), in three parts: attempts from anywhere, from networks from
which the account was signed in to before, and with a browser that was. An attacker who uses up the first part leaves
the others to the owner. Networks, an IPv6 /64 being one, have a limit of their own, which known browsers pass.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final, NamedTuple

from django.db import connection
from django.utils.crypto import salted_hmac

from sensorfusion.accounts.models import KnownNetwork, Operator
from sensorfusion.domain.networks import network_of
from sensorfusion.domain.texts.email_addresses import email_key

MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)
PER_NETWORK: Final = 30  # a minute; an office behind one address, on a Monday morning
FROM_ANYWHERE, FROM_KNOWN_NETWORKS, WITH_KNOWN_BROWSERS = 50, 30, 20  # an hour and account
MOST_NETWORKS: Final = 20  # remembered for an account
_NEVER_LESS: Final = 1_000_000  # failures that are counted at most

_COUNT = """
INSERT INTO accounts_failures AS known (subject, failures, since) VALUES (%(subject)s, 1, %(now)s)
ON CONFLICT (subject) DO UPDATE SET
    failures = CASE WHEN known.since <= %(before)s THEN 1 ELSE least(known.failures + 1, %(most)s) END,
    since = CASE WHEN known.since <= %(before)s THEN excluded.since ELSE known.since END
RETURNING failures, since
"""
_FORGIVE = "UPDATE accounts_failures SET failures = failures - 1 WHERE subject = ANY(%s) AND failures > 0"


@dataclass(frozen=True, slots=True)
class Attempt:
    """One attempt: the client's network address, the e-mail address given, and whether the browser is known for it."""

    address: str
    email: str = ""
    is_known_browser: bool = False


@dataclass(frozen=True, slots=True)
class Counted:
    """An attempt that was counted; `wait_s` is 0 if it may go ahead."""

    attempt: Attempt
    wait_s: int = 0
    subjects: Sequence[bytes] = ()


UNCOUNTED: Final = Counted(Attempt(""))


class Limit(NamedTuple):
    subject: str
    most: int
    within: timedelta


def count(attempt: Attempt, *, now: datetime) -> Counted:
    """Count an attempt and say whether it may go ahead; `forgive` it if it was right."""
    network = network_of(attempt.address)
    counted: list[bytes] = []
    if not attempt.is_known_browser:
        wait_s = _use([Limit(f"network:{network}", PER_NETWORK, MINUTE)], counted, now)
        if wait_s:
            return Counted(attempt, wait_s)
    if attempt.email:
        wait_s = _use(_of_account(attempt, network), counted, now)
        if wait_s:
            return Counted(attempt, wait_s)
    return Counted(attempt, 0, counted)


def count_all(limits: Iterable[Limit], *, now: datetime) -> Counted:
    """Count a try of another secret than a password for every limit, of which each must have room."""
    counted: list[bytes] = []
    for limit in limits:
        wait_s = _use([limit], counted, now)
        if wait_s:
            return Counted(Attempt(""), wait_s)
    return Counted(Attempt(""), 0, counted)


def is_known_network(email: str, address: str) -> bool:
    """Return whether the account was signed in to from the network of this address before."""
    return _is_known(email_key(email), network_of(address))


def take_back(counted: Counted) -> None:
    """Do not count an attempt that was right."""
    if counted.subjects:
        with connection.cursor() as cursor:
            cursor.execute(_FORGIVE, [list(counted.subjects)])


def forgive(counted: Counted, *, operator: Operator | None, now: datetime) -> None:
    """Take an attempt back that was right, and remember its network for the operator."""
    take_back(counted)
    if operator is not None and counted.attempt.address:
        _remember(operator, network_of(counted.attempt.address), now)


def rename_account(operator: Operator) -> None:
    """Keep the networks that an operator signed in from known under a changed address."""
    account = _digest("account", email_key(operator.email))
    KnownNetwork.objects.filter(account=account).delete()  # of who had the address before
    KnownNetwork.objects.filter(operator=operator).update(account=account)


def _of_account(attempt: Attempt, network: str) -> list[Limit]:
    """Return the limits of which one must have room, the most special first."""
    email = email_key(attempt.email)
    limits = [Limit(f"account:{email}", FROM_ANYWHERE, HOUR)]
    if _is_known(email, network):
        limits.insert(0, Limit(f"networks:{email}", FROM_KNOWN_NETWORKS, HOUR))
    if attempt.is_known_browser:
        limits.insert(0, Limit(f"browsers:{email}", WITH_KNOWN_BROWSERS, HOUR))
    return limits


def _use(limits: Iterable[Limit], counted: list[bytes], now: datetime) -> int:
    """Count for the first limit that has room; return the seconds to wait if none has."""
    waits: list[float] = []
    for limit in limits:
        subject = _digest("failures", limit.subject)
        given: dict[str, Any] = {"subject": subject, "now": now, "before": now - limit.within, "most": _NEVER_LESS}
        with connection.cursor() as cursor:
            cursor.execute(_COUNT, given)
            failures, since = cursor.fetchone()
        if failures <= limit.most:
            counted.append(subject)
            return 0
        waits.append((since + limit.within - now).total_seconds())
    return max(1, round(min(waits)))


def _is_known(email: str, network: str) -> bool:
    return KnownNetwork.objects.filter(account=_digest("account", email), network=_digest("network", network)).exists()


def _remember(operator: Operator, network: str, now: datetime) -> None:
    account = _digest("account", email_key(operator.email))
    KnownNetwork.objects.update_or_create(
        account=account, network=_digest("network", network), defaults={"operator": operator, "last_at": now}
    )
    kept = KnownNetwork.objects.filter(operator=operator).order_by("-last_at", "-id").values("pk")[:MOST_NETWORKS]
    KnownNetwork.objects.filter(operator=operator).exclude(pk__in=list(kept.values_list("pk", flat=True))).delete()


def _digest(kind: str, text: str) -> bytes:
    """Return what stands for an address or a network in the tables, from which neither can be guessed."""
    return salted_hmac(
        f"sensorfusion attempts {kind}", text.encode(errors="surrogatepass"), algorithm="sha256"
    ).digest()
