"""Rate-limits requests with unknown credentials per network; above the limit they are refused without a look-up.

Every look-up of an unknown credential costs a database query, and each may be a guess. Neither credentials that were
identified before nor issued ones that are told from guesses without a query are delayed by other requests of their
network, also after a restart.
"""

import time
from collections.abc import Awaitable, Callable
from typing import TypeVar

from sensorfusion.accounts.tries.unknown_credentials import TOO_MANY, TURNED_AWAY, Excess, UnknownCredentials
from sensorfusion.ingest.steps.refused import RequestRefused
from sensorfusion.sensors.keys.secrets import public_part

Found = TypeVar("Found")


async def never_issued(_: str) -> bool:
    return False


class UnknownCredentialLimiter(UnknownCredentials):
    """Counts unknown credentials per network; `is_issued` is asked about the public part of a key, or about a token."""

    def __init__(
        self,
        *,
        is_issued: Callable[[str], Awaitable[bool]] = never_issued,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        super().__init__(name_of=public_part, clock=clock)
        self._is_issued = is_issued

    async def identified(self, identify: Callable[[str], Awaitable[Found]], credential: str, address: str) -> Found:
        """Return the result of `identify`.

        :raises RequestRefused: raised by `identify`, or too_fast if the network sent too many unknown credentials.
        """
        mark = hash(credential)
        if self._buckets and mark not in self._known and await self._is_over(credential, address):
            TURNED_AWAY.add()
            raise RequestRefused("too_fast", TOO_MANY)
        try:
            found = await identify(credential)
        except RequestRefused as refused:
            if refused.code == "unknown_key":
                self.note_unknown(credential, address)
            raise
        if mark not in self._known:
            self.note_known(credential)
        return found

    async def _is_over(self, credential: str, address: str) -> bool:
        match self.excess(credential, address):
            case Excess.NONE:
                return False
            case Excess.CREDENTIAL:
                return True
        return not await self._is_issued(public_part(credential) or credential)
