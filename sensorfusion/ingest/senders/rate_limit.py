"""Rate-limits requests with unknown credentials per network; above the limit they are refused without a look-up.

Every look-up of an unknown credential costs a database query, and each may be a guess. Every network has a token
bucket, and every unknown credential one of its own: a device that repeats a wrong key is slowed down by itself and
charged to its network once. Credentials that were identified before are never delayed by other requests of their
network, and neither are those whose public part is that of an issued key, also after a restart. Memory is bounded: the
least recently active buckets are evicted first.
"""

import time
from collections import OrderedDict
from collections.abc import Awaitable, Callable
from typing import TypeVar

from sensorfusion.domain.networks import network_of
from sensorfusion.events.metrics import Counter
from sensorfusion.ingest.steps.refused import RequestRefused
from sensorfusion.sensors.keys.secrets import public_part

# Several consoles with an old password behind one address send less; guessing a key takes millions of requests.
BURST = 60
REFILL_PER_S = 1.0
MOST_ADDRESSES = 10_000
MOST_KNOWN = 200_000  # as many as the cache of `keys` holds

TURNED_AWAY = Counter("sensorfusion_strangers_turned_away", "Requests refused unread by the unknown-credential limit.")

Found = TypeVar("Found")


async def never_issued(_: str) -> bool:
    return False


class UnknownCredentialLimiter:
    """Counts unknown credentials per network."""

    def __init__(
        self,
        *,
        is_issued: Callable[[str], Awaitable[bool]] = never_issued,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._is_issued = is_issued
        self._clock = clock
        self._buckets: OrderedDict[str, tuple[float, float]] = OrderedDict()  # subject: (tokens left, at)
        self._known: set[int] = set()  # hashes of credentials, salted per process

    async def identified(self, identify: Callable[[str], Awaitable[Found]], credential: str, address: str) -> Found:
        """Return the result of `identify`.

        :raises RequestRefused: raised by `identify`, or too_fast if the network sent too many unknown credentials.
        """
        mark = hash(credential)
        if self._buckets and mark not in self._known and await self._is_over(credential, mark, address):
            TURNED_AWAY.add()
            raise RequestRefused(
                "too_fast",
                "Too many requests from this address show credentials that are unknown here. Correct them, then wait.",
            )
        try:
            found = await identify(credential)
        except RequestRefused as refused:
            if refused.code == "unknown_key" and address:
                self._note_unknown(credential, mark, address)
            raise
        if mark not in self._known:
            self._remember(mark)
        return found

    async def _is_over(self, credential: str, mark: int, address: str) -> bool:
        """Return whether the credential, or else its network, was unknown too often."""
        if self._left(_own(mark)) < 1:
            return True
        if self._left(network_of(address)) >= 1:
            return False
        name = public_part(credential)
        return name is None or self._left(name) < 1 or not await self._is_issued(name)

    def _note_unknown(self, credential: str, mark: int, address: str) -> None:
        if _own(mark) not in self._buckets:
            self._note(network_of(address))
            if name := public_part(credential):
                self._note(name)
        self._note(_own(mark))

    def _left(self, subject: str) -> float:
        left, at = self._buckets.get(subject, (float(BURST), 0.0))
        return min(float(BURST), left + (self._clock() - at) * REFILL_PER_S)

    def _note(self, subject: str) -> None:
        self._buckets[subject] = (max(0.0, self._left(subject) - 1), self._clock())
        self._buckets.move_to_end(subject)
        if len(self._buckets) > MOST_ADDRESSES:
            self._buckets.popitem(last=False)

    def _remember(self, mark: int) -> None:
        if len(self._known) >= MOST_KNOWN:
            self._known.clear()
        self._known.add(mark)


def _own(mark: int) -> str:
    return f"credential {mark}"
