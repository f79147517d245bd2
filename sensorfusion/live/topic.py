"""One watched sensor: how far its stream has come here, what arrived out of order, and who listens."""

from datetime import datetime
from typing import TYPE_CHECKING, Final

from sensorfusion.events.messages import StoredReading

if TYPE_CHECKING:
    from sensorfusion.live.mailbox import Mailbox

UNKNOWN: Final = -1  # nobody has read the sensor's seq yet, and nothing of it was announced
# Announcements that wait for an earlier one. More need not be kept: filling the hole brings them too.
EARLY: Final = 100
# What is kept for mailboxes that are reading the database; one that takes longer reads again.
KEPT: Final = 1_000


class Topic:
    """Accepts announced readings in any order and makes a stream without holes and repetitions of them.

    `position` is the seq the stream has come to, `known` the highest that is known to exist; the topic is behind while
    they differ. A sensor's seqs have no holes when they are written, but a stored row keeps only its latest: what was
    read from the database may skip some.
    """

    __slots__ = (
        "_early", "joining", "kept", "kept_after", "known", "late", "look_at", "mailboxes", "name", "position",
        "ready", "refusals", "sensor", "silent", "state", "uuid",
    )  # fmt: skip

    def __init__(self, sensor: int, uuid: str) -> None:
        self.sensor = sensor
        self.uuid = uuid
        self.position = UNKNOWN
        self.known = UNKNOWN
        self.ready: list[StoredReading] = []  # accepted, to be sent with the next flush
        self.mailboxes: set[Mailbox] = set()
        self.late: dict[Mailbox, int] = {}  # those who have read further than the stream has come, and to where
        self.refusals: set[Mailbox] = set()  # those who are also told of refused requests
        self.joining = 0  # how many are reading the database and will join
        self.kept: list[StoredReading] = []  # while somebody joins: everything accepted after `kept_after`
        self.kept_after = UNKNOWN
        self.name = self.state = ""  # as the followers were last told; empty before anybody judged
        self.look_at: datetime | None = None  # when the state changes if nothing more comes
        self.silent = False  # late or offline when last judged: the next reading is news
        self._early: dict[int, StoredReading] = {}

    @property
    def is_behind(self) -> bool:
        return self.known > self.position

    @property
    def is_watched(self) -> bool:
        return bool(self.mailboxes or self.late or self.joining)

    def accept(self, reading: StoredReading) -> bool:
        """Take an announced reading; say whether there is something to send."""
        if reading.seq == self.position + 1:
            self._take(reading)
            if self._early:
                self._take_early()
            return True
        return self._accept_out_of_order(reading)

    def fill(self, found: list[StoredReading], *, upto: int, believed: int | None = None) -> bool:
        """Take what the database has after `position`, complete to `upto`; say whether there is something to send.

        `believed` comes with the last page: the `known` of when the database was asked. What it does not have of that
        does not exist; what was announced since may.
        """
        for reading in found:
            if reading.seq > self.position:
                self._take(reading)
        self.position = max(self.position, upto)
        self._take_early()
        if believed is not None and self.known <= believed:
            self.known = self.position
        return bool(self.ready)

    def skip(self, *, to: int) -> None:
        """Go on from a later seq without what lies between."""
        self.position = to
        self.kept, self.kept_after = [], to
        self._take_early()

    def start(self, seq: int) -> None:
        """Begin, or begin afresh, at the seq that the database has."""
        self.position = self.known = self.kept_after = seq
        self.kept, self._early = [], {}

    def hold(self) -> None:
        """Keep what is accepted from now on, for somebody who begins to read the database."""
        if not self.joining:
            self.kept, self.kept_after = [], self.position
        self.joining += 1

    def release(self) -> None:
        self.joining -= 1
        if not self.joining:
            self.kept = []

    def _accept_out_of_order(self, reading: StoredReading) -> bool:
        if self.position == UNKNOWN:
            self.position = self.kept_after = reading.seq - 1
            self._take(reading)
            return True
        # Our own coming back from another process, or what the database has filled in already.
        if reading.seq <= self.position:
            return False
        self.known = max(self.known, reading.seq)
        if len(self._early) < EARLY:
            self._early[reading.seq] = reading
        return False

    def _take(self, reading: StoredReading) -> None:
        self.position = reading.seq
        self.ready.append(reading)
        if self.joining:
            self.kept.append(reading)
            if len(self.kept) > KEPT:
                self.kept_after = self.kept[KEPT // 2].seq
                del self.kept[: KEPT // 2 + 1]

    def _take_early(self) -> None:
        self._early = {seq: reading for seq, reading in self._early.items() if seq > self.position}
        while (reading := self._early.pop(self.position + 1, None)) is not None:
            self._take(reading)
