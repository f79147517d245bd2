"""Limits on connections: how long a request may take to arrive, how large its head may be, and how many there may be.

A connection that says nothing, or half a request, costs a descriptor and some memory for as long as it lives, so it
must end. Idle connections are only closed early if there are too many: then the oldest ones make room for new ones.
"""

import resource
from collections.abc import Collection
from typing import Final, Protocol

# Of a head; and of a new connection that says nothing.
HEAD_WITHIN_S: Final = 10.0
# A body may take this long, and then as long as at this rate: less than a modem for mobile telemetry has.
BODY_WITHIN_S: Final = 20.0
BODY_BYTES_PER_S: Final = 512
# Request line and headers together. Other servers stop at 8 to 16 KB for each.
MOST_HEAD_BYTES: Final = 65_536
# Framing of a chunked body, for each byte of it: a chunk of one byte takes five more.
MOST_FRAMING: Final = 8
# Descriptors that are not for clients: connections to PostgreSQL and Redis, files, the listener, pipes.
RESERVED: Final = 128
MOST_WANTED: Final = 65_536
# Of the idle connections, how many are closed at once if there are too many.
MAKE_ROOM: Final = 10

_most: list[int] = []


class Connection(Protocol):
    """A connection of a client, of any protocol."""

    def idle_since(self) -> float | None:
        """Return since when no request is in progress, None if one is."""

    def abort(self) -> None:
        """End the connection without waiting for anything."""


def raise_descriptor_limit() -> int:
    """Raise the soft limit of open files, which many systems set to 1,024, as far as the hard one; return it."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = MOST_WANTED if hard == resource.RLIM_INFINITY else min(hard, MOST_WANTED)
    if soft != resource.RLIM_INFINITY and soft < wanted:
        resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))
        soft = wanted
    return soft


def most_connections() -> int:
    """Return how many clients may be connected to this process, so that descriptors remain for the database."""
    if not _most:
        soft, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
        _most.append(MOST_WANTED if soft == resource.RLIM_INFINITY else soft - min(RESERVED, soft // 4))
    return _most[0]


def make_room(connections: Collection[object]) -> bool:
    """Close the connections that are idle the longest, a part of them; return whether there were any."""
    idle = [(since, each) for each in connections if (since := _idle_since(each)) is not None]
    idle.sort(key=lambda pair: pair[0])
    for _, each in idle[: max(1, len(idle) // MAKE_ROOM)]:
        each.abort()  # type: ignore[attr-defined]  # it has `idle_since`, too
    return bool(idle)


def _idle_since(connection: object) -> float | None:
    since = getattr(connection, "idle_since", None)  # protocols of uvicorn's own do not have it
    return since() if since else None
