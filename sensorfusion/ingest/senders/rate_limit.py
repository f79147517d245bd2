"""Rate-limits requests with unknown credentials per network; above the limit they are refused without a look-up.

Every look-up of an unknown credential costs a database query, and each may be a guess. Every network has a token
bucket. Credentials that were identified before are never delayed by other requests of their network. Memory is
bounded: the least recently active networks are evicted first.
"""

import time
from collections import OrderedDict
from collections.abc import Awaitable, Callable
from typing import TypeVar

from sensorfusion.domain.networks import network_of
from sensorfusion.events.metrics import Counter
from sensorfusion.ingest.steps.refused import RequestRefused

# Several consoles with an old password behind one address send less; guessing a key takes millions of requests.
BURST = 60
REFILL_PER_S = 1.0
MOST_ADDRESSES = 10_000
MOST_KNOWN = 200_000  # as many as the cache of `keys` holds

TURNED_AWAY = Counter("sensorfusion_strangers_turned_away", "Requests refused unread by the unknown-credential limit.")

Found = TypeVar("Found")


class UnknownCredentialLimiter:
    """Counts unknown credentials per network."""

    def __init__(self, *, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._buckets: OrderedDict[str, tuple[float, float]] = OrderedDict()  # network: (tokens left, at)
        self._known: set[int] = set()  # hashes of credentials, salted per process

    async def identified(self, identify: Callable[[str], Awaitable[Found]], credential: str, address: str) -> Found:
        """Return the result of `identify`.

        :raises RequestRefused: raised by `identify`, or too_fast if the network sent too many unknown credentials.
        """
        mark = hash(credential)
        if self._buckets and mark not in self._known and self._left(network_of(address)) < 1:
            TURNED_AWAY.add()
            raise RequestRefused(
                "too_fast",
                "Too many requests from this address show credentials that are unknown here. Correct them, then wait.",
            )
        try:
            found = await identify(credential)
        except RequestRefused as refused:
            if refused.code == "unknown_key" and address:
                self._note(network_of(address))
            raise
        if mark not in self._known:
            self._remember(mark)
        return found

    def _left(self, network: str) -> float:
        left, at = self._buckets.get(network, (float(BURST), 0.0))
        return min(float(BURST), left + (self._clock() - at) * REFILL_PER_S)

    def _note(self, network: str) -> None:
        self._buckets[network] = (max(0.0, self._left(network) - 1), self._clock())
        self._buckets.move_to_end(network)
        if len(self._buckets) > MOST_ADDRESSES:
            self._buckets.popitem(last=False)

    def _remember(self, mark: int) -> None:
        if len(self._known) >= MOST_KNOWN:
            self._known.clear()
        self._known.add(mark)
