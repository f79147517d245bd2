"""The connections of Django's pool, which are checked by a statement only where there is a doubt.

The pool checks a connection before each request by an empty statement, whose round trip took a tenth of a request for
the newest values. A server that ended a connection has said so: its socket can be read. One that died silently is found
by the statement, which is therefore sent to connections that nothing was asked for a while.
"""

import math
import select
from time import monotonic
from typing import Any, Final

import psycopg

# A connection that was in use so shortly before is not asked whether its server is still there.
TRUSTED_S: Final = 2.0


class Pooled(psycopg.Connection[Any]):
    """A connection that answers the pool's check by itself while there is no doubt."""

    _given_at = -math.inf

    def execute(self, query: Any, *given: Any, **how: Any) -> psycopg.Cursor[Any]:
        is_check = query == ""
        return self.cursor() if is_check and self._is_sound() else super().execute(query, *given, **how)

    def _is_sound(self) -> bool:
        before, self._given_at = self._given_at, monotonic()
        return self._given_at - before < TRUSTED_S and not self.closed and not _has_news(self.fileno())


def _has_news(socket: int) -> bool:
    """Return whether anything came that no statement waits for, such as the end of the connection."""
    poll = select.poll()  # select.select() takes no descriptors above 1,023
    poll.register(socket, select.POLLIN)
    return bool(poll.poll(0))
