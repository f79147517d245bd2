"""Where a stream begins, and how it gets from the seq a client has, page by page, to the live one."""

import asyncio
from collections.abc import Callable, Container, Mapping
from dataclasses import dataclass
from typing import Final, Protocol

from sensorfusion.live import protocol
from sensorfusion.live.hub import Page
from sensorfusion.live.mailbox import Mailbox

# Rarely the stream has moved on by more than it keeps while the database was read; it is read again, not in a tight
# loop.
READ_AGAIN_AFTER_S: Final = 0.02


class Changes(Protocol):
    async def changes(self, after: Mapping[int, int]) -> dict[int, Page]:
        """Return a page of changes after a seq for each of these sensors; deleted ones are left out."""


@dataclass(frozen=True, slots=True)
class Start:
    """Where one sensor's stream begins: the snapshot says `told`, and a gap what is too much to send before `first`."""

    told: int
    first: int


def starts(seqs: Mapping[int, int], *, after: Mapping[int, int]) -> dict[int, Start]:
    """Decide where streams begin whose sensors have come to `seqs`, for a client that has `after`.

    One that asks for more than there is (the database came back from an older backup) goes on from what there is.
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
    """Send what was stored after these seqs, at the client's speed, until every sensor has joined or is not followed
    any more.

    :raises DatabaseAway: if it cannot be read; the sensors that have joined by then stay so.
    :raises SocketGone: if the socket ends meanwhile.
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
