"""Limits slow work of one kind: a number of slots in a process, of which each operator has one at a time."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from sensorfusion.domain.refusals import Refusal
from sensorfusion.domain.texts.translation import gettext

RETRY_AFTER_S: Final = 10


class Slots:
    """The slots of one kind of work, such as "files are being generated"; used from any thread."""

    def __init__(self, total: int, *, what: str) -> None:
        self._total = total
        self._what = what
        self._lock = threading.Lock()
        self._taken: set[int] = set()

    def take(self, operator: int) -> None:
        """Take a slot for an operator, until `give_back`.

        :raises Refusal: `one_at_a_time` if the operator has one, `overloaded` while all of them are in use.
        """
        with self._lock:
            if operator in self._taken:
                why = gettext("Of yours, one of the {what} is under way. Wait until it is finished.")
                raise Refusal("one_at_a_time", why.format(what=gettext(self._what)), retry_after_s=RETRY_AFTER_S)
            if len(self._taken) >= self._total:
                why = gettext("{count} {what} are under way. Wait until one of them is finished.")
                said = why.format(count=self._total, what=gettext(self._what))
                raise Refusal("overloaded", said, retry_after_s=RETRY_AFTER_S)
            self._taken.add(operator)

    def give_back(self, operator: int) -> None:
        with self._lock:
            self._taken.discard(operator)

    @contextmanager
    def of(self, operator: int) -> Iterator[None]:
        """Hold a slot for the time of a block; raises like `take`."""
        self.take(operator)
        try:
            yield
        finally:
            self.give_back(operator)
