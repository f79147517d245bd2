"""Counts requests with unknown credentials per network, for every place that looks up keys or tokens.

Every network has a token bucket, and every unknown credential one of its own: a device that repeats a wrong key is
slowed down by itself and charged to its network once. Credentials that were identified before are never delayed by
other requests of their network. Memory is bounded: the least recently active buckets are evicted first.

Passwords are counted elsewhere (`attempts`): people choose them, so far fewer guesses may find one.
"""

import threading
import time
from collections import OrderedDict
from collections.abc import Callable
from enum import Enum, auto
from typing import Final

from sensorfusion.domain.networks import network_of
from sensorfusion.events.metrics import Counter

# Several consoles with an old password behind one address send less; guessing a key takes millions of requests.
BURST: Final = 60
REFILL_PER_S: Final = 1.0
RETRY_AFTER_S: Final = 1
MOST_ADDRESSES = 10_000
MOST_KNOWN = 200_000  # as many as the cache of `ingest.senders.keys` holds
TOO_MANY: Final = "Too many requests from this address show credentials that are unknown here. Correct them, then wait."

TURNED_AWAY = Counter("sensorfusion_strangers_turned_away", "Requests refused unread by the unknown-credential limit.")


class Excess(Enum):
    """What was unknown too often."""

    NONE = auto()
    NETWORK = auto()  # the credential may still be a good one
    CREDENTIAL = auto()


def nameless(_: str) -> str | None:
    return None


class UnknownCredentials:
    """The counts of one kind of credential in this process; used from any thread.

    `name_of` returns the part of a credential that is no secret, None if it has none. Guesses of the rest are counted
    for that part, too.
    """

    def __init__(
        self,
        *,
        name_of: Callable[[str], str | None] = nameless,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._name_of = name_of
        self._clock = clock
        self._lock = threading.Lock()
        self._buckets: OrderedDict[str, tuple[float, float]] = OrderedDict()  # subject: (tokens left, at)
        self._known: set[int] = set()  # hashes of credentials, salted per process

    def excess(self, credential: str, address: str) -> Excess:
        """Return whether the credential, or else its network, was unknown too often."""
        mark = hash(credential)
        if not self._buckets or mark in self._known:
            return Excess.NONE
        if self._left(_own(mark)) < 1:
            return Excess.CREDENTIAL
        if self._left(network_of(address)) >= 1:
            return Excess.NONE
        name = self._name_of(credential)
        return Excess.CREDENTIAL if name is not None and self._left(name) < 1 else Excess.NETWORK

    def note_unknown(self, credential: str, address: str) -> None:
        """Count a credential that was not found, or is not valid any more."""
        mark = hash(credential)
        with self._lock:
            self._known.discard(mark)
            if not address:
                return
            if _own(mark) not in self._buckets:
                self._note(network_of(address))
                if name := self._name_of(credential):
                    self._note(name)
            self._note(_own(mark))

    def note_known(self, credential: str) -> None:
        """Remember a good credential."""
        mark = hash(credential)
        if mark in self._known:
            return
        with self._lock:
            if len(self._known) >= MOST_KNOWN:
                self._known.clear()
            self._known.add(mark)

    def forget(self) -> None:
        """Begin again."""
        with self._lock:
            self._buckets.clear()
            self._known.clear()

    def _left(self, subject: str) -> float:
        left, at = self._buckets.get(subject, (float(BURST), 0.0))
        return min(float(BURST), left + (self._clock() - at) * REFILL_PER_S)

    def _note(self, subject: str) -> None:
        self._buckets[subject] = (max(0.0, self._left(subject) - 1), self._clock())
        self._buckets.move_to_end(subject)
        if len(self._buckets) > MOST_ADDRESSES:
            self._buckets.popitem(last=False)


def _own(mark: int) -> str:
    return f"credential {mark}"
