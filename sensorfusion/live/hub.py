"""The followers in this process, and the distribution of every stored reading to them.

There is one hub per process, on its event loop; it depends on neither Django nor the database. The writer publishes
each batch to it after COMMIT, the relay those of other processes. Per watched sensor a topic puts the arriving readings
in order without gaps (`topic.py`); the hub encodes each frame once, and all sockets that follow the same of the touched
sensors share it.

The first batch after a quiet period is sent at once. While batches come faster than one per tick they are coalesced,
because a frame costs the same with one reading as with a hundred; and the next flush waits at least as long as the last
one took, so that sending uses at most half of the loop's time.
"""

import asyncio
import logging
import time
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final, Protocol

from sensorfusion.events import tasks
from sensorfusion.events.messages import Noticed, ReadingsRefused, StoredReading
from sensorfusion.live import protocol
from sensorfusion.live.counts import Counts
from sensorfusion.live.mailbox import Mailbox
from sensorfusion.live.protocol import CloseCode, Frame
from sensorfusion.live.topic import UNKNOWN, Topic

TICK_S: Final = 0.02  # 50 frames a second look continuous
# Announcements of two processes may arrive out of order by the network's delay; a hole older than this is a loss.
GRACE_S: Final = 0.05
RETRY_S: Final = 1.0
GOODBYE_S: Final = 2.0

_log = logging.getLogger(__name__)


class DatabaseAway(Exception):
    """The database did not answer; retry later."""


@dataclass(frozen=True, slots=True)
class Page:
    """Readings of one sensor after some seq, oldest first, complete up to `upto`."""

    readings: list[StoredReading]
    upto: int
    is_last: bool  # nothing newer was stored when this was read


class History(Protocol):
    """The database queries the hub needs."""

    async def changes(self, after: Mapping[int, int]) -> dict[int, Page]:
        """Return a page of changes after a seq for each of these sensors, without deleted ones.

        :raises DatabaseAway: if there is no answer.
        """

    async def seqs(self, sensors: Iterable[int]) -> dict[int, int]:
        """Return the newest seq of each of these sensors in the database.

        :raises DatabaseAway: if there is no answer.
        """


@dataclass(slots=True)
class Pace:
    """Send interval and grace period of the hub; tests shorten them."""

    tick_s: float = TICK_S
    grace_s: float = GRACE_S
    retry_s: float = RETRY_S
    clock: Callable[[], float] = field(default=time.perf_counter)


class Hub:
    """Delivers stored readings to the mailboxes that follow their sensors."""

    def __init__(self, history: History, *, counts: Counts | None = None, pace: Pace | None = None) -> None:
        self.counts = counts or Counts()
        self.topics: dict[int, Topic] = {}
        self.on_stir: Callable[[int], None] = lambda sensor: None  # called when a silent sensor sends something
        self._history = history
        self._pace = pace or Pace()
        self._mailboxes: set[Mailbox] = set()
        self._touched: dict[int, Topic] = {}
        self._timer: asyncio.TimerHandle | None = None
        self._quiet_at = 0.0
        self._behind: set[int] = set()
        self._mending: asyncio.Task[None] | None = None

    # Sockets connect, follow sensors, and disconnect

    def welcome(self, mailbox: Mailbox) -> None:
        self._mailboxes.add(mailbox)
        self.counts.sockets = len(self._mailboxes)

    def farewell(self, mailbox: Mailbox) -> None:
        self._mailboxes.discard(mailbox)
        self.counts.sockets = len(self._mailboxes)

    def hold(self, sensors: Mapping[int, str]) -> None:
        """Keep readings of these sensors (id: public name) until `release`, while the caller reads the database."""
        for sensor, uuid in sensors.items():
            topic = self.topics.get(sensor)
            if topic is None:
                topic = self.topics[sensor] = Topic(sensor, uuid)
            topic.hold()

    def release(self, sensors: Iterable[int]) -> None:
        """End a `hold`."""
        for sensor in sensors:
            topic = self.topics[sensor]
            topic.release()
            self._drop_if_unwatched(topic)

    def join(self, mailbox: Mailbox, sensor: int, seq: int) -> bool:
        """Deliver everything after `seq` to the mailbox, which has everything before it; the sensor must be held.

        Return False if `seq` is older than what was kept: the caller must read the database again.
        """
        topic = self.topics[sensor]
        self.flush()  # the existing followers get the pending readings; for this mailbox `kept` has them
        if topic.position == UNKNOWN:
            topic.start(seq)
        if seq < topic.kept_after:
            return False
        if seq > topic.position:  # committed, but its announcement has not arrived yet
            topic.late[mailbox] = seq
            self.notice(sensor, seq)
            return True
        for frame in protocol.in_frames([reading for reading in topic.kept if reading.seq > seq]):
            mailbox.deliver(frame)
        topic.mailboxes.add(mailbox)
        return True

    def leave(self, mailbox: Mailbox, sensor: int) -> None:
        topic = self.topics.get(sensor)
        if topic is not None:
            topic.mailboxes.discard(mailbox)
            topic.refusals.discard(mailbox)
            topic.late.pop(mailbox, None)
            self._drop_if_unwatched(topic)

    def _drop_if_unwatched(self, topic: Topic) -> None:
        if not topic.is_watched:
            del self.topics[topic.sensor]
            self._touched.pop(topic.sensor, None)

    # Readings arrive

    def publish(self, batch: Sequence[StoredReading]) -> None:
        """Distribute stored readings of any process; call after COMMIT, in any order; duplicates are allowed."""
        topics, touched = self.topics, self._touched
        for reading in batch:
            topic = topics.get(reading.sensor)
            if topic is None:
                continue
            if topic.accept(reading):
                touched[reading.sensor] = topic
                if topic.silent:
                    self.on_stir(reading.sensor)
            if topic.known > topic.position:
                self._mend_soon(topic)
        if touched and self._timer is None:
            self._flush_in_time()

    def notice(self, sensor: int, seq: int) -> None:
        """Record the database's seq; announcements that do not arrive within the grace period are fetched."""
        topic = self.topics.get(sensor)
        if topic is not None and seq > topic.position:
            topic.known = max(topic.known, seq)
            self._mend_soon(topic)

    def _flush_in_time(self) -> None:
        loop = asyncio.get_running_loop()
        if loop.time() >= self._quiet_at:
            self.flush()
        else:
            self._timer = loop.call_at(self._quiet_at, self._tick)

    def _tick(self) -> None:
        self._timer = None
        self.flush()

    # Frames are sent

    def flush(self) -> None:
        """Send all pending readings."""
        if not self._touched:
            return
        started = self._pace.clock()
        touched, self._touched = self._touched, {}
        if len(touched) == 1:
            ((_, topic),) = touched.items()
            self._send_one(topic)
        else:
            self._send_many(touched.values())
        for topic in touched.values():
            if topic.late:
                self._admit(topic)
            topic.ready = []
        took_s = self._pace.clock() - started
        self._quiet_at = asyncio.get_running_loop().time() + max(self._pace.tick_s - took_s, took_s)

    def _send_one(self, topic: Topic) -> None:
        if len(topic.ready) == 1:  # nearly always
            self._send(protocol.readings(topic.ready), topic.mailboxes)
            return
        for frame in protocol.in_frames(topic.ready):
            self._send(frame, topic.mailboxes)

    def _send_many(self, touched: Iterable[Topic]) -> None:
        followed: dict[Mailbox, list[Topic]] = {}
        for topic in touched:
            for mailbox in topic.mailboxes:
                if mailbox in followed:
                    followed[mailbox].append(topic)
                else:
                    followed[mailbox] = [topic]
        shared: dict[tuple[Topic, ...], list[Mailbox]] = {}
        for mailbox, topics in followed.items():
            shared.setdefault(tuple(topics), []).append(mailbox)
        for key, mailboxes in shared.items():
            for frame in protocol.in_frames([reading for topic in key for reading in topic.ready]):
                self._send(frame, mailboxes)

    def _send(self, frame: Frame, mailboxes: Iterable[Mailbox]) -> None:
        self.counts.frames += 1
        sent, octets = 0, frame.octets
        for mailbox in mailboxes:
            straight = mailbox.straight
            if straight is None:
                mailbox.deliver(frame)
            else:
                straight(octets)
                mailbox.frames += 1
            sent += 1
        self.counts.delivered += sent

    def _admit(self, topic: Topic) -> None:
        """Move mailboxes from `late` to the followers once the topic has reached their seq."""
        for mailbox, seq in list(topic.late.items()):
            for frame in protocol.in_frames([reading for reading in topic.ready if reading.seq > seq]):
                mailbox.deliver(frame)
            if topic.position >= seq:
                del topic.late[mailbox]
                topic.mailboxes.add(mailbox)

    def tell(self, sensor: int, frame: Frame) -> None:
        """Send a message about a sensor to its followers, after the readings published so far."""
        self.flush()
        topic = self.topics.get(sensor)
        if topic is not None:
            self._send(frame, [*topic.mailboxes, *topic.late])

    def tell_refused(self, event: ReadingsRefused) -> None:
        """Show a refused request to the operators who are setting the sensor up."""
        topic = self.topics.get(event.sensor)
        if topic is not None and topic.refusals:
            self._send(protocol.refused(topic.uuid, event), topic.refusals)

    def tell_noticed(self, event: Noticed) -> None:
        """Show what was not understood to the same operators."""
        topic = self.topics.get(event.sensor)
        if topic is not None and topic.refusals:
            self._send(protocol.noticed(topic.uuid, event), topic.refusals)

    # Holes are filled

    def _mend_soon(self, topic: Topic) -> None:
        self._behind.add(topic.sensor)
        if self._mending is None:
            self._mending = asyncio.create_task(self._mend(), name="live mending")

    async def _mend(self) -> None:
        """Fetch announcements that did not arrive within the grace period; ends when no topic is behind."""
        try:
            while self._behind:
                suspects = set(self._behind)
                await asyncio.sleep(self._pace.grace_s)
                behind = [topic for sensor in suspects if (topic := self.topics.get(sensor)) and topic.is_behind]
                self._behind -= suspects - {topic.sensor for topic in behind}
                if behind:
                    await self._fill_or_wait(behind)
        finally:
            self._mending = None

    async def _fill_or_wait(self, behind: list[Topic]) -> None:
        try:
            await self._fill(behind)
        except DatabaseAway as error:
            _log.warning("The live stream waits for the database: %s", error)
            await asyncio.sleep(self._pace.retry_s)

    async def _fill(self, behind: list[Topic]) -> None:
        self.counts.holes += len(behind)
        for topic in behind:
            self._skip_what_is_too_much(topic)
        believed = {topic: topic.known for topic in behind}
        pages = await self._history.changes({topic.sensor: topic.position for topic in behind})
        for topic in behind:
            page, before = pages.get(topic.sensor), topic.position
            if self.topics.get(topic.sensor) is not topic:  # its last follower left meanwhile
                continue
            if page is None:  # deleted
                self._behind.discard(topic.sensor)
            elif topic.fill(page.readings, upto=page.upto, believed=believed[topic] if page.is_last else None):
                self._touched[topic.sensor] = topic
            elif topic.position > before:  # readings were excluded, restored or deleted, which is all that changed
                for mailbox in topic.mailboxes:
                    mailbox.leave_out(topic.sensor, after=before, until=topic.position)
        self.flush()

    def _skip_what_is_too_much(self, topic: Topic) -> None:
        position, oldest = topic.position, topic.known - protocol.CATCH_UP_READINGS
        if oldest <= position:
            return
        self.flush()
        for mailbox in topic.mailboxes:
            mailbox.leave_out(topic.sensor, after=position, until=oldest)
        for mailbox, seq in topic.late.items():
            if seq < oldest:
                mailbox.leave_out(topic.sensor, after=seq, until=oldest)
        topic.skip(to=oldest)
        self._touched[topic.sensor] = topic
        self.flush()

    async def compare(self, sensors: Collection[int] | None = None) -> None:
        """Compare topics, by default all, with the database: fetch missing changes, restart topics where it is older.

        :raises DatabaseAway: if there is no answer.
        """
        before = {each: topic.position for each, topic in self.topics.items() if sensors is None or each in sensors}
        for sensor, seq in (await self._history.seqs(before)).items():
            if (
                seq < before[sensor]
            ):  # the position follows commits, so only a restored or replaced database can be behind it
                self._start_afresh(sensor, seq)
            else:
                self.notice(sensor, seq)

    def _start_afresh(self, sensor: int, seq: int) -> None:
        topic = self.topics.get(sensor)
        if topic is not None:
            topic.start(seq)
            for mailbox in [*topic.mailboxes, *topic.late]:
                mailbox.end(CloseCode.RESTART)

    # Shutdown

    async def close(self) -> None:
        """Send what is pending and queued, for two seconds at most, and close every socket."""
        if self._timer is not None:
            self._timer.cancel()
        self.flush()
        mailboxes = list(self._mailboxes)
        for mailbox in mailboxes:
            mailbox.end(CloseCode.RESTART, after_queue=True)
        last_words = [asyncio.ensure_future(mailbox.finished()) for mailbox in mailboxes]
        if last_words:
            await asyncio.wait(last_words, timeout=GOODBYE_S)
        await asyncio.gather(*(mailbox.stop() for mailbox in mailboxes), *last_words)
        if self._mending is not None:
            await tasks.end([self._mending])
