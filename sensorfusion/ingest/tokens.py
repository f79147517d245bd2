"""Whose API token is this? For gateways, which speak for many sensors; remembered and forgotten as keys are.

`AccessChanged` reaches every process when a token ends or its operator's rights change, so both act at once.
"""

import time
from collections.abc import Callable

from psycopg_pool import AsyncConnectionPool

from sensorfusion.accounts.models import TokenScope
from sensorfusion.accounts.secrets import digest
from sensorfusion.events.control import Listener
from sensorfusion.events.messages import AccessChanged, Resumed
from sensorfusion.ingest.batch import Gateway
from sensorfusion.ingest.lookups import ANSWER_WITHIN_S, LookUps
from sensorfusion.ingest.refusal import Refused

REMEMBER_S = 60.0
REMEMBER_AT_MOST = 10_000  # gateways are few; this only keeps a mistake from filling memory

# The seconds that are left of the token come by the database's clock, which made it.
_FIND = """
SELECT t.operator_id, t.scope, extract(epoch FROM t.expires_at - now())::float8
FROM accounts_apitoken t JOIN accounts_operator o ON o.id = t.operator_id
WHERE t.digest = %s AND t.expires_at > now() AND o.is_active
"""
_USED = """
UPDATE accounts_apitoken SET last_used_at = now()
WHERE digest = %s AND (last_used_at IS NULL OR last_used_at < now() - interval '1 minute')
"""
_UNKNOWN = "The API token is unknown or has expired. Make another on your account's page."

_Found = tuple[int, str, float]


def is_token(credential: str) -> bool:
    """Tell an operator's API token from a sensor's key."""
    return credential.startswith("sft_")


class Tokens:
    """Finds the operator of an API token, on the event loop."""

    def __init__(
        self, pool: AsyncConnectionPool, listener: Listener, *, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._pool = pool
        self._listener = listener
        self._clock = clock
        self._remembered: dict[bytes, tuple[Gateway, float]] = {}
        self._lookups = LookUps(self._find, clock=clock)
        listener.on(AccessChanged, self._forget_operator)
        listener.on(Resumed, lambda _: self._forget_all())

    async def identify(self, token: str) -> Gateway:
        """Return whom this token speaks for.

        :raises Refused: unknown_key, read_only_token, overloaded or database_away.
        """
        proof = digest(token)
        known = self._remembered.get(proof)
        if known and known[1] > self._clock() and self._listener.is_hearing:
            return known[0]
        generation = self._lookups.generation
        found = await self._lookups.of(proof)
        if found is None:
            raise Refused("unknown_key", _UNKNOWN)
        operator, scope, left_s = found
        if scope != TokenScope.WRITE:
            raise Refused("read_only_token")
        if generation == self._lookups.generation:
            self._remember(proof, Gateway(operator), left_s)
        return Gateway(operator)

    async def _find(self, proof: bytes) -> _Found | None:
        async with self._pool.connection(timeout=ANSWER_WITHIN_S) as connection:
            row = await (await connection.execute(_FIND, [proof], prepare=True)).fetchone()
            if row is None:
                return None
            await connection.execute(_USED, [proof])
            return row[0], row[1], row[2]

    def _remember(self, proof: bytes, gateway: Gateway, left_s: float) -> None:
        if len(self._remembered) >= REMEMBER_AT_MOST:
            self._remembered.clear()
        self._remembered[proof] = (gateway, self._clock() + min(REMEMBER_S, left_s))

    def _forget_operator(self, changed: AccessChanged) -> None:
        self._lookups.forget()
        for proof in [proof for proof, (known, _) in self._remembered.items() if known.operator == changed.operator]:
            del self._remembered[proof]

    def _forget_all(self) -> None:
        self._lookups.forget()
        self._remembered.clear()
