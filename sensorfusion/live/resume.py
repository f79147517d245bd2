"""The start of a stream, and catching up page by page from a client's seq to the live one."""

import asyncio
from collections.abc import Callable, Container, Mapping
from dataclasses import dataclass
from typing import Final, Protocol

from sensorfusion.live import protocol
from sensorfusion.live.hub import Page
from sensorfusion.live.mailbox import Mailbox

# Rarely the stream advances by more than it keeps while the database is read; then retry, with a pause.
READ_AGAIN_AFTER_S: Final = 0.02


class Changes(Protocol):
    async def changes(self, after: Mapping[int, int]) -> dict[int, Page]:
        """Return a page of changes after a seq for each of these sensors, without deleted ones."""


@dataclass(frozen=True, slots=True)
class Start:
    """The start of one sensor's stream: the snapshot names seq `told`; a gap covers everything up to `first`."""

    told: int
    first: int


def starts(seqs: Mapping[int, int], *, after: Mapping[int, int]) -> dict[int, Start]:
    """Decide where the streams start, given the sensors' newest `seqs`, for a client that has `after`.

    A client that is ahead (the database was restored from an older backup) continues from the database's seq.
    """
    room = protocol.CATCH_UP_READINGS_AT_ONCE
    found = {}
    for sensor, seq in seqs.items():
        told = min(after.get(sensor, seq), seq)
        granted = min(seq - told, protocol.CATCH_UP_READINGS, room)
        room -= granted
        found[sensor] = Start(told, seq - granted)
    return found


async def catch_up(
    behind: Mapping[int, int],
    *,
    mailbox: Mailbox,
    database: Changes,
    follows: Container[int],
    join: Callable[[int, int], bool],
) -> None:
    """Send what was stored after these seqs, at the client's speed, until every sensor has joined or is unfollowed.

    :raises DatabaseAway: if it cannot be read; the sensors that have joined by then stay joined. :raises SocketGone: if
    the socket ends meanwhile.
    """
    while behind:
        pages = await database.changes(behind)
        found = [reading for page in pages.values() for reading in page.readings]
        for frame in protocol.in_frames(found):
            kept = [reading for reading in frame.readings if reading.sensor in follows]
            await mailbox.send(frame if len(kept) == len(frame.readings) else protocol.readings(kept))
        behind = {
            sensor: page.upto
            for sensor, page in pages.items()
            if sensor in follows and not (page.is_last and join(sensor, page.upto))
        }
        if behind and not found:
            await asyncio.sleep(READ_AGAIN_AFTER_S)
