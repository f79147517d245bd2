"""The sender: begins an attempt for each destination that is due, and records the answers as they come.

A network that hangs delays no other one: each site and each network has few of the slots.
"""

import random
import threading
from collections import Counter
from collections.abc import Callable
from datetime import datetime
from typing import Final

from sensorfusion.clock import Clock
from sensorfusion.outgoing.attempts import Answers
from sensorfusion.send_on import planning
from sensorfusion.send_on.attempts import Attempt, begun, ended
from sensorfusion.send_on.models import Destination
from sensorfusion.send_on.transport import Carry

LOCK: Final = 0x5E50_0019  # the advisory lock's key; see readings/storage/chores.py for the others
AT_ONCE: Final = 8  # attempts whose answers are awaited
OF_SITE: Final = 2  # of those
OF_NETWORK: Final = 4


class SendOn:
    """Begins attempts (`server/outbox.py`)."""

    def __init__(self, carry: Carry, now: Clock, *, jitter: Callable[[], float] = random.random) -> None:
        self._carry = carry
        self._now = now
        self._jitter = jitter
        self._answers: Answers[Attempt] = Answers()
        self._has_destinations = True

    @property
    def rests(self) -> bool:
        """Whether nothing was sent on at the last look."""
        return not self._has_destinations

    @property
    def answered(self) -> threading.Event:
        """Set when an answer can be recorded."""
        return self._answers.came

    def is_due(self) -> bool:
        """Return whether there may be something to send."""
        self._has_destinations = planning.is_any_there()
        return self._has_destinations and planning.is_any_due(now=self._now())

    def step(self) -> bool:
        """Begin what is due, by the thread's connection of Django; return whether more may be."""
        return self.settle() | self._begin(self._now())

    def settle(self, *, wait_s: float = 0.0) -> bool:
        """Record what networks answered, also in a process that does not send any more; return whether one did."""
        return self._answers.record(lambda answer: ended(answer, now=self._now()), wait_s=wait_s)

    def _begin(self, now: datetime) -> bool:
        has_begun = False
        for pk in planning.due(now=now):
            if self._is_busy(pk):
                continue
            attempt = begun(pk=pk, now=now, jitter=self._jitter())
            if isinstance(attempt, Attempt):
                self._answers.expect(attempt, self._carry(attempt))
                has_begun = True
        return has_begun

    def _is_busy(self, pk: int) -> bool:
        awaited = [each.destination for each in self._answers.awaited]
        if len(awaited) >= AT_ONCE or any(each.pk == pk for each in awaited):
            return True
        asked = Destination.objects.filter(pk=pk).values_list("network", "sensor__site_id").first()
        sites, networks = Counter(each.sensor.site_id for each in awaited), Counter(each.network for each in awaited)
        return asked is None or networks[asked[0]] >= OF_NETWORK or sites[asked[1]] >= OF_SITE
