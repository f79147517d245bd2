"""Identifies the gateway that an API token belongs to, with a cache like that of `keys`.

`AccessChanged` reaches every process when a token is revoked or its operator's rights change, so both act at once.
"""

import time
from collections.abc import Callable

from psycopg_pool import AsyncConnectionPool

from sensorfusion.accounts.models import TokenScope
from sensorfusion.accounts.secrets import digest
from sensorfusion.clock import Clock
from sensorfusion.events.control import Listener
from sensorfusion.events.messages import AccessChanged, Resumed
from sensorfusion.ingest.senders.cache import REMEMBER_S, Cache
from sensorfusion.ingest.senders.database_lookups import ANSWER_WITHIN_S, DatabaseLookups
from sensorfusion.ingest.steps.batch import Gateway
from sensorfusion.ingest.steps.refused import RequestRefused

REMEMBER_AT_MOST = 10_000  # gateways are few

# Expiry is compared with this process's clock, which also set it when the token was made; the database's may differ.
_FIND = """
SELECT t.operator_id, t.scope, extract(epoch FROM t.expires_at - %(now)s)::float8, t.is_bound,
    ARRAY(SELECT b.site_id FROM accounts_apitoken_sites b WHERE b.apitoken_id = t.id)
FROM accounts_apitoken t JOIN accounts_operator o ON o.id = t.operator_id
WHERE t.digest = %(digest)s AND t.expires_at > %(now)s AND o.is_active
"""
_USED = """
UPDATE accounts_apitoken SET last_used_at = %(now)s
WHERE digest = %(digest)s AND (last_used_at IS NULL OR last_used_at < %(now)s - interval '1 minute')
"""
_UNKNOWN = "The API token is unknown or has expired. Make another on your account's page."

_Found = tuple[Gateway, str, float]


def is_token(credential: str) -> bool:
    """Return whether the credential is an operator's API token and not a sensor's key."""
    return credential.startswith("sft_")


class Tokens:
    """Finds the operator of an API token; runs on the event loop."""

    def __init__(
        self,
        pool: AsyncConnectionPool,
        listener: Listener,
        *,
        now: Clock,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._pool = pool
        self._now = now
        self._lookups = DatabaseLookups(self._find, clock=clock)
        self._remembered: Cache[bytes, Gateway] = Cache(self._lookups, listener, at_most=REMEMBER_AT_MOST, clock=clock)
        listener.on(AccessChanged, lambda has: self._remembered.forget(lambda known: known.operator == has.operator))
        listener.on(Resumed, lambda _: self._remembered.forget_all())

    def known(self, token: str) -> Gateway | None:
        """Return the gateway that this token belongs to, if that is in the cache."""
        return self._remembered.known(digest(token))

    async def identify(self, token: str) -> Gateway:
        """Return the gateway that this token belongs to.

        :raises RequestRefused: unknown_key, read_only_token, overloaded or database_away.
        """
        proof = digest(token)
        if known := self._remembered.known(proof):
            return known
        generation = self._lookups.generation
        found = await self._lookups.of(proof)
        if found is None:
            raise RequestRefused("unknown_key", _UNKNOWN)
        gateway, scope, left_s = found
        if not TokenScope(scope).may_send:
            raise RequestRefused("read_only_token")
        self._remembered.remember(proof, gateway, since=generation, for_s=min(REMEMBER_S, left_s))
        return gateway

    async def _find(self, proof: bytes) -> _Found | None:
        asked = {"digest": proof, "now": self._now()}
        async with self._pool.connection(timeout=ANSWER_WITHIN_S) as connection:
            row = await (await connection.execute(_FIND, asked, prepare=True)).fetchone()
            if row is None:
                return None
            await connection.execute(_USED, asked)
            operator, scope, left_s, is_bound, sites = row
            return Gateway(operator, frozenset(sites) if is_bound else None), scope, left_s
