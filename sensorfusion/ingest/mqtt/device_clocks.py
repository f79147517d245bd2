"""Places messages whose times have no zone, and learns the offsets of devices from those that arrived in time.

What is decided (`domain.device_clock.learning`) is committed before the message is stored. A message that the broker
delivers once more is found where it was stored, also if another message taught an offset in between.
"""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import NamedTuple

from sensorfusion.domain.device_clock import Rule, default_of
from sensorfusion.domain.device_clock.learning import Heard, Memory, is_backlog, judge, late, note
from sensorfusion.domain.device_clock.local_time import AS_UTC
from sensorfusion.ingest.senders.utc_offsets import UtcOffsets
from sensorfusion.ingest.steps.batch import Sent, Source
from sensorfusion.ingest.steps.checking import check
from sensorfusion.ingest.steps.instants import rule_of

# How long the first message of a device waits for others that show that it is late; a broker sends these in a row.
HOLD_S = 1.0
MOST_REMEMBERED = 50_000  # devices; when full, the memory is cleared, and begins again from what is stored


class Arrival(NamedTuple):
    """How a message arrived. `is_live`: nothing held it up on its way, as far as the broker shows."""

    at: datetime
    is_live: bool = False
    is_again: bool = False  # delivered once more


Following = Callable[[], Awaitable[Sequence[Heard]]]


class DeviceClocks:
    """The clocks of the devices of one worker; runs on the event loop, and takes messages in the order of arrival."""

    def __init__(self, offsets: UtcOffsets) -> None:
        self._offsets = offsets
        self._memories: dict[int, Memory] = {}
        self._learned: dict[int, tuple[int | None, int | None]] = {}  # what was learned, and the stale value before
        self._turns: dict[int, asyncio.Lock] = {}

    async def placed(
        self, source: Source, sent: Sequence[Sent], arrival: Arrival, following: Following | None = None
    ) -> Source:
        """Return the source with the offset of this message; what is learned is committed and told to all processes.

        `following` returns the messages of the device that arrived right after this one.

        :raises RequestRefused: database_away.
        """
        local = local_of(sent)
        if local is None:
            return source
        async with self._turn(source.sensor):
            if arrival.is_again:
                at = await self._as_before(self._current(source), sent, local)
            else:
                at = await self._judged(source, Heard(arrival.at, local), arrival.is_live, following)
        return replace(source, utc_offset_s=_offset_s(local, at))

    def _current(self, source: Source) -> Source:
        """Return the source with what was learned here, until the look-ups know it."""
        learned = self._learned.get(source.sensor)
        if learned is None:
            return source
        offset_s, stale = learned
        if source.utc_offset_s != stale:
            del self._learned[source.sensor]
            return source
        return replace(source, utc_offset_s=offset_s)

    async def _judged(self, source: Source, heard: Heard, is_live: bool, following: Following | None) -> datetime:
        rule, memory = rule_of(self._current(source)), await self._memory(source.sensor)
        memory.is_again = False
        verdict = judge(heard, rule, memory, is_live=is_live)
        if verdict.is_tentative and following and _is_followed(heard, await following()):
            verdict = late(heard, rule, memory)
        if verdict.rule != rule:
            await self._offsets.keep(source.sensor, verdict.rule.offset_s)
            self._learned[source.sensor] = (verdict.rule.offset_s, source.utc_offset_s)
        note(heard, rule, verdict, memory, is_live=is_live)
        return verdict.at

    async def _as_before(self, source: Source, sent: Sequence[Sent], local: datetime) -> datetime:
        """Return the instant at which a message is stored already, or else the one where it belongs."""
        rule, memory = rule_of(source), await self._memory(source.sensor)
        instants = list(dict.fromkeys((*rule.instants(local), *Rule(rule.zone).instants(local))))
        stored = await self._offsets.stored(source.sensor, instants)
        if not memory.is_again:  # the first of several, in their order; what is stored was before them
            newest = await self._offsets.newest(source.sensor)
            memory.is_again, memory.last_at = True, newest.observed_at if newest else None
        known = (at for at in instants if at in stored and _holds(stored[at], source, sent, local, at))
        memory.last_at = next(known, None) or rule.in_order(local, after=memory.last_at)
        return memory.last_at

    def _turn(self, sensor: int) -> asyncio.Lock:
        """Return the lock of a sensor, which serves in the order of arrival."""
        if len(self._turns) >= MOST_REMEMBERED:
            self._turns = {each: lock for each, lock in self._turns.items() if lock.locked()}
        return self._turns.setdefault(sensor, asyncio.Lock())

    async def _memory(self, sensor: int) -> Memory:
        if known := self._memories.get(sensor):
            return known
        newest = await self._offsets.newest(sensor)
        if len(self._memories) >= MOST_REMEMBERED:
            self._memories.clear()
        memory = self._memories[sensor] = Memory()
        if newest:
            memory.last_at = newest.observed_at
            is_in_time = abs(newest.received_at - newest.observed_at) <= timedelta(seconds=60)
            memory.in_time_at = newest.observed_at if is_in_time else None
        return memory


def local_of(sent: Sequence[Sent]) -> datetime | None:
    """Return the newest local time of a message, None if it has none or that of a clock that is not set."""
    times = [
        one.observed_at for one in sent if isinstance(one.observed_at, datetime) and one.observed_at.tzinfo is None
    ]
    newest = max(times, default=None)
    return None if newest is None or default_of(AS_UTC.in_order(newest)) else newest


def _is_followed(heard: Heard, following: Sequence[Heard]) -> bool:
    return any(is_backlog(heard, after) for after in following)


def _holds(stored: object, source: Source, sent: Sequence[Sent], local: datetime, at: datetime) -> bool:
    """Return whether stored values include those of the message."""
    placed = replace(source, utc_offset_s=_offset_s(local, at))
    drafts = [each for each in check(sent, received_at=at, source=placed).drafts if each.observed_at == at]
    return (
        bool(drafts)
        and isinstance(stored, dict)
        and all(stored.get(name) == value for draft in drafts for name, value in draft.values.items())
    )


def _offset_s(local: datetime, at: datetime) -> int:
    return round((AS_UTC.in_order(local) - at).total_seconds())
